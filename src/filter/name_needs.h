// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "event/name_filter.h"
#include "event/table.h"
#include "filter/ast.h"

namespace saker::filter {

// Lets the filter pass all events of a type that opens files for which a rule may match: those
// with a component of a name that the rule's condition cannot do without, or, where it can do
// without any, all of them (or all that are opened for writing). `condition` is what the rule's
// folds to for events of that type.
void add_name_needs(const Expr& condition, event::EventType type, event::NameFilter& filter);

}  // namespace saker::filter
