// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "field/field.h"

namespace saker::field {

// True if the field's value follows from the event's comm and its process's image, and from nothing
// else: while a thread runs one program under one name, all its events have the same.
bool is_steady(const FieldUse& use);

}  // namespace saker::field
