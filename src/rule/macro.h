// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rule/definition.h"
#include "rule/mapped_text.h"

namespace saker::rule {

// A macro as files define it: the name of a condition.
struct MacroDefinition : Definition {
    MappedText condition;
};

using MacroTable = DefinitionTable<MacroDefinition>;

}  // namespace saker::rule
