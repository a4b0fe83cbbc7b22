// SPDX-License-Identifier: Apache-2.0
//
// The rules that the documentation shows can be loaded.
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "catch.h"
#include "field/field.h"
#include "rule/loader.h"

namespace saker::cli {
namespace {

const std::string kDocs = TEST_FOLDER "/../../../docs/";

// The blocks of a page that are rules, in order.
std::vector<std::string> rules_in(const std::string& page) {
    std::ifstream file(kDocs + page);
    std::vector<std::string> blocks;
    bool inside = false;
    for (std::string line; std::getline(file, line);) {
        if (line == "```yaml") blocks.emplace_back();
        if (line.starts_with("```")) {
            inside = line == "```yaml";
        } else if (inside) {
            blocks.back() += line + "\n";
        }
    }
    return blocks;
}

}  // namespace

TEST_CASE("what the page about the rule language shows can be loaded in its order") {
    rule::Loader loader(field::Registry::native());
    const auto blocks = rules_in("rule-language.md");
    CHECK(blocks.size() >= 6);
    for (const std::string& block : blocks) loader.add_text("rule-language.md", block);
    const rule::LoadResult result = loader.finish();
    for (const rule::Diagnostic& diagnostic : result.diagnostics) {
        FAIL_CHECK(to_text(diagnostic));
    }
    CHECK(result.rules.rules.size() >= 4);
}

}  // namespace saker::cli
