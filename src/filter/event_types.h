// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>

#include "event/table.h"
#include "filter/ast.h"
#include "saker/record.h"

// Which events a condition can be about.
namespace saker::filter {

// Indexed by event::EventType.
using EventTypeSet = std::bitset<SAKER_EVENT_COUNT>;

struct EventTypes {
    // The types for which the folded condition is not false: the rule must see these events, and
    // no other.
    EventTypeSet types;
    // What evt.type, syscall.type and evt.type.is alone say (`and` intersects, `or` unites, `not`
    // reaches the leaves, all else is neutral): the set that warnings about rules without an event
    // type count.
    EventTypeSet named;
    // False if no event type is ruled out by name.
    bool restricts = false;

    // What is to be collected for the condition: `types`, but where none is ruled out by name, no
    // reads and writes of data. These come all the time, and have to be named.
    EventTypeSet collected() const;
};

// `expr` must have been checked. Takes some microseconds for each test.
EventTypes event_types(const Expr& expr);

// EventTypes::named alone, in a fraction of the time.
EventTypeSet named_event_types(const Expr& expr);

}  // namespace saker::filter
