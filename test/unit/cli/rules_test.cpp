// SPDX-License-Identifier: Apache-2.0
#include "cli/rules.h"

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "catch.h"
#include "spdlog/sinks/ostream_sink.h"
#include "spdlog/spdlog.h"
#include "state/temp_folder.h"

namespace saker::cli {
namespace {

constexpr const char* kRule =
    "- rule: R\n  desc: d\n  condition: evt.type = open\n  output: o\n  priority: INFO\n";

// The log as text, while it lives.
class Log {
public:
    Log() : previous_(spdlog::default_logger()) {
        auto sink = std::make_shared<spdlog::sinks::ostream_sink_st>(stream_);
        auto logger = std::make_shared<spdlog::logger>("test", std::move(sink));
        logger->set_pattern("%l: %v");
        spdlog::set_default_logger(std::move(logger));
    }
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;
    ~Log() { spdlog::set_default_logger(previous_); }

    bool says(const std::string& text) const {
        return stream_.str().find(text) != std::string::npos;
    }
    std::string text() const { return stream_.str(); }

private:
    std::ostringstream stream_;
    std::shared_ptr<spdlog::logger> previous_;
};

Result<rule::RuleSet> load(const std::vector<std::string>& paths) {
    Config config;
    config.rules_files = paths;
    return load_rules(config);
}

struct Rules {
    test::TempFolder folder;
    Log log;
};

TEST_CASE_METHOD(Rules, "Rules are loaded in order, and each file is named with what it holds") {
    folder.write("a.yaml", std::string(kRule) + "- list: l\n  items: [a]\n");
    folder.write("d/2.yaml", "- macro: m\n  condition: proc.name in (l)\n");
    folder.write("d/1.yaml",
                 "- rule: S\n  desc: d\n  condition: evt.type = open and m\n"
                 "  output: o\n  priority: INFO\n");
    const auto rules = load({folder.path("a.yaml"), folder.path("d")});
    INFO(log.text());
    REQUIRE(rules);
    REQUIRE(rules->rules.size() == 2);
    CHECK(rules->rules[0].name == "R");
    CHECK(rules->rules[1].name == "S");
    CHECK(log.text() ==
          "info: Rules file " + folder.path("a.yaml") + ": 1 rules, 0 macros, 1 lists\n" +
              "info: Rules file " + folder.path("d/1.yaml") + ": 1 rules, 0 macros, 0 lists\n" +
              "info: Rules file " + folder.path("d/2.yaml") + ": 0 rules, 1 macros, 0 lists\n");
}

TEST_CASE_METHOD(Rules, "Warnings are logged, and do not keep rules from running") {
    folder.write("a.yaml", std::string(kRule) + "- list: unused\n  items: []\n");
    REQUIRE(load({folder.path("a.yaml")}));
    CHECK(log.says("warning: "));
    CHECK(log.says("LOAD_UNUSED_LIST"));
}

TEST_CASE_METHOD(Rules, "All errors are logged with their places, and counted") {
    folder.write("one.yaml",
                 "- rule: R\n  desc: d\n  condition: fd.nope = 1\n  output: o\n  priority: INFO\n");
    const auto one = load({folder.path("one.yaml")});
    REQUIRE_FALSE(one);
    CHECK(one.error().message == "cannot load the rules: 1 error, shown above");
    CHECK(log.says("error: "));
    CHECK(log.says(folder.path("one.yaml") + ":1:"));

    folder.write("two.yaml", std::string(kRule) + "- macro: a\n- list: b\n- macro: c\n");
    const auto more = load({folder.path("two.yaml")});
    REQUIRE_FALSE(more);
    CHECK(more.error().message == "cannot load the rules: 3 errors, shown above");
}

TEST_CASE_METHOD(Rules, "A path that is not there is an error that names it") {
    const auto rules = load({folder.path("none.yaml")});
    REQUIRE_FALSE(rules);
    CHECK(rules.error().message.find(folder.path("none.yaml")) != std::string::npos);
}

TEST_CASE("Where no rules are, the error says whose fault that is and what to do") {
    Config config;
    CHECK(chosen_rules({"asked.yaml"}, config) == std::vector<std::string>{"asked.yaml"});
    CHECK(chosen_rules({}, config).error().message ==
          "no rules: name rules files with -r, or install them as /etc/saker/saker_rules.yaml");
    config.missing_rules_files = {"/a.yaml", "/b.yaml"};
    CHECK(chosen_rules({}, config).error().message ==
          "no rules: of the configuration's rules_files none is there (/a.yaml, /b.yaml): correct "
          "them, or name others with -r");
    config.rules_files = {"/c.yaml"};
    CHECK(chosen_rules({}, config) == config.rules_files);
}

TEST_CASE("A rule is found by its name, or by a part of it that no other name has") {
    rule::RuleSet rules;
    for (const char* name : {"Shell", "Shell in a container", "Module loaded"}) {
        rules.rules.emplace_back().name = name;
    }
    CHECK(find_rule(rules, "Shell").value() == &rules.rules[0]);
    CHECK(find_rule(rules, "CONTAINER").value() == &rules.rules[1]);
    const auto both = find_rule(rules, "shell");
    REQUIRE_FALSE(both);
    CHECK(both.error().message == "there is no rule 'shell'\n    Shell\n    Shell in a container");
    const auto none = find_rule(rules, "x");
    REQUIRE_FALSE(none);
    CHECK(none.error().message == "there is no rule 'x': `saker list rules -N` names all");
}

}  // namespace
}  // namespace saker::cli
