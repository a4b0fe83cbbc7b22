// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "field/context.h"
#include "field/field.h"

// Extractors for the parameters of events: evt.arg and its kin.
namespace saker::field {

// The type of a parameter: that of most events that have one of that name, a text if none has; a
// text that is a path in some events is a path. Some names (addr, data, dev, type, val) are a
// number in some events and a text in others; evt.rawarg has no value in the events where it is the
// other.
ValueType type_of_param(std::string_view name);

Values all_params(const FieldUse& use, const Context& context);
Values param_text(const FieldUse& use, const Context& context);
Values param_raw(const FieldUse& use, const Context& context);
std::optional<Values> fold_param(const FieldUse& use, event::EventType type);

// The payload of a read or a write.
Values buffer(const FieldUse& use, const Context& context);
std::optional<Values> fold_buffer(const FieldUse& use, event::EventType type);

}  // namespace saker::field
