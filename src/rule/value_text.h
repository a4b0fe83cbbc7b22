// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "field/field.h"
#include "field/value.h"
#include "rule/output_field.h"

// Fields' values as alerts show them. What processes control goes through as it is: the outputs
// escape it.
namespace saker::rule {

// Appends one value: numbers and times (ns) in decimal, `true` and `false`, addresses as
// inet_ntop(3) writes them; of byte buffers what is printable ASCII, a dot for every other byte.
void append_value(std::string& out, field::ValueType type, const field::Value& value);

// All values of a field: `<NA>` for none; `(a,b)` for a list; ancestors, which are several values
// without being a list, with a blank between them.
void append_values(std::string& out, field::ValueType type, field::Several several,
                   field::Values values);

// The same with its type. Several values that are no list are one string, as in the text.
OutputValue output_value(field::ValueType type, field::Several several, field::Values values);

}  // namespace saker::rule
