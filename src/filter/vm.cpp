// SPDX-License-Identifier: Apache-2.0
#include "filter/vm.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "filter/predicate.h"
#include "filter/transformers.h"

namespace saker::filter {

using field::Context;
using field::Values;

void Vm::run(const Program& program, const Context& context, MatchMode mode,
             std::vector<std::uint32_t>& matches) {
    if (program.empty()) return;
    begin(program);
    find_candidates(program, context);
    candidates_.take_with(program.guards.unguarded, [&](std::uint32_t rule) {
        return execute(program, context, mode, rule, matches);
    });
}

void Vm::run_again(const Program& program, const Context& context, MatchMode mode,
                   std::vector<std::uint32_t>& matches) {
    if (!program.reads_file_names()) return;
    forget_names(program);
    find_candidates(program, context);
    const auto already = static_cast<std::ptrdiff_t>(matches.size());
    candidates_.take_with(program.guards.unguarded, [&](std::uint32_t position) {
        const Program::Rule& rule = program.rules[position];
        const auto known = matches.begin() + already;
        const bool matched = std::find(matches.begin(), known, rule.number) != known;
        if (!rule.reads_file_names || matched) return false;
        return execute(program, context, mode, position, matches);
    });
}

void Vm::begin(const Program& program) {
    ++generation_;
    if (program.serial != program_) take_up(program);
}

void Vm::take_up(const Program& program) {
    program_ = program.serial;
    slots_.resize(std::max(slots_.size(), program.slots.size()));
    tests_.resize(std::max<std::size_t>(tests_.size(), program.shared_tests));
    candidates_.resize(program.rules.size());
    steady_.known = false;
}

void Vm::forget_names(const Program& program) {
    for (const std::uint32_t slot : program.name_slots) slots_[slot].generation = 0;
    for (const std::uint32_t test : program.name_tests) tests_[test] = 0;
}

inline Values Vm::values(const Program& program, const Context& context, std::uint32_t slot) {
    SlotMemo& memo = slots_[slot];
    if (memo.generation != generation_) {
        const Slot& source = program.slots[slot];
        const bool is_field = source.kind == Slot::Kind::kField;
        memo.values = is_field ? source.use.info->extract(source.use, context)
                               : make(program, context, source);
        memo.generation = generation_;
    }
    return memo.values;
}

inline void Vm::find_texts(const std::vector<GuardIndex::Texts>& texts, const Program& program,
                           const Context& context, RuleBits& found) {
    const auto add = [&found](std::span<const std::uint32_t> rules) { found.add(rules); };
    for (const auto& [slot, index] : texts) {
        for (const field::Value& value : values(program, context, slot)) {
            index.find(value.text, add);
        }
    }
}

void Vm::find_steady(const Program& program, const Context& context) {
    const char* const comm = context.event->header().comm;
    const auto& image = context.process->image;
    const bool same = steady_.known && steady_.image == image &&
                      std::memcmp(steady_.comm.data(), comm, steady_.comm.size()) == 0;
    if (same) return;
    steady_.known = true;
    steady_.image = image;
    std::memcpy(steady_.comm.data(), comm, steady_.comm.size());
    steady_.rules.resize(program.rules.size());
    find_texts(program.guards.steady_texts, program, context, steady_.rules);
}

// The rules whose guards the event meets; of the others only those without a guard can match.
void Vm::find_candidates(const Program& program, const Context& context) {
    const GuardIndex& guards = program.guards;
    if (!guards.steady_texts.empty()) {
        find_steady(program, context);
        candidates_.add(steady_.rules);
    }
    find_texts(guards.texts, program, context, candidates_);
    for (const auto& [slot, rules] : guards.numbers) {
        for (const field::Value& value : values(program, context, slot)) {
            const auto found = rules.find(value.number);
            if (found != rules.end()) candidates_.add(found->second);
        }
    }
    for (const auto& [at, rules] : guards.tests) {
        if (test(program, context, program.code[at])) candidates_.add(rules);
    }
}

// Runs the instructions of one rule, by its position. True if it matched, and the first match is
// all that is wanted.
bool Vm::execute(const Program& program, const Context& context, MatchMode mode, std::uint32_t rule,
                 std::vector<std::uint32_t>& matches) {
    const std::uint32_t to = program.end_of(rule);
    const Instruction* code = program.code.data();
    std::uint32_t at = program.rules[rule].entry;
    while (at < to) {
        const Instruction& instruction = code[at];
        if (instruction.opcode == Opcode::kMatch) {
            matches.push_back(static_cast<std::uint32_t>(instruction.number));
            if (mode == MatchMode::kFirst) return true;
            at = instruction.if_true;
        } else {
            const bool truth = test(program, context, instruction);
            at = truth ? instruction.if_true : instruction.if_false;
        }
    }
    return false;
}

bool Vm::test(const Program& program, const Context& context, const Instruction& code) {
    const bool shared = code.test != Instruction::kUnshared;
    if (shared && tests_[code.test] >> 1 == generation_) return (tests_[code.test] & 1) != 0;
    const Values lhs = values(program, context, code.slot);
    Values rhs;
    if (code.opcode == Opcode::kCompare && !lhs.empty()) {
        rhs = values(program, context, code.comparison.slot);
    }
    const bool truth = holds(code, lhs, rhs, *context.scratch);
    if (shared) tests_[code.test] = generation_ << 1 | (truth ? 1 : 0);
    return truth;
}

// The values of a slot that is no field.
Values Vm::make(const Program& program, const Context& context, const Slot& slot) {
    switch (slot.kind) {
        case Slot::Kind::kField:
            break;
        case Slot::Kind::kConstant:
            return context.scratch->one(field::Value::of(slot.text));
        case Slot::Kind::kList:
            return make_list(program, context, slot);
        case Slot::Kind::kCall:
            return make_call(program, context, slot);
    }
    return {};
}

// An element without a value leaves the whole list without one.
Values Vm::make_list(const Program& program, const Context& context, const Slot& slot) {
    const auto row = context.scratch->values(slot.arguments.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
        const Values element = values(program, context, slot.arguments[i]);
        if (element.empty()) return {};
        row[i] = element.front();
    }
    return row;
}

Values Vm::make_call(const Program& program, const Context& context, const Slot& slot) {
    std::array<Argument, kMaxArguments> arguments;
    for (std::size_t i = 0; i < slot.arguments.size(); ++i) {
        const std::uint32_t argument = slot.arguments[i];
        arguments[i] = {values(program, context, argument), program.slots[argument].list};
    }
    return apply(slot.transformer, slot.selector, {arguments.data(), slot.arguments.size()},
                 *context.scratch);
}

}  // namespace saker::filter
