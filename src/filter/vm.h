// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
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
    void take_up(const Program& program);
    void forget_names(const Program& program);
    void find_candidates(const Program& program, const field::Context& context);
    void find_steady(const Program& program, const field::Context& context);
    void find_texts(const std::vector<GuardIndex::Texts>& texts, const Program& program,
                    const field::Context& context, RuleBits& found);
    bool execute(const Program& program, const field::Context& context, MatchMode mode,
                 std::uint32_t rule, std::vector<std::uint32_t>& matches);
    bool test(const Program& program, const field::Context& context, const Instruction& code);
    field::Values values(const Program& program, const field::Context& context, std::uint32_t slot);
    field::Values make(const Program& program, const field::Context& context, const Slot& slot);
    field::Values make_list(const Program& program, const field::Context& context,
                            const Slot& slot);
    field::Values make_call(const Program& program, const field::Context& context,
                            const Slot& slot);

    // The rules that the guards of steady slots found, in the program that ran last: they find the
    // same as long as image and comm are the same.
    struct Steady {
        bool known = false;
        std::shared_ptr<const state::Image> image;  // kept, so that no other has its address
        std::array<char, sizeof(saker_record::comm)> comm{};
        RuleBits rules;
    };

    std::uint64_t program_ = 0;  // serial of the one that ran last
    Steady steady_;
    // Of the event at hand. A memo is valid if it carries it: nothing is cleared between events.
    std::uint64_t generation_ = 0;
    std::vector<SlotMemo> slots_;
    std::vector<std::uint64_t> tests_;  // generation * 2 + result
    RuleBits candidates_;               // empty between two runs
};

}  // namespace saker::filter
