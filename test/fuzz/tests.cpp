// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "field/field.h"
#include "targets.h"
#include "tool/given.h"
#include "tool/scenario.h"
#include "tool/test_file.h"

namespace saker::fuzz {

namespace {

// Values of given fields come from made records too.
void show(tool::Scenario& scenario) {
    for (const field::FieldInfo& info : tool::given_fields().fields()) {
        if (const auto use = tool::given_fields().bind(info.name, {})) {
            info.extract(*use, scenario.context());
        }
    }
}

}  // namespace

void tests(Input input) {
    const tool::TestFile file = tool::parse_test_file("fuzz.yaml", std::string(as_text(input)));
    for (const tool::Problem& problem : file.problems) to_text(problem);
    constexpr std::size_t kCases = 10;
    for (std::size_t i = 0; i < file.cases.size() && i < kCases; ++i) {
        const auto scenario = tool::Scenario::make(file.cases[i].event);
        if (scenario) show(**scenario);
        if (!scenario) to_text(scenario.error());
    }
}

}  // namespace saker::fuzz
