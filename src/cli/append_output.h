// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "rule/output_addition.h"
#include "util/result.h"
#include "yaml-cpp/yaml.h"

namespace saker::cli {

// Reads the configuration's key append_output: what is added to the outputs of rules.
//
//   append_output:
//     - match: {rule: Shell in a container, source: syscall, tags: [shell]}
//       extra_output: on %evt.hostname
//       extra_fields: [proc.pid, {where: "%fd.name on %evt.hostname"}]
//       suggested_output: true
//
// `unknown` gets the keys of entries that mean nothing. Errors name the entry and the key; whether
// the fields exist is seen when rules are loaded.
Result<std::vector<rule::OutputAddition>> read_append_output(const YAML::Node& node,
                                                             std::vector<std::string>& unknown);

// One entry from the command line, in YAML or JSON.
Result<rule::OutputAddition> parse_append_output(const std::string& text);

}  // namespace saker::cli
