// SPDX-License-Identifier: Apache-2.0
//
// Runs cases/*.yaml: rules files, and what loading them must give. A file is a list of cases:
//
//   name        of the case
//   files       the rules files, or `file` if it is one
//   says        all diagnostics in order, each as CODE line:column: message, which may be cut; the
//               place in another file than the first as 1.yaml:line:column
//   way         the steps to the last one of them: type 'name' line:column
//   conditions  what the conditions of some rules are compiled to, by name
//   rules       the names of all rules that are loaded, in order
//   rule        some keys of the first rule: desc, output, priority, tags, enabled
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "load.h"

// Last: its CAPTURE would replace that of the table of events.
#include "catch.h"

using namespace saker::rule;

namespace {

using Texts = std::vector<std::string>;

Texts texts(const YAML::Node& node) {
    if (!node) return {};
    return node.IsScalar() ? Texts{node.as<std::string>()} : node.as<Texts>();
}

std::string place_text(const Location& location) {
    const std::string file = location.file == "0.yaml" ? "" : location.file + ":";
    return file + std::to_string(location.position.line) + ":" +
           std::to_string(location.position.column);
}

// The part of what was said that the case wants to see.
std::string said(const Diagnostic& diagnostic, const std::string& wanted) {
    const std::string all = std::string(info(diagnostic.code).name) + " " +
                            place_text(diagnostic.place()) + ": " + diagnostic.message;
    return all.starts_with(wanted) && !wanted.empty() ? wanted : all;
}

void check_diagnostics(const YAML::Node& test, const LoadResult& result) {
    const Texts wanted = texts(test["says"]);
    Texts found;
    for (const Diagnostic& diagnostic : result.diagnostics) {
        const std::size_t i = found.size();
        found.push_back(said(diagnostic, i < wanted.size() ? wanted[i] : ""));
    }
    CHECK(found == wanted);
    const bool any_error = std::ranges::any_of(result.diagnostics, &Diagnostic::is_error);
    CHECK(result.has_errors == any_error);
    if (!test["way"] || result.diagnostics.empty()) return;
    Texts way;
    for (const Location& location : result.diagnostics.back().context) {
        const std::string name = location.name.empty() ? "" : " '" + location.name + "'";
        way.push_back(location.type + name + " " + place_text(location));
    }
    CHECK(way == texts(test["way"]));
}

void check_rules(const YAML::Node& test, const LoadResult& result) {
    Texts names;
    for (const Rule& rule : result.rules.rules) names.push_back(rule.name);
    if (test["rules"]) CHECK(names == texts(test["rules"]));
    if (!test["conditions"]) return;
    for (const auto& entry : test["conditions"]) {
        const auto name = entry.first.as<std::string>();
        const auto rule = std::ranges::find(result.rules.rules, name, &Rule::name);
        CAPTURE(name);
        const bool loaded = rule != result.rules.rules.end();
        CHECK((loaded ? saker::filter::to_text(*rule->expr) : "not loaded") ==
              entry.second.as<std::string>());
    }
}

std::string value_of(const Rule& rule, const std::string& key) {
    std::string tags;
    for (const std::string& tag : rule.tags) tags += (tags.empty() ? "" : ",") + tag;
    if (key == "desc") return rule.description;
    if (key == "output") return rule.output;
    if (key == "priority") return std::string(priority_name(rule.priority));
    if (key == "tags") return tags;
    if (key == "enabled") return rule.enabled ? "true" : "false";
    if (key == "condition") return rule.condition;
    return "no such key";
}

void check_first_rule(const YAML::Node& test, const LoadResult& result) {
    if (!test["rule"]) return;
    CHECK_FALSE(result.rules.rules.empty());
    if (result.rules.rules.empty()) return;
    for (const auto& entry : test["rule"]) {
        const auto key = entry.first.as<std::string>();
        CAPTURE(key);
        CHECK(value_of(result.rules.rules[0], key) == entry.second.as<std::string>());
    }
}

void run(const YAML::Node& test) {
    const Texts files = texts(test["file"] ? test["file"] : test["files"]);
    INFO(test["name"].as<std::string>());
    REQUIRE_FALSE(files.empty());
    const LoadResult result = saker::test::load(files);
    INFO(saker::test::messages(result));
    check_diagnostics(test, result);
    check_rules(test, result);
    check_first_rule(test, result);
}

}  // namespace

TEST_CASE("rules files load as the cases say") {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(TEST_FOLDER "/cases")) {
        CAPTURE(entry.path().filename().string());
        for (const YAML::Node& test : YAML::LoadFile(entry.path().string())) {
            run(test);
            ++count;
        }
    }
    CHECK(count > 80);
}
