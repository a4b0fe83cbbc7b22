// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rule/item.h"
#include "rule/version.h"

namespace saker::rule {

// The items in which a file says what it needs. What is not there is an error.

// `highest` is raised to what the item asks for.
void read_engine_version(Item& item, Version& highest);

// A sequence of plugins, each with a name, a version and perhaps alternatives.
void read_plugin_versions(Item& item);

}  // namespace saker::rule
