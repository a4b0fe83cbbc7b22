// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "filter/ast.h"
#include "filter/event_types.h"
#include "filter/lower.h"

namespace saker::tool {

// Proves that no event can make a condition true. Sound and not complete: `true` is a proof, and
// `false` means that none was found.
//
// What it looks at: all tests that must hold together. Two of them exclude each other if one is the
// other's negation, if one asks for a field to be there and another for it not to be, if one asks
// for the beginning, the end or a part of a text and the other for it not to be there, or if none
// of the values that one allows satisfies all others about the same operand. For a text these are
// the constants of `=` and `in`; for a number all constants of the tests and their neighbours,
// since between two constants no comparison changes its answer. Alternatives are tried one by one.
//
// One thread. Bounded: after kMaxSteps there is no proof.
class Prover {
public:
    static constexpr std::size_t kMaxSteps = 5000;
    static constexpr int kMaxDepth = 3;  // alternatives inside alternatives

    // For events of all these types. `expr` has been checked.
    bool never(const filter::Expr& expr, const filter::EventTypeSet& types);

private:
    struct Literal {
        const filter::Test* test;
        bool negated;
    };
    // The tests about one operand that hold together.
    using Literals = std::vector<Literal>;
    struct Facts {
        absl::flat_hash_map<std::string, Literals> by_operand;
        std::vector<const filter::Or*> alternatives;
    };

    bool never(const filter::Expr& folded);
    bool add(const filter::Expr& expr, Facts& facts);
    bool contradictory(const Facts& facts, int depth);
    bool exclude_each_other(const Literals& literals);
    bool exclude_each_other(const Literal& a, const Literal& b);
    bool implies(const filter::Test& given, const filter::Test& other);
    bool satisfied(const Literals& literals, const field::Value& value);
    const filter::Instruction& code_of(const filter::Test& test);
    const std::string& operand_of(const filter::Test& test);

    std::size_t steps_ = 0;
    filter::ConstantPool pool_;
    field::Scratch scratch_;
    absl::flat_hash_map<const filter::Test*, filter::Instruction> code_;
    absl::flat_hash_map<const filter::Test*, std::unique_ptr<std::string>> operands_;
};

}  // namespace saker::tool
