// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/list.h"
#include "field/field.h"

namespace saker::cli {

// The topic `fields` of `saker list`: all fields of the event source `request.name` (syscall, which
// is also what no name means), from their registry. Names that are only accepted are left out.
Result<int> list_fields(const ListRequest& request);

// What it prints. docs/fields.md is the Markdown form.
std::string fields_text(const field::Registry& registry);
std::string fields_markdown(const field::Registry& registry);
std::string fields_json(const field::Registry& registry);
std::string field_names(const field::Registry& registry);

}  // namespace saker::cli
