// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tool/scenario.h"
#include "tool/test_file.h"

namespace saker::fuzz {

// Some events for conditions and outputs to be evaluated on.
inline const std::vector<std::unique_ptr<tool::Scenario>>& events() {
    static const auto all = [] {
        constexpr const char* kEvents = R"(
cases:
  - name: open
    silent: others
    event: {evt.type: openat, fd.name: /tmp/x, fd.realpath: /etc/shadow, evt.arg.flags: O_RDWR}
  - name: exec
    silent: others
    event:
      evt.type: execve
      proc.cmdline: sh -c id -- x
      proc.env: [HOME=/root]
      container.id: abc
      ancestors: [{proc.name: a}, {proc.name: b}]
  - name: connect
    silent: others
    event: {evt.type: connect, fd.name: "10.0.0.1:40000->10.0.0.2:80", evt.rawres: -115}
)";
        const tool::TestFile file = tool::parse_test_file("events", kEvents);
        std::vector<std::unique_ptr<tool::Scenario>> made;
        for (const tool::Case& one : file.cases) {
            auto scenario = tool::Scenario::make(one.event);
            if (!scenario) throw std::logic_error(to_text(scenario.error()));
            made.push_back(std::move(*scenario));
        }
        return made;
    }();
    return all;
}

}  // namespace saker::fuzz
