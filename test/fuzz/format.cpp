// SPDX-License-Identifier: Apache-2.0
#include "rule/format.h"

#include <string>
#include <vector>

#include "events.h"
#include "targets.h"
#include "tool/given.h"

namespace saker::fuzz {

void format(Input input) {
    const auto format = rule::Format::compile(as_text(input), tool::given_fields());
    if (!format) return;
    for (const auto& scenario : events()) {
        std::string text;
        format->render(scenario->context(), text);
        std::vector<rule::OutputField> fields;
        format->collect(scenario->context(), fields);
    }
}

}  // namespace saker::fuzz
