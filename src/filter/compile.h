// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "event/kernel_filter.h"
#include "event/table.h"
#include "filter/ast.h"
#include "filter/program.h"

// Conditions -> bytecode.
namespace saker::filter {

struct RuleCondition {
    std::uint32_t rule = 0;           // what a match is reported as
    const Expr* condition = nullptr;  // checked
};

// Compiles all rules for one type of event into one program, which runs them in the given order.
// Rules that can never match such an event are left out; a program without rules is empty().
//
// `cache` lets the programs of several event types share their constants (sets, patterns); it may
// be dropped once all are compiled.
//
// `filter` is made to let pass what the rules may match.
Program compile(event::EventType type, std::span<const RuleCondition> rules,
                ConstantCache* cache = nullptr, event::KernelFilter* filter = nullptr);

}  // namespace saker::filter
