// SPDX-License-Identifier: Apache-2.0
#include <iterator>
#include <string_view>

#include "fmt/core.h"
#include "tool/rule_tests.h"
#include "tool/value_text.h"
#include "util/text.h"

// How the results of rule tests are shown.
namespace saker::tool {

namespace {

using Out = std::back_insert_iterator<std::string>;

std::string indented(std::string_view text) {
    std::string lines = "    ";
    for (const char c : text) {
        lines += c;
        if (c == '\n') lines += "    ";
    }
    while (lines.ends_with(' ') || lines.ends_with('\n')) lines.pop_back();
    return lines;
}

void append_failures(Out out, const FileResult& result) {
    for (const std::string& error : result.errors) fmt::format_to(out, "{}\n", error);
    for (const CaseResult& one : result.cases) {
        if (one.passed()) continue;
        fmt::format_to(out, "FAILED {}: {}\n", to_text(one.place), one.name);
        for (const std::string& failure : one.failures) {
            fmt::format_to(out, "{}\n", indented(failure));
        }
    }
}

struct Sums {
    std::size_t cases = 0;
    std::size_t failed = 0;
    std::size_t rules = 0;
    std::size_t tests = 0;
    std::size_t exercised = 0;
};

// A rule whose condition was never wholly passed through says so in one line for each test.
void append_unexercised(Out out, const Coverage& coverage) {
    const std::size_t missing = coverage.tests().size() - coverage.exercised();
    if (missing == 0) return;
    fmt::format_to(out, "Not exercised in rule '{}': {} of {} tests\n", coverage.rule().name,
                   missing, coverage.tests().size());
    for (const Coverage::Seen& seen : coverage.tests()) {
        if (seen.exercised()) continue;
        const std::string_view what = seen.holds   ? "never false"
                                      : seen.fails ? "never true"
                                                   : "never made";
        fmt::format_to(out, "    {:11}  {}\n", what, short_text(*seen.test));
    }
}

void append_xml(std::string& out, std::string_view text) {
    for (std::string_view rest = text; !rest.empty();) {
        const text::CodePoint point = text::decode(rest);
        const char c = rest.front();
        if (c == '<') {
            out += "&lt;";
        } else if (c == '&') {
            out += "&amp;";
        } else if (c == '"') {
            out += "&quot;";
        } else if (!point.valid || (text::is_hidden(point.value) && c != '\n')) {
            out += '?';
        } else {
            out += rest.substr(0, point.size);
        }
        rest.remove_prefix(point.size);
    }
}

void append_failure(std::string& out, std::string_view what) {
    const std::string_view first = what.substr(0, what.find('\n'));
    out += "    <failure message=\"";
    append_xml(out, first);
    out += "\">";
    append_xml(out, what);
    out += "</failure>\n";
}

void append_testcase(std::string& out, std::string_view file, std::string_view name,
                     const std::vector<std::string>& failures) {
    out += "  <testcase classname=\"";
    append_xml(out, file);
    out += "\" name=\"";
    append_xml(out, name);
    if (failures.empty()) {
        out += "\"/>\n";
        return;
    }
    out += "\">\n";
    for (const std::string& failure : failures) append_failure(out, failure);
    out += "  </testcase>\n";
}

}  // namespace

std::string to_text(std::span<const FileResult> results) {
    std::string text;
    const Out out(text);
    Sums sums;
    for (const FileResult& result : results) {
        append_failures(out, result);
        sums.cases += result.cases.size();
        sums.failed += result.failed();
    }
    for (const FileResult& result : results) {
        for (const Coverage& coverage : result.coverage) {
            append_unexercised(out, coverage);
            ++sums.rules;
            sums.tests += coverage.tests().size();
            sums.exercised += coverage.exercised();
        }
    }
    fmt::format_to(out, "{} rules, {} tests in their conditions, {} exercised both ways\n",
                   sums.rules, sums.tests, sums.exercised);
    fmt::format_to(out, "{} cases, {} failed\n", sums.cases, sums.failed);
    return text;
}

std::string to_junit(std::span<const FileResult> results) {
    std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
    for (const FileResult& result : results) {
        xml += "<testsuite name=\"";
        append_xml(xml, result.name);
        xml += fmt::format("\" tests=\"{}\" failures=\"{}\">\n",
                           result.cases.size() + result.errors.size(), result.failed());
        for (const std::string& error : result.errors) {
            append_testcase(xml, result.name, "loading", {error});
        }
        for (const CaseResult& one : result.cases) {
            append_testcase(xml, result.name, one.name, one.failures);
        }
        xml += "</testsuite>\n";
    }
    return xml + "</testsuites>\n";
}

}  // namespace saker::tool
