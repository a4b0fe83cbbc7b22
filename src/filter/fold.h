// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "event/table.h"
#include "field/scratch.h"
#include "filter/ast.h"

// What is left of a condition once the type of the event is known.
namespace saker::filter {

// A simpler condition. An empty And is true, an empty Or is false.
struct Folded {
    ExprPtr expr;

    bool is_true() const;
    bool is_false() const;
};

// Decides the tests whose fields are known for events of that type, simplifies `and`, `or` and
// `not`, and merges tests of one field into one test with a set. For every event of that type the
// result is exactly that of `expr`, which must have been checked.
Folded fold(const Expr& expr, event::EventType type);

// The same with memory of the caller's, for many conditions in a row; its contents are lost.
Folded fold(const Expr& expr, event::EventType type, field::Scratch& scratch);

}  // namespace saker::filter
