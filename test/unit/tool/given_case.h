// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "tool/given.h"
#include "tool/scenario.h"
#include "tool/test_file.h"
#include "tool/value_text.h"

namespace saker::test {

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != text.npos;
}

// The event of a test file's text: lines of fields, each indented by six blanks or in one flow map.
inline tool::TestFile file_of_event(const std::string& event) {
    return tool::parse_test_file("t.yaml",
                                 "cases:\n  - name: n\n    silent: others\n    event: " + event);
}

// Its message where it cannot be made, else empty.
inline std::string problem_of(const std::string& event) {
    const tool::TestFile file = file_of_event(event);
    if (!file.problems.empty()) return to_text(file.problems[0]);
    const auto scenario = tool::Scenario::make(file.cases.at(0).event);
    return scenario ? "" : to_text(scenario.error());
}

// A field of the event as text.
inline std::string show(const std::string& field, const std::string& event,
                        field::NameView names = field::NameView::kAsked) {
    const tool::TestFile file = file_of_event(event);
    if (!file.problems.empty()) throw std::invalid_argument(to_text(file.problems[0]));
    const auto scenario = tool::Scenario::make(file.cases.at(0).event);
    if (!scenario) throw std::invalid_argument(to_text(scenario.error()));
    const auto bracket = field.find('[');
    std::optional<std::string_view> argument;
    if (bracket != field.npos) {
        argument = std::string_view(field).substr(bracket + 1, field.size() - bracket - 2);
    }
    const auto use = tool::given_fields().bind(field.substr(0, bracket), argument);
    if (!use) throw std::invalid_argument(use.error().message);
    auto& context = (*scenario)->context();
    context.names = names;
    return tool::value_text(use->info->type, use->info->extract(*use, context));
}

}  // namespace saker::test
