// SPDX-License-Identifier: Apache-2.0
#include "tool/lint.h"

#include <string>
#include <vector>

#include "catch.h"
#include "given_case.h"
#include "rule/loader.h"
#include "unit/state/temp_folder.h"

namespace saker::tool {
namespace {

std::string rule_text(const std::string& name, const std::string& condition) {
    return "- rule: " + name + "\n  desc: d\n  condition: >\n    " + condition +
           "\n  output: o\n  priority: INFO\n";
}

std::vector<Finding> lint_text(const std::string& text, LintOptions options = {}) {
    rule::Loader loader(field::Registry::native());
    loader.add_text("r.yaml", text);
    const rule::LoadResult result = loader.finish();
    for (const auto& diagnostic : result.diagnostics) {
        if (diagnostic.is_error()) FAIL(rule::to_text(diagnostic));
    }
    return lint(result, options);
}

// The codes of all findings, without LINT_, in their order.
std::string codes(const std::string& text, LintOptions options = {}) {
    std::string all;
    for (const Finding& finding : lint_text(text, options)) {
        if (!all.empty()) all += " ";
        all += info(finding.code).name.substr(5);
    }
    return all;
}

struct Row {
    const char* condition;
    const char* codes;
};

const Row kRows[] = {
    // nothing to say
    {"evt.type = setsid", ""},
    {"evt.type = setsid and proc.name = a and not proc.exepath = /b", ""},
    {"evt.type in (open, openat, openat2) and fd.name = /x and evt.is_open_read = true", ""},
    {"evt.type in (setsid, setns) and (proc.tty = 0 or proc.tty > 5)", ""},
    {"evt.type = setsid and proc.aname = a and proc.aname = b", ""},
    {"evt.type = setsid and proc.name in (a, b) and proc.name in (b, c)", ""},
    // the condition itself
    {"evt.type = setsid and evt.type = setns", "NEVER_TRUE"},
    {"evt.type = setsid and proc.name = a and proc.name = b", "NEVER_TRUE"},
    {"evt.type = setsid and proc.name = a and not proc.name in (a, b)", "NEVER_TRUE"},
    {"evt.type = setsid and proc.name in (a, b) and not proc.name startswith a and "
     "not proc.name startswith b",
     "NEVER_TRUE"},
    {"evt.type = setsid and proc.tty > 5 and proc.tty < 6", "NEVER_TRUE"},
    {"evt.type = setsid and proc.tty = 0 and proc.tty != 0", "NEVER_TRUE"},
    {"evt.type = setsid and fd.name = /x", "NEVER_TRUE"},
    {"evt.type = setsid and proc.name = a and (proc.name = b or not proc.name exists)",
     "NEVER_TRUE"},
    {"evt.type = setsid and proc.name contains a and not proc.name contains a", "NEVER_TRUE"},
    {"evt.type = setsid and proc.exepath startswith ab and not proc.exepath startswith a",
     "NEVER_TRUE"},
    {"evt.type = setsid and proc.exepath startswith a and not proc.exepath startswith ab", ""},
    {"evt.type = setsid and proc.exepath startswith anyof (ab, ac) and not proc.exepath contains a",
     "NEVER_TRUE"},
    {"evt.type = setsid and proc.exepath startswith anyof (ab, c) and not proc.exepath contains a",
     ""},
    {"evt.type = setsid and proc.exepath startswith allof (ab, c) and not proc.exepath contains a",
     ""},
    {"evt.type = setsid and proc.exepath endswith .sh and not proc.exepath contains sh",
     "NEVER_TRUE"},
    {"evt.type = setsid and proc.exepath contains ab and not proc.exepath startswith a", ""},
    {"evt.type = setsid and proc.exepath icontains ab and not proc.exepath contains a", ""},
    {"evt.type = setsid and proc.exepath contains ab and not proc.exepath contains oneof (a, b)",
     ""},
    {"evt.type = setsid and proc.exepath startswith /a and proc.exepath startswith /b",
     "NEVER_TRUE"},
    {"evt.type = setsid and proc.exepath startswith /a and proc.exepath startswith /a/b", ""},
    {"evt.type = setsid and proc.exepath endswith a and proc.exepath endswith b", "NEVER_TRUE"},
    {"evt.type = setsid and proc.exepath startswith a and proc.exepath endswith b", ""},
    {"evt.type = setsid and proc.aname startswith a and proc.aname startswith b", ""},
    {"evt.type = setsid and proc.exepath startswith val(proc.name) and "
     "proc.exepath startswith val(proc.pname)",
     ""},
    {"evt.num = 0", "NEVER_TRUE"},
    {"proc.tty = 1 or not proc.tty = 1", "ALWAYS_TRUE"},
    {"evt.num > 0", "ALWAYS_TRUE"},
    // exceptions
    {"evt.type = setsid and proc.exepath = /a and not proc.exepath = /b", "DEAD_EXCEPTION"},
    {"evt.type = setsid and proc.exepath = /a and not (proc.exepath = /b and proc.tty = 0)",
     "DEAD_EXCEPTION"},
    {"evt.type = setsid and proc.exepath = /a and not (proc.exepath = /b or proc.tty = 0)",
     "DEAD_EXCEPTION"},
    {"evt.type = setsid and proc.exepath = /a and not (proc.exepath = /b or proc.exepath = /c)",
     "DEAD_EXCEPTION"},
    {"evt.type = setsid and proc.exepath = /a and not (evt.num = 0 or proc.tty = 0)", ""},
    {"evt.type = setsid and proc.exepath startswith /a/ and not proc.exepath startswith /b/",
     "DEAD_EXCEPTION"},
    {"evt.type = setsid and not fd.name = /b", "DEAD_EXCEPTION"},
    {"evt.type = setsid and not evt.num = 0 and not proc.exepath in ()", ""},
    // names that anybody chooses
    {"evt.type = setsid and not proc.name = a", "EVADABLE_NAME"},
    {"evt.type = setsid and proc.name != a", "EVADABLE_NAME"},
    {"evt.type = setsid and not proc.aname in (a, b)", "EVADABLE_NAME"},
    {"evt.type = setsid and not basename(proc.exe) = a", "EVADABLE_NAME"},
    {"evt.type = setsid and not (proc.pname = a and proc.cmdline startswith b)", "EVADABLE_NAME"},
    {"evt.type = setsid and not (proc.name = a and proc.exepath = /a)", ""},
    {"evt.type = setsid and not (proc.name = a or proc.exepath = /a)", "EVADABLE_NAME"},
    {"evt.type = setsid and not (evt.rawres >= 0 and proc.name = a)", "EVADABLE_NAME"},
    {"evt.type = setsid and not (not proc.name = a and proc.exepath = /a)", ""},
    {"evt.type = setsid and not (proc.name = a or proc.args = b)", "EVADABLE_NAME EVADABLE_NAME"},
    {"(evt.type = setsid and not proc.name = a) or evt.type = setns", "EVADABLE_NAME"},
    // calls
    {"evt.type = open", "FORGOTTEN_SIBLING"},
    {"evt.type in (open, openat) and evt.type != openat2", "FORGOTTEN_SIBLING"},
    {"evt.type in (rename, symlink)", "FORGOTTEN_SIBLING FORGOTTEN_SIBLING"},
    {"evt.type in (execve, execveat)", ""},
    {"evt.type = creat", ""},
    {"not evt.type = open", "FORGOTTEN_SIBLING"},
};

TEST_CASE("lint finds what is wrong with one rule, and nothing else") {
    for (const Row& row : kRows) {
        INFO(row.condition);
        CHECK(codes(rule_text("r", row.condition)) == row.codes);
    }
}

TEST_CASE("a macro may have rows that one of its rules does not need") {
    const std::string macro = "- macro: m\n  condition: (proc.exepath = /b or proc.tty = 0)\n";
    const char* condition = "evt.type = setsid and proc.exepath = /a and not m";
    CHECK(codes(macro + rule_text("r", condition)) == "");
    CHECK(codes(rule_text("r", "evt.type = setsid and proc.exepath = /a") +
                "  exceptions:\n    - {name: e, fields: [proc.exepath, proc.pexepath],\n"
                "       values: [[/b, /c], [/a, /c]]}\n") == "DEAD_EXCEPTION");
}

struct Pair {
    const char* earlier;
    const char* later;
    bool shadowed;
};

const Pair kPairs[] = {
    {"evt.type = setsid", "evt.type = setsid", true},
    {"evt.type = setsid", "evt.type = setsid and proc.tty = 0", true},
    {"evt.type = setsid and proc.tty = 0", "evt.type = setsid", false},
    {"evt.type in (setsid, setns)", "evt.type = setns", true},
    {"evt.type = setns", "evt.type in (setsid, setns)", false},
    {"evt.type = setsid and proc.tty in (1, 2)", "evt.type = setsid and proc.tty = 2", true},
    {"evt.type = setsid and proc.tty > 1", "evt.type = setsid and proc.tty = 2", true},
    {"evt.type = setsid and proc.tty > 2", "evt.type = setsid and proc.tty = 2", false},
    {"evt.type = setsid and proc.exepath startswith /tmp/",
     "evt.type = setsid and proc.exepath in (/tmp/a, /tmp/b)", true},
    {"evt.type = setsid and proc.exepath startswith /tmp/",
     "evt.type = setsid and proc.exepath in (/tmp/a, /b)", false},
    {"evt.type = setsid and proc.exepath startswith /tmp",
     "evt.type = setsid and proc.exepath startswith /tmp/x", true},
    {"evt.type = setsid and proc.exepath startswith /tmp/x",
     "evt.type = setsid and proc.exepath startswith /tmp", false},
    {"evt.type = setsid and (proc.tty = 0 or proc.sid = 5)", "evt.type = setsid and proc.sid = 5",
     true},
    {"evt.type = setsid and (proc.tty = 0 or proc.sid = 5) and proc.pgid = 3",
     "evt.type = setsid and (proc.tty = 0 or proc.sid = 5) and proc.pgid = 3 and proc.vpgid = 4",
     true},
    {"evt.type = setsid and not proc.exepath = /a",
     "evt.type = setsid and not proc.exepath in (/a, /b)", true},
    {"evt.type = setsid and not proc.exepath in (/a, /b)",
     "evt.type = setsid and not proc.exepath = /a", false},
    {"evt.type = setsid and proc.aname = a", "evt.type = setsid and proc.aname = b", false},
};

TEST_CASE("lint finds a rule behind one that always fires first") {
    for (const Pair& pair : kPairs) {
        INFO(pair.earlier << " | " << pair.later);
        const std::string text = rule_text("a", pair.earlier) + rule_text("b", pair.later);
        CHECK(codes(text) == (pair.shadowed ? "SHADOWED_RULE" : ""));
        CHECK(codes(text, {.first_match = false}) == "");
    }
    const std::string disabled = rule_text("a", "evt.type = setsid") + "  enabled: false\n";
    CHECK(codes(disabled + rule_text("b", "evt.type = setsid")) == "");
}

TEST_CASE("lint gives up where alternatives multiply") {
    std::string condition = "evt.type = setsid";
    for (int i = 0; i < 60; ++i) {
        condition += " and (";
        for (int j = 0; j < 20; ++j) {
            if (j > 0) condition += " or ";
            condition += "proc.env[V" + std::to_string(i * 20 + j) + "] = x";
        }
        condition += ")";
    }
    CHECK(codes(rule_text("r", condition)) == "");
}

TEST_CASE("a finding about a term has the term's place") {
    struct Row {
        const char* text;  // of a file
        std::vector<std::string> places;
    };
    const Row rows[] = {
        // In the condition, in a macro, in what was appended, in an exception.
        {"- rule: r\n  desc: d\n  condition: evt.type = open and\n    proc.name = x and not\n"
         "      proc.pname = y\n  output: o\n  priority: INFO\n",
         {"3:25", "5:7"}},
        {"- macro: m\n  condition: not proc.name in (a, b)\n"
         "- {rule: r, desc: d, condition: evt.type = setsid and m, output: o, priority: INFO}\n",
         {"2:18"}},
        {"- {rule: r, desc: d, condition: evt.type = setsid, output: o, priority: INFO}\n"
         "- {rule: r, condition: and not proc.name = a, override: {condition: append}}\n",
         {"2:32"}},
        {"- {rule: r, desc: d, condition: evt.type = setsid, output: o, priority: INFO,\n"
         "   exceptions: [{name: e, fields: proc.name, values: [a]}]}\n",
         {"2:35"}},
        {"- {rule: r, desc: d, condition: evt.type = setsid and proc.tty = 1 and not proc.tty = "
         "2,\n"
         "   output: o, priority: INFO}\n",
         {"1:76"}},
        // What is about the rule as a whole has the rule's.
        {"- {rule: r, desc: d, condition: evt.type = setsid and evt.type = setns, output: o,\n"
         "   priority: INFO}\n",
         {"1:10"}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        std::vector<std::string> places;
        for (const Finding& finding : lint_text(row.text)) {
            places.push_back(std::to_string(finding.position.line) + ":" +
                             std::to_string(finding.position.column));
        }
        CHECK(places == row.places);
    }
}

TEST_CASE("a comment silences a finding") {
    const test::TempFolder folder;
    const auto findings = [&](const std::string& text) {
        folder.write("r.yaml", text);
        rule::Loader loader(field::Registry::native());
        loader.add_file(folder.path("r.yaml"));
        auto found = lint(loader.finish(), {});
        drop_silenced(found);
        return to_text(found);
    };
    const std::string rule = rule_text("r", "evt.type = open");
    const std::string other = rule_text("s", "evt.type = rename");
    CHECK(test::contains(findings(rule),
                         "r.yaml:4:16: LINT_FORGOTTEN_SIBLING: rule 'r': open is "
                         "watched, but not openat, openat2"));
    CHECK(findings("# lint: allow LINT_FORGOTTEN_SIBLING: legacy\n" + rule) == "");
    CHECK(findings("# lint: allow LINT_FORGOTTEN_SIBLING\n# and more\n" + rule) == "");
    CHECK(findings(rule + "  # lint: allow LINT_FORGOTTEN_SIBLING\n") == "");
    CHECK(findings("# lint: allow LINT_NEVER_TRUE\n" + rule) != "");
    const std::string by_macro = "- macro: m\n  condition: evt.type = open\n" + rule_text("r", "m");
    CHECK(test::contains(findings(by_macro), "r.yaml:2:25: LINT_FORGOTTEN_SIBLING: rule 'r'"));
    CHECK(findings("# lint: allow LINT_FORGOTTEN_SIBLING\n" + by_macro) == "");
    const std::string between = rule + "# lint: allow LINT_FORGOTTEN_SIBLING\n" + other;
    CHECK(test::contains(findings(between), "rule 'r'"));
    CHECK(!test::contains(findings(between), "rule 's'"));
}

TEST_CASE("findings as JSON") {
    const auto findings = lint_text(rule_text("r \"q\"", "evt.type = open"));
    CHECK(to_json(findings) ==
          R"~([{"code":"LINT_FORGOTTEN_SIBLING","rule":"r \"q\"","file":"r.yaml","line":4,)~"
          R"~("column":16,"message":"open is watched, but not openat, openat2",)~"
          R"~("suggestion":"add the calls to evt.type in (...)"}])~");
    CHECK(to_json({}) == "[]");
}

TEST_CASE("each finding has a row of its own") {
    for (std::size_t i = 0; i < lint_codes().size(); ++i) {
        CHECK(lint_codes()[i].code == static_cast<LintCode>(i));
        CHECK(lint_codes()[i].name.starts_with("LINT_"));
    }
}

TEST_CASE("the rules that Saker ships have no findings that nobody explains") {
    rule::Loader loader(field::Registry::native());
    loader.add_file("rules/saker_rules.yaml");
    auto findings = lint(loader.finish(), {});
    drop_silenced(findings);
    CHECK(to_text(findings) == "");
}

}  // namespace
}  // namespace saker::tool
