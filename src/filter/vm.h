// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "field/context.h"
#include "field/value.h"
#include "filter/program.h"

// Runs programs.
namespace saker::filter {

enum class MatchMode : std::uint8_t { kFirst, kAll };

// The memory of one event's evaluation: which values were extracted, which shared tests were
// answered. One for each thread that evaluates; it serves all programs. Allocates only when it
// meets a program larger than any before (and where a regular expression or a field does).
class Vm {
public:
    // Runs a program on an event and appends the numbers of the rules that matched to `matches`,
    // in the order of the program; at most one with kFirst. Values live in `context.scratch`,
    // which the caller resets between events.
    void run(const Program& program, const field::Context& context, MatchMode mode,
             std::vector<std::uint32_t>& matches);

    // A second pass over the same event with another `context.names`, directly after run() of the
    // same program: evaluates only the rules that test a file's name (program.reads_file_names())
    // and are not in `matches` yet, and appends those that match now; at most one with kFirst.
    // What does not depend on the name is not extracted or tested again.
    void run_again(const Program& program, const field::Context& context, MatchMode mode,
                   std::vector<std::uint32_t>& matches);

private:
    struct SlotMemo {
        std::uint64_t generation = 0;
        field::Values values;
    };

    void begin(const Program& program);
    void grow(const Program& program);
    void forget_names(const Program& program);
    void find_candidates(const Program& program, const field::Context& context);
    bool execute(const Program& program, const field::Context& context, MatchMode mode,
                 std::uint32_t rule, std::vector<std::uint32_t>& matches);
    bool test(const Program& program, const field::Context& context, const Instruction& code);
    field::Values values(const Program& program, const field::Context& context, std::uint32_t slot);
    field::Values extract(const Program& program, const field::Context& context, const Slot& slot);
    field::Values extract_list(const Program& program, const field::Context& context,
                               const Slot& slot);
    field::Values extract_call(const Program& program, const field::Context& context,
                               const Slot& slot);

    // Of the event at hand. A memo is valid if it carries it: nothing is cleared between events.
    std::uint64_t generation_ = 0;
    std::vector<SlotMemo> slots_;
    std::vector<std::uint64_t> tests_;  // generation * 2 + result
    RuleBits candidates_;
};

}  // namespace saker::filter
