// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/list.h"
#include "field/field.h"

namespace saker::cli {

// The topic `fields` of `saker list`: the fields that `request.name` asks for, from their registry:
// all (no name, or that of the event source, syscall), those of a class (proc, fd), or one with
// what begins with its name (fd.sip). Names that are only accepted are left out.
Result<int> list_fields(const ListRequest& request);

// Those that a name other than an event source asks for; an argument in brackets does not matter.
std::vector<field::FieldInfo> fields_named(const field::Registry& registry, std::string_view name);

// What it prints. docs/fields.md is the Markdown form.
std::string fields_text(const field::Registry& registry);
std::string fields_markdown(const field::Registry& registry);
std::string fields_json(const field::Registry& registry);
std::string field_names(const field::Registry& registry);

}  // namespace saker::cli
