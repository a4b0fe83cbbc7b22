// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "event/event.h"
#include "event/name.h"

// The truth about names that a call takes as text (record.h: SAKER_REAL): what the kernel used when
// it acted, where it told it. Open calls have theirs in the opened descriptor (event/fd.h).
namespace saker::event {

inline std::size_t real_name_bound(const Event& event, std::size_t slot) {
    return walked_bound(event.real(slot));
}

// What the kernel used for capture `slot`: of a path the real name (event/name.h: walked_name), of
// a string the kernel's copy. nullopt where nothing is known. Writes up to real_name_bound bytes;
// the result lies in the buffer or in the record.
std::optional<std::string_view> real_name(const Event& event, std::size_t slot, char* buffer);

// True if the kernel may tell real names of events of that type for capture `slot`.
bool may_have_real_name(EventType type, std::size_t slot);

}  // namespace saker::event
