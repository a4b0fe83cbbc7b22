// SPDX-License-Identifier: Apache-2.0
#include "tool/rule_tests.h"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "catch.h"
#include "given_case.h"
#include "unit/state/temp_folder.h"

namespace saker::tool {
namespace {

constexpr const char* kRules = R"(
- macro: never
  condition: (evt.num = 0)
- rule: read
  desc: d
  condition: evt.type in (open, openat) and fd.name = /etc/shadow and not proc.name = su and not never
  output: "%fd.name was read by %proc.name"
  priority: INFO
- rule: any read
  desc: d
  condition: evt.type in (open, openat) and fd.name startswith /etc/
  output: "%fd.name %proc.pname"
  priority: INFO
  enabled: false
)";

class RuleTests {
public:
    RuleTests() { folder_.write("rules.yaml", kRules); }

    // Runs a file that has these lines and the rules above.
    const FileResult& run(const std::string& lines) {
        file_ = parse_test_file(folder_.path("t.yaml"), "rules: [rules.yaml]\n" + lines);
        result_ = run_tests(file_);
        return result_;
    }

    // All that is wrong, one after the other.
    std::string failures(const std::string& lines) {
        run(lines);
        std::string all;
        for (const std::string& error : result_.errors) all += error + "\n";
        for (const CaseResult& one : result_.cases) {
            for (const std::string& failure : one.failures) all += failure + "\n";
        }
        return all;
    }

private:
    test::TempFolder folder_;
    TestFile file_;
    FileResult result_;
};

const std::string kCase = "cases:\n  - name: c\n";
const std::string kShadow = "    event: {evt.type: openat, fd.name: /etc/shadow, proc.name: cat}\n";

TEST_CASE("cases that hold pass") {
    const char* expectations[] = {
        "    fires: [read]\n",
        "    fires: [read, any read]\n    silent: others\n",
        "    fires: [{rule: read, output: {fd.name: /etc/shadow, proc.name: cat}}]\n",
        "    fires: [{rule: read, text: /etc/shadow was read by cat}]\n",
        "    fires: [{rule: any read, output: {proc.pname: null}}]\n",
        "    fires: [read]\n    also: [{evt.type: open}]\n",
        "    fires: [read]\n    unless: [{proc.name: su}, {fd.name: /etc/passwd}]\n",
        "    fires: [read]\n    also: [{fd.name: /tmp/x, fd.realpath: /etc/shadow}]\n",
    };
    RuleTests tests;
    for (const char* expected : expectations) {
        INFO(expected);
        CHECK(tests.failures(kCase + kShadow + expected) == "");
    }
}

struct Failure {
    const char* expected;
    const char* message;
};

const Failure kFailures[] = {
    {"    silent: [read]\n", "rule 'read' fired, and must not\n    true "},
    {"    silent: others\n", "rule 'any read' fired, and must not"},
    {"    fires: [read]\n    silent: others\n", "rule 'any read' fired, and must not"},
    {"    fires: [red]\n", "there is no rule 'red'"},
    {"    silent: [red]\n", "there is no rule 'red'"},
    {"    fires: [{rule: read, output: {fd.name: /x}}]\n",
     "rule 'read': fd.name is /etc/shadow, not /x"},
    {"    fires: [{rule: read, output: {fd.num: 1}}]\n",
     "the output of 'read' has no field fd.num"},
    {"    fires: [{rule: read, text: x}]\n", "the output is\n    /etc/shadow was read by cat"},
    {"    fires: [read]\n    also: [{proc.name: su}]\n",
     "rule 'read' did not fire\n    true   proc.name = su    [proc.name is su]"},
    {"    fires: [read]\n    unless: [{proc.name: x}]\n", "rule 'read' fired, and must not"},
    {"", "the case expects nothing"},
    {"    fires: read\n", "'fires' must be a list"},
    {"    fires: [{output: {}}]\n", "the alert has no 'rule'"},
    {"    fire: [read]\n", "a case has no key 'fire'"},
    {"    silent: [read]\n    also: [{}]\n", "'also' needs 'fires'"},
};

TEST_CASE("cases that do not hold fail, and say why") {
    RuleTests tests;
    for (const Failure& row : kFailures) {
        INFO(row.expected);
        CHECK(test::contains(tests.failures(kCase + kShadow + row.expected), row.message));
    }
}

TEST_CASE("with rule_matching: first, one rule fires") {
    RuleTests tests;
    CHECK(tests.failures("rule_matching: first\n" + kCase + kShadow + "    fires: [read]\n" +
                         "    silent: others\n") == "");
    CHECK(test::contains(
        tests.failures("rule_matching: first\n" + kCase + kShadow + "    fires: [any read]\n"),
        "'read' stands before it"));
    CHECK(test::contains(
        tests.failures("rule_matching: some\n" + kCase + kShadow + "    fires: [read]\n"),
        "'rule_matching' must be"));
}

TEST_CASE("what no case exercised is told, without what is known beforehand") {
    RuleTests tests;
    const FileResult& result = tests.run(kCase + kShadow + "    fires: [read]\n");
    REQUIRE(result.coverage.size() == 2);
    // evt.type, fd.name, proc.name; evt.num = 0 is never
    CHECK(result.coverage[0].tests().size() == 3);
    CHECK(result.coverage[0].exercised() == 0);
    const std::string text = to_text({&result, 1});
    CHECK(test::contains(text, "Not exercised in rule 'read': 3 of 3 tests"));
    CHECK(test::contains(text, "never true   proc.name = su"));
    CHECK(test::contains(text, "never false  fd.name = /etc/shadow"));
    CHECK(test::contains(text, "1 cases, 0 failed"));

    const FileResult& both = tests.run(kCase + kShadow + "    fires: [read]\n    unless:\n" +
                                       "      - {proc.name: su}\n      - {fd.name: /x}\n" +
                                       "      - {evt.type: creat}\n");
    CHECK(both.coverage[0].exercised() == 3);
}

TEST_CASE("rules that cannot be loaded are errors") {
    test::TempFolder folder;
    folder.write("bad.yaml",
                 "- rule: r\n  desc: d\n  condition: nope.x = 1\n  output: o\n"
                 "  priority: INFO\n");
    const auto errors = [&](const std::string& rules) {
        const TestFile file =
            parse_test_file(folder.path("t.yaml"),
                            rules + "cases: [{name: n, event: {evt.type: open}, silent: others}]");
        const FileResult result = run_tests(file);
        CHECK(result.failed() == 1);
        return result.errors.empty() ? "" : result.errors[0];
    };
    CHECK(test::contains(errors("rules: [bad.yaml]\n"), "nope.x"));
    CHECK(test::contains(errors("rules: [none.yaml]\n"), "none.yaml"));
    CHECK(test::contains(errors(""), "no 'rules' are named"));
}

TEST_CASE("results as JUnit's XML are escaped") {
    RuleTests tests;
    const FileResult& result =
        tests.run("cases:\n  - name: '<&\">\\x01'\n" + kShadow + "    silent: [read]\n");
    const std::string xml = to_junit({&result, 1});
    CHECK(test::contains(xml, "tests=\"1\" failures=\"1\""));
    CHECK(test::contains(xml, "name=\"&lt;&amp;&quot;>"));
    CHECK(test::contains(xml, "<failure message=\"rule 'read' fired, and must not\">"));
}

TEST_CASE("the example of the documentation passes") {
    std::ifstream page("docs/rule-tests.md");
    const std::string text{std::istreambuf_iterator<char>(page), {}};
    const std::size_t begin = text.find("```yaml\n");
    REQUIRE(begin != text.npos);
    const std::size_t end = text.find("```", begin + 3);
    const TestFile file =
        parse_test_file("docs/example.yaml", text.substr(begin + 8, end - begin - 8));
    const FileResult result = run_tests(file, {"rules/saker_rules.yaml"});
    CHECK(result.cases.size() == 5);
    if (result.failed() != 0) FAIL(to_text({&result, 1}));
}

TEST_CASE("the rules that Saker ships pass their tests") {
    const auto file = read_test_file("rules/tests/saker_rules_test.yaml");
    REQUIRE(file);
    const FileResult result = run_tests(*file);
    CHECK(result.cases.size() > 300);
    if (result.failed() != 0) FAIL(to_text({&result, 1}));
}

}  // namespace
}  // namespace saker::tool
