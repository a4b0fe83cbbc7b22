// SPDX-License-Identifier: Apache-2.0
#include "event/open_call.h"

#include <fcntl.h>

#include <algorithm>

#include "event/raw.h"

namespace saker::event {
namespace {

constexpr std::uint64_t kTmpfile = 020000000;  // __O_TMPFILE of the kernel, without O_DIRECTORY
constexpr std::uint32_t kPermissions = 07777;

std::uint64_t number_of(const Event& event, const ParamInfo& param) {
    return raw_number(event, param).value_or(0);
}

}  // namespace

std::uint64_t open_flags(const Event& event) {
    if (event.type() == SAKER_EVENT_creat) return O_CREAT | O_WRONLY | O_TRUNC;
    if (!event.info().has(kOpens)) return 0;
    const auto params = event.info().params;
    const auto flags = std::ranges::find(params, ParamType::kOpenFlags, &ParamInfo::type);
    return flags == params.end() ? 0 : number_of(event, *flags);
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
