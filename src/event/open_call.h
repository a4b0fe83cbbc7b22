// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "event/event.h"

// How the calls of the open family (trait kOpens) were asked to open a file, and how they did.
namespace saker::event {

// What was asked: the kernel's O_* flags, wherever the call has them; those that creat stands for.
// 0 for other events, and for an openat2 whose struct could not be read. That struct is read when
// the call returns: another thread may have rewritten it since the kernel looked.
std::uint64_t open_flags(const Event& event);

// What the file was opened with: its f_flags, which the kernel filter decides by too. With O_PATH
// the kernel drops the access mode; flags that only say how to open (O_CREAT, O_TRUNC, ...) are not
// kept. What was asked, where no file was opened or none is known.
std::uint64_t opened_flags(const Event& event);

// Read, write or both: from the access mode. O_TMPFILE and the like need no rights of their own.
bool opens_for_reading(std::uint64_t flags);
bool opens_for_writing(std::uint64_t flags);

// The permission bits of a file that the call may have created; 0 if it could not create one (the
// argument is then whatever the register held).
std::uint32_t open_mode(const Event& event);

// Whether the call made the file that it opened, as the kernel says: with O_CREAT where there was
// none, or with O_TMPFILE.
bool creates_file(const Event& event);

// The permission bits of the file that the call made; 0 if it made none.
std::uint32_t created_mode(const Event& event);

}  // namespace saker::event
