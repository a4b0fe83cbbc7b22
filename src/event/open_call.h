// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "event/event.h"

// How the calls of the open family (trait kOpens) were asked to open a file.
namespace saker::event {

// The kernel's O_* flags, wherever the call has them; those that creat stands for. 0 for other
// events, and for an openat2 whose struct could not be read.
std::uint64_t open_flags(const Event& event);

// Read, write or both: from the access mode. O_TMPFILE and the like need no rights of their own.
bool opens_for_reading(std::uint64_t flags);
bool opens_for_writing(std::uint64_t flags);

// The permission bits of a file that the call may have created; 0 if it could not create one (the
// argument is then whatever the register held).
std::uint32_t open_mode(const Event& event);

}  // namespace saker::event
