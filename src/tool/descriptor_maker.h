// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "event/table.h"
#include "tool/bound_field.h"

// Captures (include/saker/record.h) out of fields.
namespace saker::tool {

// The struct saker_fd that the fields fd.* describe, with what follows it, for an event of that
// type; `number` is the descriptor's. Empty if they describe none that has a form of its own.
std::string make_descriptor(const std::vector<BoundField>& fields, event::EventType type,
                            int number);

// The struct saker_path of a name, relative ones with their base directory.
std::string make_path(std::string_view name, std::string_view base);

}  // namespace saker::tool
