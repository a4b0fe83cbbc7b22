// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "rule/source_file.h"
#include "rule/yaml.h"

namespace saker::rule {

class Item;

// What an exception compares one field with: one value, or several.
struct ExceptionValue {
    std::vector<Scalar> items;
    bool is_list = false;
    Place place;
};

// The values of all fields of an exception, of one case that it lets pass.
struct ExceptionRow {
    std::vector<ExceptionValue> values;
    bool is_list = false;  // written as a sequence
    Place place;
};

// A rule's exception as files define it. Two forms: `fields` is a sequence, and each row has a
// value for each field; or it is one text (`single`), and each row is a value that may be.
struct Exception {
    Scalar name;
    std::vector<Scalar> fields;  // none: values only, for an exception that is there
    std::vector<Scalar> comps;   // operators; none: the default ones
    bool single = false;
    bool single_comp = false;
    std::vector<ExceptionRow> rows;
    Place place;
};

// More than this in one rule is an error.
inline constexpr std::size_t kMaxExceptions = 1000;

// Reads the key `exceptions` of a rule. `adds`: to a rule that is there, so that an exception
// without values is pointed at. Whether fields, operators and values fit is found out when the rule
// is compiled (append_exceptions).
std::vector<Exception> read_exceptions(Item& rule, bool adds);

// Adds to the exceptions of a rule that is there: values to one of the same name, or a new one.
void merge_exceptions(Item& rule, std::vector<Exception> added, std::vector<Exception>& into);

}  // namespace saker::rule
