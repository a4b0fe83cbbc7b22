// SPDX-License-Identifier: Apache-2.0
#include "field/file_names.h"

#include "event/fd.h"
#include "event/name.h"
#include "field/event_file.h"

namespace saker::field {

namespace {

std::string_view find_asked_name(const Context& context) {
    const int slot = opened_path_slot(context.event->type());
    if (slot < 0) return {};
    const auto path = context.event->path(static_cast<std::size_t>(slot));
    if (!path) return {};
    return event::asked_name(*path, context.scratch->bytes(event::asked_bound(*path)));
}

// Files, directories and devices: what opens mostly give.
bool has_path(const event::Event::Fd& fd) {
    return fd.facts.type >= SAKER_FD_FILE && fd.facts.type <= SAKER_FD_BLOCK &&
           (fd.facts.flags & SAKER_FD_CUT) == 0;
}

std::string_view find_real_name(const Context& context) {
    const auto fd = event_fd(*context.event);
    if (!fd) return {};
    if (has_path(*fd) && event::is_name_of(fd->rest, context.asked_name)) return context.asked_name;
    char* buffer = context.scratch->bytes(event::walked_bound(fd->rest));
    return event::real_path(*fd, buffer).value_or(std::string_view{});
}

}  // namespace

void find_file_names(Context& context) {
    context.asked_name = {};
    context.real_name = {};
    if (!context.event->info().has(event::kOpens)) return;
    context.asked_name = find_asked_name(context);
    context.real_name = find_real_name(context);
}

std::string_view file_name(const Context& context) {
    const bool real =
        context.names == NameView::kReal ? !context.real_name.empty() : context.asked_name.empty();
    return real ? context.real_name : context.asked_name;
}

}  // namespace saker::field
