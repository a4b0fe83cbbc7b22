// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "field/field.h"
#include "record_builder.h"
#include "rule/loader.h"
#include "rule/output_addition.h"
#include "state/temp_folder.h"

namespace saker::test {

// One rule as YAML; `more` is further lines, indented by two.
inline std::string rule_text(std::string_view name, std::string_view condition,
                             std::string_view output, std::string_view priority = "WARNING",
                             std::string_view more = "") {
    std::string text;
    for (const std::string_view part :
         {std::string_view("- rule: "), name, std::string_view("\n  desc: d\n  condition: >\n    "),
          condition, std::string_view("\n  output: \""), output,
          std::string_view("\"\n  priority: "), priority, std::string_view("\n"), more}) {
        text += part;
    }
    return text;
}

inline rule::RuleSet load_rules(const std::string& text) {
    rule::Loader loader(field::Registry::native());
    loader.add_text("test.yaml", text);
    rule::LoadResult result = loader.finish();
    std::string all;
    for (const rule::Diagnostic& diagnostic : result.diagnostics) all += to_text(diagnostic);
    if (result.has_errors) throw std::invalid_argument(all);
    return std::move(result.rules);
}

// An engine with rules of a test, on a host that has no other processes and one user, and what it
// has raised.
class Sensor {
public:
    static constexpr std::uint64_t kEpochOffset = 1'700'000'000'000'000'000;

    explicit Sensor(const std::string& rules,
                    filter::MatchMode matching = filter::MatchMode::kFirst,
                    rule::Priority priority = rule::Priority::kDebug,
                    state::ResolveHost resolve = no_network,
                    const engine::ContainerOptions& containers = {})
        : rules_(load_rules(rules)),
          engine_(rules_, options(matching, priority, std::move(resolve), containers),
                  [this](const engine::Alert& alert) { alerts.push_back(alert); }) {}
    Sensor(const std::string& rules, const std::vector<rule::OutputAddition>& additions)
        : Sensor(rules) {
        const auto compiled = rule::OutputAdditions::compile(additions, field::Registry::native());
        if (!compiled) throw std::invalid_argument(compiled.error().message);
        for (rule::Rule& rule : rules_.rules) compiled->add_to(rule);
    }
    Sensor(const Sensor&) = delete;
    Sensor& operator=(const Sensor&) = delete;

    // Gives a record to the engine and returns the texts of the alerts that it raised.
    std::vector<std::string> feel(const RecordBuilder& record) {
        return feel(record.build().bytes());
    }
    std::vector<std::string> feel(event::Bytes record) {
        const std::size_t before = alerts.size();
        engine_.process(record);
        std::vector<std::string> texts;
        for (std::size_t i = before; i < alerts.size(); ++i) texts.push_back(alerts[i].text);
        return texts;
    }

    engine::Engine& engine() { return engine_; }

    std::vector<engine::Alert> alerts;

private:
    static std::optional<std::vector<event::IpAddress>> no_network(const std::string& /*name*/) {
        return std::nullopt;
    }

    engine::EngineOptions options(filter::MatchMode matching, rule::Priority priority,
                                  state::ResolveHost resolve,
                                  const engine::ContainerOptions& containers) const {
        root_.write("etc/passwd", "ann:x:1001:1001::/home/ann:/bin/zsh\n");
        engine::EngineOptions options;
        options.matching = matching;
        options.priority = priority;
        options.hostname = "box";
        options.host_root = root_.path();
        options.epoch_offset_ns = kEpochOffset;
        options.resolve = std::move(resolve);
        options.containers = containers;
        return options;
    }

    TempFolder root_;
    rule::RuleSet rules_;
    engine::Engine engine_;
};

}  // namespace saker::test
