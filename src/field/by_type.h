// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "event/table.h"
#include "field/make.h"

// Fields whose value follows from the type of the event.
namespace saker::field {

// Values that are the same for every event of a type, as a constant for each type.
template <Value (*value_of)(event::EventType)>
std::optional<Values> by_type(const FieldUse& /*use*/, event::EventType type) {
    static const std::vector<Value> constants = [] {
        std::vector<Value> all;
        for (event::EventType i = 0; i < event::events().size(); ++i) all.push_back(value_of(i));
        return all;
    }();
    return Values(&constants[type], 1);
}

template <Value (*value_of)(event::EventType)>
Values from_type(const FieldUse& /*use*/, const Context& context) {
    return context.scratch->one(value_of(context.event->type()));
}

inline bool is_syscall(event::EventType type) {
    return (event::info(type).traits & (event::kTracepoint | event::kMeta)) == 0;
}

// syscall.type, evt.res and the like: nothing for other events.
inline std::optional<Values> syscalls_only(const FieldUse& /*use*/, event::EventType type) {
    return is_syscall(type) ? std::nullopt : std::optional<Values>(Values{});
}

}  // namespace saker::field
