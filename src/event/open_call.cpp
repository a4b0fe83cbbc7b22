// SPDX-License-Identifier: Apache-2.0
#include "event/open_call.h"

#include <fcntl.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "event/raw.h"

namespace saker::event {
namespace {

constexpr std::uint64_t kTmpfile = 020000000;  // __O_TMPFILE of the kernel, without O_DIRECTORY
constexpr std::uint32_t kPermissions = 07777;

std::uint64_t number_of(const Event& event, const ParamInfo& param) {
    return raw_number(event, param).value_or(0);
}

// Where the records of one event type have what open_call.h tells.
struct OpenPlaces {
    const ParamInfo* flags = nullptr;  // the parameter that holds open's flags
    std::optional<std::size_t> fd;     // the capture of the descriptor that is returned
};

OpenPlaces places_of(const EventInfo& info) {
    OpenPlaces places;
    if (!info.has(kOpens)) return places;
    const auto flags = std::ranges::find(info.params, ParamType::kOpenFlags, &ParamInfo::type);
    if (flags != info.params.end()) places.flags = &*flags;
    places.fd = returned_fd_slot(info);
    return places;
}

const OpenPlaces& places(EventType type) {
    static const std::vector<OpenPlaces> all = [] {
        std::vector<OpenPlaces> rows;
        for (const EventInfo& info : events()) rows.push_back(places_of(info));
        return rows;
    }();
    return all[type];
}

// The file that the call has opened. In the place of a result that is not known stands a promise,
// which says nothing of the file.
std::optional<Event::Fd> opened_file(const Event& event) {
    const auto slot = places(event.type()).fd;
    const bool has_result = (event.header().flags & SAKER_NO_RESULT) == 0;
    if (!slot || !has_result || event.ret() < 0) return std::nullopt;
    return event.fd(*slot);
}

bool may_create(std::uint64_t flags) {
    return (flags & (O_CREAT | kTmpfile)) != 0;
}

}  // namespace

std::uint64_t open_flags(const Event& event) {
    if (event.type() == SAKER_EVENT_creat) return O_CREAT | O_WRONLY | O_TRUNC;
    const ParamInfo* flags = places(event.type()).flags;
    if (flags == nullptr) return 0;
    // Asked for every file that is opened: nearly always, the flags are an argument.
    if (flags->source.kind == SourceKind::kArg) {
        return static_cast<std::uint32_t>(event.header().args[flags->source.a]);
    }
    return number_of(event, *flags);
}

std::uint64_t opened_flags(const Event& event) {
    const auto file = opened_file(event);
    return file ? file->facts.open_flags : open_flags(event);
}

bool opens_for_reading(std::uint64_t flags) {
    const std::uint64_t access = flags & O_ACCMODE;
    return access == O_RDONLY || access == O_RDWR;
}

bool opens_for_writing(std::uint64_t flags) {
    const std::uint64_t access = flags & O_ACCMODE;
    return access == O_WRONLY || access == O_RDWR;
}

std::uint32_t open_mode(const Event& event) {
    if (!may_create(open_flags(event))) return 0;
    const auto mode = find_param(event.info(), "mode");
    if (!mode) return 0;
    return static_cast<std::uint32_t>(number_of(event, event.info().params[*mode])) & kPermissions;
}

bool creates_file(const Event& event) {
    if (event.ret() < 0) return false;
    const auto file = opened_file(event);
    const bool is_new = file && (file->facts.flags & SAKER_FD_CREATED) != 0;
    return is_new || (opened_flags(event) & kTmpfile) != 0;
}

std::uint32_t created_mode(const Event& event) {
    const auto file = opened_file(event);
    return file && creates_file(event) ? file->facts.mode & kPermissions : 0;
}

}  // namespace saker::event
