// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <optional>
#include <string_view>
#include <vector>

#include "field/field.h"
#include "tool/event_spec.h"
#include "tool/given.h"
#include "tool/problem.h"

namespace saker::tool {

// A given field that exists, with values of its type.
struct BoundField {
    const GivenField* given = nullptr;
    field::FieldUse use;
    std::vector<field::Value> values;  // none: the event does not have it

    std::string_view name() const { return use.info->name; }
    const field::Value& value() const { return values.front(); }
    std::string_view text() const { return given->texts.front(); }
};

// Finds the field and reads its values. Texts go to `keeper`.
std::expected<BoundField, Problem> bind(const GivenField& given, GivenValues& keeper);

// The first of that name without an argument that has a value; nullptr if there is none.
const BoundField* find(const std::vector<BoundField>& fields, std::string_view name);

}  // namespace saker::tool
