// SPDX-License-Identifier: Apache-2.0
#include "field/file_names.h"

#include "event/fd.h"
#include "event/name.h"
#include "event/operations.h"
#include "event/real_name.h"
#include "field/event_file.h"

namespace saker::field {

namespace {

// Files, directories and devices: what opens mostly give.
bool has_path(const event::Event::Fd& fd) {
    return fd.facts.type >= SAKER_FD_FILE && fd.facts.type <= SAKER_FD_BLOCK &&
           (fd.facts.flags & SAKER_FD_CUT) == 0;
}

std::string_view find_real_name(const Context& context) {
    if (!context.fd) return {};
    char* buffer = context.scratch->bytes(event::walked_bound(context.fd->rest));
    return event::real_path(*context.fd, buffer).value_or(std::string_view{});
}

std::optional<event::Event::Path> opened_path(const event::Event& event) {
    const int slot = opened_path_slot(event.type());
    return slot < 0 ? std::nullopt : event.path(static_cast<std::size_t>(slot));
}

// Most files are asked for by their real names: then one of the two is made.
bool is_real_name(const event::Event::Path& path, const event::Event::Fd& fd) {
    return has_path(fd) && event::is_name_of(fd.rest, path);
}

std::string_view real_name(const event::Event::Path& path, const event::Event::Fd& fd,
                           Scratch& scratch) {
    if (path.asked.starts_with('/')) return path.asked;
    return event::walked_name(fd.rest, false, scratch.bytes(event::walked_bound(fd.rest)));
}

// True if there are two, and they differ.
bool find_opened_names(Context& context) {
    const auto path = opened_path(*context.event);
    if (path && context.fd && is_real_name(*path, *context.fd)) {
        context.asked_name = context.real_name = real_name(*path, *context.fd, *context.scratch);
        return false;
    }
    if (path) {
        char* buffer = context.scratch->bytes(event::asked_bound(*path));
        context.asked_name = event::asked_name(*path, buffer);
    }
    context.real_name = find_real_name(context);
    return !context.asked_name.empty() && !context.real_name.empty() &&
           context.real_name != context.asked_name;
}

std::string_view asked_name(const Context& context, std::size_t slot) {
    const event::Event& event = *context.event;
    if (event.info().captures[slot].kind == SAKER_CAPTURE_STRING) return event.text(slot);
    const auto path = event.path(slot);
    if (!path) return {};
    return event::asked_name(*path, context.scratch->bytes(event::asked_bound(*path)));
}

std::optional<std::string_view> told_name(const Context& context, std::size_t slot) {
    char* buffer = context.scratch->bytes(event::real_name_bound(*context.event, slot));
    return event::real_name(*context.event, slot, buffer);
}

// Most calls name a file by its real name, which is told without making both.
bool differs(const Context& context, std::size_t slot) {
    const event::Bytes real = context.event->real(slot);
    if (real.empty()) return false;
    const std::string_view asked = asked_name(context, slot);
    return !event::is_name_of(real, asked) && told_name(context, slot) != asked;
}

bool has_told_names(const event::Event& event) {
    return event::operations(event.type()) != 0 && (event.header().flags & SAKER_REAL_NAMES) != 0;
}

bool has_two_names(const Context& context) {
    if (!has_told_names(*context.event)) return false;
    const std::size_t captures = context.event->info().captures.size();
    for (std::size_t slot = 0; slot < captures; ++slot) {
        if (differs(context, slot)) return true;
    }
    return false;
}

}  // namespace

void find_file(Context& context) {
    context.fd = event_fd(*context.event);
    context.asked_name = {};
    context.real_name = {};
    const bool opens = context.event->info().has(event::kOpens);
    context.has_two_names = opens ? find_opened_names(context) : has_two_names(context);
}

std::string_view path_name(const Context& context, std::size_t slot) {
    if (has_told_names(*context.event)) {
        const auto real = told_name(context, slot);
        if (real && context.names == NameView::kReal) return *real;
        const std::string_view asked = asked_name(context, slot);
        return asked.empty() && real ? *real : asked;
    }
    return asked_name(context, slot);
}

std::string_view real_path_name(const Context& context, std::size_t slot) {
    return told_name(context, slot).value_or(std::string_view{});
}

}  // namespace saker::field
