// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "fields.h"
#include "filter/ast.h"
#include "rule/loader.h"

namespace saker::test {

// Loads texts as the files 0.yaml, 1.yaml, ...
inline rule::LoadResult load(const std::vector<std::string>& texts) {
    rule::Loader loader(fields());
    std::size_t number = 0;
    for (const std::string& text : texts) {
        loader.add_text(std::to_string(number++) + ".yaml", text);
    }
    return loader.finish();
}

// A rule with everything that it must have. `condition` is put in as it is: quote it.
inline std::string rule_text(const std::string& name, const std::string& condition,
                             const std::string& more = "") {
    return "- rule: " + name + "\n  desc: d\n  condition: " + condition +
           "\n  output: o\n  priority: INFO\n" + more;
}

// The diagnostics as `CODE line:column`, one after the other.
inline std::vector<std::string> places(const rule::LoadResult& result) {
    std::vector<std::string> all;
    for (const rule::Diagnostic& diagnostic : result.diagnostics) {
        const rule::Position& at = diagnostic.place().position;
        all.push_back(std::string(rule::info(diagnostic.code).name) + " " +
                      std::to_string(at.line) + ":" + std::to_string(at.column));
    }
    return all;
}

// All messages, for the log of a test that fails.
inline std::string messages(const rule::LoadResult& result) {
    std::string all;
    for (const rule::Diagnostic& diagnostic : result.diagnostics) all += to_text(diagnostic);
    return all;
}

// The compiled condition of the only rule.
inline std::string condition_of(const rule::LoadResult& result) {
    if (result.rules.rules.size() != 1) return "not one rule:\n" + messages(result);
    return filter::to_text(*result.rules.rules[0].expr);
}

}  // namespace saker::test
