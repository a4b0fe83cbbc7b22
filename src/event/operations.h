// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <ranges>
#include <span>
#include <string_view>

#include "event/table.h"

// What calls do to names of files (include/saker/operations.def), as data: constant, free to be
// read by any thread.
namespace saker::event {

// Bits of enum saker_operation.
using Operations = std::uint32_t;

constexpr Operations bit(saker_operation operation) {
    return Operations{1} << operation;
}

struct OperationInfo {
    saker_operation operation;
    std::string_view name;      // also of the program in bpf/names.bpf.c
    std::string_view function;  // of the kernel, which is told the names
};

// All of them, by number.
std::span<const OperationInfo> operations();

const OperationInfo& info(saker_operation operation);

// Those of a set.
inline auto operations_in(Operations set) {
    return operations() | std::views::filter([set](const OperationInfo& row) {
               return (set & bit(row.operation)) != 0;
           });
}

// The operations in which calls of that type can end; 0 for most events.
Operations operations(EventType type);

}  // namespace saker::event
