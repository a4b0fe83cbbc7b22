// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rule/source_file.h"

namespace saker::tool {

// A field as a test file gives it; nothing is checked yet.
struct GivenField {
    std::string name;                     // the dotted name
    std::optional<std::string> argument;  // in brackets behind it
    rule::Place place;                    // of the name
    rule::Place value_place;
    std::vector<std::string> texts;  // one, unless it is written as a list; none: it has no value
    bool list = false;               // written as a list

    bool is(const GivenField& other) const {
        return name == other.name && argument == other.argument;
    }
};

using GivenFields = std::vector<GivenField>;

// An event as a test file describes it: its type and fields, and the ancestors of its process,
// the parent first.
struct EventSpec {
    rule::Place place;
    GivenFields fields;
    std::optional<std::vector<GivenFields>> ancestors;

    // The same event with what `changes` gives put in place of what is here.
    EventSpec with(const EventSpec& changes) const;
};

}  // namespace saker::tool
