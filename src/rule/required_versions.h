// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "rule/item.h"
#include "rule/rule.h"
#include "rule/version.h"

namespace saker::rule {

// The items in which a file says what it needs. What is not there is an error.

// `highest` is raised to what the item asks for.
void read_engine_version(Item& item, Version& highest);

// A sequence of plugins, each with a name, a version and perhaps alternatives, which is added to
// `required`.
void read_plugin_versions(Item& item, std::vector<RequiredPlugin>& required);

}  // namespace saker::rule
