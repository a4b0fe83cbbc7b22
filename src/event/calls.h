// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "saker/record.h"

// Every way in which a program can make the calls of the table: by x86-64's numbers, by ia32's and
// by x32's (include/saker/compat.def). Constant; any thread may read it.
namespace saker::event {

struct Call {
    saker_abi abi;
    std::uint16_t number;  // of that ABI, without x32's bit; of a part: what the program says
    std::uint16_t index;   // where the kernel side looks for it: record.h, SAKER_CALLS_*
    saker_syscall descriptor;

    // Chosen by the first argument of socketcall() or ipc(), and not by a number.
    bool is_part() const { return index >= SAKER_CALLS_SOCKETCALL; }
};

// In the order of `index`.
std::span<const Call> calls();

}  // namespace saker::event
