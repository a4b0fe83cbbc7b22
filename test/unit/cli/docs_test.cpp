// SPDX-License-Identifier: Apache-2.0
//
// What the documentation shows is so: rules can be loaded and do what the text says, conditions can
// be read, and the program says what the page says it does.
#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "catch.h"
#include "cli/check_report.h"
#include "field/field.h"
#include "filter/check.h"
#include "filter/parser.h"
#include "rule/loader.h"
#include "state/temp_folder.h"
#include "tool/rule_tests.h"

namespace saker::cli {
namespace {

const std::string kTop = TEST_FOLDER "/../../../";
const std::string kLanguage = "docs/rule-language.md";

// The blocks of a page that have this word behind their fence, in order.
std::vector<std::string> blocks_in(const std::string& page, const std::string& word) {
    std::ifstream file(kTop + page);
    std::vector<std::string> blocks;
    bool open = false;
    bool inside = false;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("```")) {
            open = !open;
            inside = open && line == "```" + word;
            if (inside) blocks.emplace_back();
        } else if (inside) {
            blocks.back() += line + "\n";
        }
    }
    return blocks;
}

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) all += text;
    return all;
}

// What is wrong with a condition; empty if nothing.
std::string problem_of(const std::string& condition) {
    const auto expr = filter::parse(condition);
    if (!expr) return expr.error().message;
    const auto error = filter::check(**expr, field::Registry::native());
    return error ? error->message : "";
}

void check_all_pass(const std::string& test_file, const std::vector<std::string>& rules) {
    const auto file = tool::read_test_file(test_file);
    if (!file) FAIL(file.error().message);
    const tool::FileResult result = tool::run_tests(*file, rules);
    CHECK_FALSE(result.cases.empty());
    if (result.failed() != 0) FAIL_CHECK(tool::to_text({&result, 1}));
}

}  // namespace

TEST_CASE("what the page about the rule language shows can be loaded in its order") {
    rule::Loader loader(field::Registry::native());
    const auto blocks = blocks_in(kLanguage, "yaml");
    CHECK(blocks.size() >= 6);
    for (const std::string& block : blocks) loader.add_text("rule-language.md", block);
    const rule::LoadResult result = loader.finish();
    for (const rule::Diagnostic& diagnostic : result.diagnostics) {
        FAIL_CHECK(to_text(diagnostic));
    }
    CHECK(result.rules.rules.size() >= 4);
}

TEST_CASE("the rules of the page about the rule language do what it says") {
    const test::TempFolder folder;
    folder.write("rules.yaml", joined(blocks_in(kLanguage, "yaml")));
    check_all_pass(TEST_FOLDER "/rule_language_tests.yaml", {folder.path("rules.yaml")});
}

TEST_CASE("the conditions of the page about the rule language can be read") {
    std::istringstream lines(joined(blocks_in(kLanguage, "condition")));
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        const std::string condition = line.substr(0, line.find(" #"));
        CAPTURE(condition);
        CHECK(problem_of(condition).empty());
    }
    CHECK(count >= 20);
}

TEST_CASE("a mistake is reported as the page about the rule language shows it") {
    rule::Loader loader(field::Registry::native());
    loader.add_text("my_rules.yaml",
                    "- rule: Camera opened\n  desc: Somebody may be watching.\n"
                    "  condition: evt.type in (open, openat) and fd.nam = /dev/video0\n"
                    "  output: Camera opened\n  priority: WARNING\n");
    auto loaded = loader.finish();
    const std::string report = text_of(results_of(loaded));
    const auto blocks = blocks_in(kLanguage, "");
    CAPTURE(report);
    CHECK(std::ranges::find(blocks, report) != blocks.end());
}

TEST_CASE("the first page's rule passes the first page's test") {
    const auto blocks = blocks_in("README.md", "yaml");
    REQUIRE(blocks.size() == 2);
    const test::TempFolder folder;
    folder.write("camera.yaml", blocks[0]);
    folder.write("camera_test.yaml", blocks[1]);
    check_all_pass(folder.path("camera_test.yaml"), {});
}

}  // namespace saker::cli
