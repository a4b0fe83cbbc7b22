// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rule/definitions.h"
#include "rule/diagnostics.h"
#include "rule/yaml.h"

namespace saker::rule {

// Reads the items of one file (required versions, lists, macros, rules) into what is defined
// already. Goes on after a mistake, so that a file's mistakes show all at once. The file and the
// tree must outlive the definitions.
FileSummary read_items(const SourceFile& file, const YamlTree& tree, Definitions& definitions,
                       Diagnostics& diagnostics);

}  // namespace saker::rule
