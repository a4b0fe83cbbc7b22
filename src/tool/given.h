// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "field/context.h"
#include "field/field.h"

// Fields whose values are given, and not taken from an event: what rule tests run on.
namespace saker::tool {

// Values by field and argument. They own their texts.
class GivenValues {
public:
    // Replaces what was set before. No values: the event does not have the field.
    void set(const field::FieldUse& use, std::vector<field::Value> values);
    // Keeps a text that a value points to.
    std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

    // nullptr: it is not given.
    const std::vector<field::Value>* find(const field::FieldUse& use) const;

private:
    std::map<std::pair<const field::FieldInfo*, std::string>, std::vector<field::Value>> values_;
    std::deque<std::string> texts_;
};

// A context whose fields have the given values first.
struct GivenContext : field::Context {
    GivenValues given;
};

// All of Saker's fields. What each is, and what can be known of it before the event, is as in
// field::Registry::native(); its value is the one that is given, or else that of the native field.
// Their contexts must be GivenContexts.
const field::Registry& given_fields();

}  // namespace saker::tool
