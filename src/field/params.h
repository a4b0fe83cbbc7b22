// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "field/context.h"
#include "field/field.h"

// Extractors for the parameters of events: evt.arg and its kin.
namespace saker::field {

Values all_params(const FieldUse& use, const Context& context);
Values param_text(const FieldUse& use, const Context& context);
Values param_raw(const FieldUse& use, const Context& context);
std::optional<Values> fold_param(const FieldUse& use, event::EventType type);

// The payload of a read or a write.
Values buffer(const FieldUse& use, const Context& context);
std::optional<Values> fold_buffer(const FieldUse& use, event::EventType type);

}  // namespace saker::field
