// SPDX-License-Identifier: Apache-2.0
#include "event/real_name.h"

#include "event/name.h"
#include "event/operations.h"

namespace saker::event {
namespace {

constexpr std::size_t kToldCaptures = 2;  // operations.def

}  // namespace

std::optional<std::string_view> real_name(const Event& event, std::size_t slot, char* buffer) {
    const Bytes real = event.real(slot);
    if (real.empty()) return std::nullopt;
    if (event.info().captures[slot].kind == SAKER_CAPTURE_STRING) return text_in(real);
    return walked_name(real, false, buffer);
}

bool may_have_real_name(EventType type, std::size_t slot) {
    return slot < kToldCaptures && operations(type) != 0;
}

}  // namespace saker::event
