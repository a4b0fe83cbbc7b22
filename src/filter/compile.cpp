// SPDX-License-Identifier: Apache-2.0
#include "filter/compile.h"

#include <algorithm>
#include <atomic>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "field/steady.h"
#include "filter/estimate.h"
#include "filter/failures.h"
#include "filter/fold.h"
#include "filter/guard.h"
#include "filter/lower.h"
#include "filter/name_needs.h"

namespace saker::filter {
namespace {

// The values that tests look at, each once.
class Slots {
public:
    explicit Slots(event::EventType type) : type_(type) {}

    std::uint32_t find(const Operand& operand) {
        Slot slot = make(operand);
        const auto next = static_cast<std::uint32_t>(slots_.size());
        const auto [known, added] = numbers_.try_emplace(key(operand), next);
        if (added) slots_.push_back(std::move(slot));
        return known->second;
    }

    const Slot& operator[](std::uint32_t number) const { return slots_[number]; }
    std::vector<Slot> take() { return std::move(slots_); }

private:
    // Operands are the same if they are written the same; evt.arg.flags is also evt.arg[flags].
    static std::string key(const Operand& operand) {
        return operand.kind == Operand::Kind::kField ? operand.use.name() : to_text(operand);
    }

    Slot make(const Operand& operand) {
        Slot slot;
        slot.list = operand.several == field::Several::kList;
        switch (operand.kind) {
            case Operand::Kind::kField:
                slot.use = operand.use;
                slot.names_file = field::names_file(operand.use, type_);
                slot.steady = field::is_steady(operand.use);
                return slot;
            case Operand::Kind::kConstant:
                slot.kind = Slot::Kind::kConstant;
                slot.text = operand.constant.text;
                return slot;
            case Operand::Kind::kList:
                slot.kind = Slot::Kind::kList;
                break;
            case Operand::Kind::kCall:
                slot.kind = Slot::Kind::kCall;
                break;
        }
        slot.transformer = operand.transformer;
        if (operand.argument) slot.selector = operand.argument->front();
        for (const Operand& argument : operand.operands) {
            slot.arguments.push_back(find(argument));
            slot.names_file = slot.names_file || slots_[slot.arguments.back()].names_file;
        }
        return slot;
    }

    event::EventType type_;
    std::vector<Slot> slots_;
    absl::flat_hash_map<std::string, std::uint32_t> numbers_;
};

// Builds the graph from its end: the exits of a test are known before the test itself is made.
// Nodes are instructions whose jumps are numbers of nodes made earlier; turned around at the end,
// they only jump forward.
class Compiler {
public:
    Compiler(event::EventType type, std::size_t rules, ConstantCache* cache)
        : pool_(cache), slots_(type) {
        static std::atomic<std::uint64_t> serials;
        program_.serial = ++serials;
        program_.type = type;
        program_.guards.unguarded.resize(rules);
        nodes_.push_back({});  // kEnd
    }

    // Rules are added from the last to the first; `position` counts from the first.
    void add_rule(std::uint32_t number, std::uint32_t position, const Expr& condition) {
        const std::uint32_t next = last();
        reads_names_ = false;
        Instruction match;
        match.opcode = Opcode::kMatch;
        match.number = number;
        match.if_true = match.if_false = next;
        nodes_.push_back(match);
        build(condition, last(), next);
        program_.rules.push_back({number, last(), reads_names_});
        guard(position, condition);
    }

    Program finish() {
        share_tests();
        const auto turned = [end = last()](std::uint32_t node) { return end - node; };
        for (Instruction& node : nodes_) {
            node.if_true = turned(node.if_true);
            node.if_false = turned(node.if_false);
        }
        for (Program::Rule& rule : program_.rules) rule.entry = turned(rule.entry);
        for (GuardIndex::Tests& guard : program_.guards.tests) guard.at = turned(guard.at);
        program_.guards.build();
        std::ranges::reverse(nodes_);
        std::ranges::reverse(program_.rules);
        program_.code = std::move(nodes_);
        program_.slots = slots_.take();
        for (std::uint32_t i = 0; i < program_.slots.size(); ++i) {
            if (program_.slots[i].names_file) program_.name_slots.push_back(i);
        }
        program_.constants = pool_.take();
        return std::move(program_);
    }

private:
    std::uint32_t last() const { return static_cast<std::uint32_t>(nodes_.size() - 1); }

    // Gives the node at which `expr` begins.
    std::uint32_t build(const Expr& expr, std::uint32_t if_true, std::uint32_t if_false) {
        if (const auto* test = std::get_if<Test>(&expr.node)) {
            return build_test(*test, if_true, if_false);
        }
        if (const auto* negated = std::get_if<Not>(&expr.node)) {
            return build(*negated->child, if_false, if_true);
        }
        if (const auto* row = std::get_if<And>(&expr.node)) {
            std::uint32_t next = if_true;
            const auto children = by_expected_cost(row->children, false);
            for (const Estimated& child : std::views::reverse(children)) {
                next = build(*child.expr, next, if_false);
            }
            return next;
        }
        std::uint32_t next = if_false;
        const auto children = by_expected_cost(std::get<Or>(expr.node).children, true);
        for (const Estimated& child : std::views::reverse(children)) {
            next = build(*child.expr, if_true, next);
        }
        return next;
    }

    std::uint32_t build_test(const Test& test, std::uint32_t if_true, std::uint32_t if_false) {
        const std::uint32_t number = find_test(test);
        Instruction node = tests_[number].code;
        node.test = number;
        // Asked again right away, the answer is known.
        while (nodes_[if_true].test == number) if_true = nodes_[if_true].if_true;
        while (nodes_[if_false].test == number) if_false = nodes_[if_false].if_false;
        node.if_true = if_true;
        node.if_false = if_false;
        nodes_.push_back(node);
        tests_[number].node = last();
        reads_names_ = reads_names_ || tests_[number].names_file;
        return last();
    }

    void guard(std::uint32_t position, const Expr& condition) {
        const std::vector<Atom> atoms = find_guard(condition);
        if (atoms.empty()) program_.guards.unguarded.add(position);
        for (const Atom& atom : atoms) {
            if (atom.kind == Atom::Kind::kTest) {
                const KnownTest& test = tests_[find_test(*atom.test)];
                program_.guards.add_test(test.node, position);
            } else {
                const std::uint32_t slot = slots_.find(atom.test->lhs);
                program_.guards.add(atom, slot, slots_[slot].steady, position);
            }
        }
    }

    // The number of the test among all of the program's.
    std::uint32_t find_test(const Test& test) {
        const std::uint32_t slot = slots_.find(test.lhs);
        bool names_file = slots_[slot].names_file;
        std::string key = std::to_string(slot) + " " + test_key(test);
        std::uint32_t other = 0;
        if (test.rhs) {
            other = slots_.find(*test.rhs);
            names_file = names_file || slots_[other].names_file;
            key += " " + std::to_string(other);
        }
        const auto next = static_cast<std::uint32_t>(tests_.size());
        const auto [known, added] = numbers_.try_emplace(std::move(key), next);
        if (!added) return known->second;
        Instruction code = lower(test, pool_);
        code.slot = slot;
        if (test.rhs) code.comparison.slot = other;
        tests_.push_back({code, names_file});
        return next;
    }

    // Tests that stand in several places get a memo; the others need none.
    void share_tests() {
        std::vector<std::uint32_t> uses(tests_.size());
        for (const Instruction& node : nodes_) {
            if (node.test != Instruction::kUnshared) ++uses[node.test];
        }
        for (const GuardIndex::Tests& guard : program_.guards.tests) ++uses[nodes_[guard.at].test];
        std::vector<std::uint32_t> memos(tests_.size(), Instruction::kUnshared);
        for (std::uint32_t i = 0; i < tests_.size(); ++i) {
            if (uses[i] < 2) continue;
            if (tests_[i].names_file) program_.name_tests.push_back(program_.shared_tests);
            memos[i] = program_.shared_tests++;
        }
        for (Instruction& node : nodes_) {
            if (node.test != Instruction::kUnshared) node.test = memos[node.test];
        }
    }

    struct KnownTest {
        Instruction code;
        bool names_file;
        std::uint32_t node = 0;  // the last one that makes it
    };

    Program program_;
    ConstantPool pool_;
    Slots slots_;
    std::vector<Instruction> nodes_;
    std::vector<KnownTest> tests_;
    absl::flat_hash_map<std::string, std::uint32_t> numbers_;
    bool reads_names_ = false;  // the rule at hand
};

}  // namespace

Program compile(event::EventType type, std::span<const RuleCondition> rules, ConstantCache* cache,
                event::KernelFilter* filter) {
    struct Kept {
        std::uint32_t rule;
        Folded folded;
    };
    std::vector<Kept> kept;
    field::Scratch scratch;
    const bool opens = event::info(type).has(event::kOpens);
    bool failures = false;
    if (filter != nullptr && opens) filter->names.restrict(type, 0);
    for (const RuleCondition& rule : rules) {
        Folded folded = fold(*rule.condition, type, scratch);
        if (folded.is_false()) continue;
        if (filter != nullptr && opens) add_name_needs(*folded.expr, type, filter->names);
        failures = failures || may_match_failure(*folded.expr);
        kept.push_back({rule.rule, std::move(folded)});
    }
    if (filter != nullptr) filter->only_succeeded[type] = !failures;
    Compiler compiler(type, kept.size(), cache);
    for (std::size_t i = kept.size(); i-- > 0;) {
        compiler.add_rule(kept[i].rule, static_cast<std::uint32_t>(i), *kept[i].folded.expr);
    }
    return compiler.finish();
}

}  // namespace saker::filter
