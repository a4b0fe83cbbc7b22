// SPDX-License-Identifier: Apache-2.0
#include "event/open_call.h"

#include <fcntl.h>

#include <algorithm>
#include <vector>

#include "event/raw.h"

namespace saker::event {
namespace {

constexpr std::uint64_t kTmpfile = 020000000;  // __O_TMPFILE of the kernel, without O_DIRECTORY
constexpr std::uint32_t kPermissions = 07777;

std::uint64_t number_of(const Event& event, const ParamInfo& param) {
    return raw_number(event, param).value_or(0);
}

// The parameter of an event type that holds open's flags; nullptr if it has none.
const ParamInfo* flags_param(EventType type) {
    static const std::vector<const ParamInfo*> all = [] {
        std::vector<const ParamInfo*> rows;
        for (const EventInfo& info : events()) {
            const auto found =
                std::ranges::find(info.params, ParamType::kOpenFlags, &ParamInfo::type);
            const bool has_flags = info.has(kOpens) && found != info.params.end();
            rows.push_back(has_flags ? &*found : nullptr);
        }
        return rows;
    }();
    return all[type];
}

}  // namespace

std::uint64_t open_flags(const Event& event) {
    if (event.type() == SAKER_EVENT_creat) return O_CREAT | O_WRONLY | O_TRUNC;
    const ParamInfo* flags = flags_param(event.type());
    if (flags == nullptr) return 0;
    // Asked for every file that is opened: nearly always, the flags are an argument.
    if (flags->source.kind == SourceKind::kArg) {
        return static_cast<std::uint32_t>(event.header().args[flags->source.a]);
    }
    return number_of(event, *flags);
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
    if ((open_flags(event) & (O_CREAT | kTmpfile)) == 0) return 0;
    const auto mode = find_param(event.info(), "mode");
    if (!mode) return 0;
    return static_cast<std::uint32_t>(number_of(event, event.info().params[*mode])) & kPermissions;
}

}  // namespace saker::event
