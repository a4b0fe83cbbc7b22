// SPDX-License-Identifier: Apache-2.0
#include "tool/rule_tests.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "filter/compile.h"
#include "filter/vm.h"
#include "fmt/core.h"
#include "rule/files.h"
#include "tool/decision.h"
#include "tool/given.h"
#include "tool/scenario.h"
#include "tool/value_text.h"

namespace saker::tool {

namespace {

// A rule that matched, and under which of the file's names.
struct Match {
    std::uint32_t rule;
    field::NameView names;
};

// The rules of one test file, compiled for each type of event when it is first needed.
class Runner {
public:
    Runner(const rule::RuleSet& rules, filter::MatchMode matching, std::vector<Coverage>& coverage)
        : rules_(rules), matching_(matching), coverage_(coverage) {
        for (std::uint32_t i = 0; i < rules.rules.size(); ++i) {
            conditions_.push_back({i, rules.rules[i].expr.get()});
            coverage_.emplace_back(rules.rules[i]);
        }
    }

    CaseResult run(const Case& one) {
        CaseResult result{one.name, one.place, {}};
        auto scenario = Scenario::make(one.event);
        if (!scenario) {
            result.failures.push_back(tool::to_text(scenario.error()));
            return result;
        }
        const std::vector<Match> matches = match(**scenario);
        cover(**scenario);
        check_fired(one, matches, **scenario, result.failures);
        check_silent(one, matches, **scenario, result.failures);
        return result;
    }

private:
    const filter::Program& program(event::EventType type) {
        auto& program = programs_[type];
        if (!program) program = filter::compile(type, conditions_, &cache_);
        return *program;
    }

    // As the engine does it: under the asked name, then under the real one.
    std::vector<Match> match(Scenario& scenario) {
        GivenContext& context = scenario.context();
        const filter::Program& code = program(scenario.type());
        std::vector<std::uint32_t> numbers;
        vm_.run(code, context, matching_, numbers);
        const std::size_t asked = numbers.size();
        if (scenario.has_two_names() && code.reads_file_names()) {
            context.names = field::NameView::kReal;
            vm_.run_again(code, context, matching_, numbers);
            context.names = field::NameView::kAsked;
        }
        std::vector<Match> matches;
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            const auto names = i < asked ? field::NameView::kAsked : field::NameView::kReal;
            matches.push_back({numbers[i], names});
        }
        if (matching_ == filter::MatchMode::kFirst && matches.size() > 1) {
            matches = {*std::ranges::min_element(matches, {}, &Match::rule)};
        }
        return matches;
    }

    void cover(Scenario& scenario) {
        for (Coverage& coverage : coverage_) {
            decide(*coverage.rule().expr, scenario,
                   [&](const filter::Test& test, bool holds) { coverage.note(test, holds); });
        }
    }

    std::optional<std::uint32_t> find(const std::string& name) const {
        const auto found = std::ranges::find(rules_.rules, name, &rule::Rule::name);
        if (found == rules_.rules.end()) return std::nullopt;
        return static_cast<std::uint32_t>(found - rules_.rules.begin());
    }

    static std::string no_such_rule(const std::string& name, const rule::Place& place) {
        return tool::to_text(Problem{place, fmt::format("there is no rule '{}'", name)});
    }

    // What decided, below a message.
    std::string with_reasons(const std::string& message, std::uint32_t rule,
                             Scenario& scenario) const {
        return message + "\n" + tool::to_text(decide(*rules_.rules[rule].expr, scenario, {}));
    }

    void check_fired(const Case& one, const std::vector<Match>& matches, Scenario& scenario,
                     std::vector<std::string>& failures) const {
        for (const ExpectedAlert& alert : one.fires) {
            const auto rule = find(alert.rule);
            if (!rule) {
                failures.push_back(no_such_rule(alert.rule, alert.place));
                continue;
            }
            const auto match = std::ranges::find(matches, *rule, &Match::rule);
            if (match != matches.end()) {
                check_output(alert, *match, scenario, failures);
                continue;
            }
            failures.push_back(
                with_reasons(fmt::format("rule '{}' did not fire{}", alert.rule, earlier(matches)),
                             *rule, scenario));
        }
    }

    // With rule_matching: first, the reason may be another rule.
    std::string earlier(const std::vector<Match>& matches) const {
        if (matching_ != filter::MatchMode::kFirst || matches.empty()) return "";
        return fmt::format("; '{}' stands before it and did", rules_.rules[matches[0].rule].name);
    }

    void check_output(const ExpectedAlert& alert, const Match& match, Scenario& scenario,
                      std::vector<std::string>& failures) const {
        const rule::Format& format = rules_.rules[match.rule].format;
        GivenContext& context = scenario.context();
        context.names = match.names;
        std::vector<rule::OutputField> fields;
        format.collect(context, fields);
        std::string text;
        format.render(context, text);
        context.names = field::NameView::kAsked;

        for (const ExpectedAlert::Field& expected : alert.output) {
            const auto found = std::ranges::find(fields, expected.name, &rule::OutputField::name);
            if (found == fields.end()) {
                failures.push_back(tool::to_text(Problem{
                    expected.place,
                    fmt::format("the output of '{}' has no field {}", alert.rule, expected.name)}));
            } else if (value_text(found->value) != expected.value) {
                failures.push_back(fmt::format("rule '{}': {} is {}, not {}", alert.rule,
                                               expected.name, value_text(found->value),
                                               expected.value));
            }
        }
        if (alert.text && *alert.text != text) {
            failures.push_back(fmt::format("rule '{}': the output is\n    {}", alert.rule, text));
        }
    }

    void check_silent(const Case& one, const std::vector<Match>& matches, Scenario& scenario,
                      std::vector<std::string>& failures) const {
        for (const NamedRule& named : one.silent) {
            if (!find(named.name)) failures.push_back(no_such_rule(named.name, named.place));
        }
        for (const Match& match : matches) {
            const std::string& name = rules_.rules[match.rule].name;
            const bool listed =
                std::ranges::find(one.silent, name, &NamedRule::name) != one.silent.end();
            const bool expected =
                std::ranges::find(one.fires, name, &ExpectedAlert::rule) != one.fires.end();
            if (!listed && (expected || !one.others_silent)) continue;
            failures.push_back(with_reasons(fmt::format("rule '{}' fired, and must not", name),
                                            match.rule, scenario));
        }
    }

    const rule::RuleSet& rules_;
    filter::MatchMode matching_;
    std::vector<Coverage>& coverage_;
    std::vector<filter::RuleCondition> conditions_;
    std::array<std::optional<filter::Program>, SAKER_EVENT_COUNT> programs_;
    filter::ConstantCache cache_;
    filter::Vm vm_;
};

// Loads the rules of a result; false after an error, which it then has.
bool load(const std::vector<std::string>& paths, FileResult& result) {
    if (paths.empty()) {
        result.errors.push_back(result.name + ": no 'rules' are named");
        return false;
    }
    const auto files = rule::expand_rule_paths(paths);
    if (!files) {
        result.errors.push_back(result.name + ": " + files.error().message);
        return false;
    }
    rule::Loader loader(given_fields());
    for (const std::string& file : *files) loader.add_file(file);
    rule::LoadResult loaded = loader.finish();
    for (const rule::Diagnostic& diagnostic : loaded.diagnostics) {
        if (diagnostic.is_error()) result.errors.push_back(rule::to_text(diagnostic));
    }
    result.rules = std::move(loaded.rules);
    return !loaded.has_errors;
}

}  // namespace

std::size_t FileResult::failed() const {
    const auto cases_failed =
        std::ranges::count_if(cases, [](const CaseResult& one) { return !one.passed(); });
    return static_cast<std::size_t>(cases_failed) + errors.size();
}

FileResult run_tests(const TestFile& file, const std::vector<std::string>& rules) {
    FileResult result;
    result.name = file.source->name();
    for (const Problem& problem : file.problems) result.errors.push_back(to_text(problem));
    if (!result.errors.empty()) return result;
    if (!load(rules.empty() ? file.rules : rules, result)) return result;
    Runner runner(result.rules, file.matching, result.coverage);
    for (const Case& one : file.cases) result.cases.push_back(runner.run(one));
    return result;
}

}  // namespace saker::tool
