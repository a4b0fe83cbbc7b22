// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "filter/ast.h"
#include "rule/rule.h"

namespace saker::tool {

// Which tests of one rule's condition the cases have exercised: a test is when it was true for one
// event and false for another. Tests with the same text are one. Left out are those that are known
// without any event (`evt.num = 0`, an empty list). The rule must outlive this.
class Coverage {
public:
    explicit Coverage(const rule::Rule& rule);

    void note(const filter::Test& test, bool holds);

    struct Seen {
        const filter::Test* test;
        bool holds = false;
        bool fails = false;
        bool exercised() const { return holds && fails; }
    };
    const rule::Rule& rule() const { return *rule_; }
    const std::vector<Seen>& tests() const { return tests_; }  // as they stand in the condition
    std::size_t exercised() const;

private:
    const rule::Rule* rule_;
    std::vector<Seen> tests_;
    absl::flat_hash_map<const filter::Test*, std::size_t> places_;
};

}  // namespace saker::tool
