// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace saker::rule {

// A field's value as an alert carries it: it owns its text and keeps its type, so that JSON shows
// numbers as numbers. Nothing (null in JSON, <NA> in text) where the event did not have the field.
using OutputValue = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double,
                                 std::string, std::vector<std::string>>;

struct OutputField {
    std::string name;  // as the rule wrote it: proc.aname[2]
    OutputValue value;
    bool operator==(const OutputField&) const = default;
};

}  // namespace saker::rule
