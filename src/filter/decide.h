// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "event/table.h"
#include "field/scratch.h"
#include "filter/ast.h"
#include "filter/lower.h"

namespace saker::filter {

// What a test is for events of a type, as far as that is known before the event: its fields say so
// (FieldInfo::fold). Made once for a test, then asked for any number of types. One thread.
class Decider {
public:
    // `test` is checked and simplified, and outlives this, as `scratch` does.
    Decider(const Test& test, field::Scratch& scratch);

    // nullopt: only the event can tell.
    std::optional<bool> decide(event::EventType type);

private:
    std::optional<field::Values> known(const Operand& operand, event::EventType type);
    std::optional<field::Values> known_call(const Operand& operand, event::EventType type);
    std::optional<field::Values> known_list(const Operand& operand, event::EventType type);

    const Test& test_;
    bool decidable_ = false;      // it has a field that can be known
    std::optional<bool> always_;  // for every type of event
    ConstantPool pool_;
    std::optional<Instruction> code_;  // made when first needed
    field::Scratch& scratch_;
};

}  // namespace saker::filter
