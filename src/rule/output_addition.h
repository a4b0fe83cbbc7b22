// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "field/field.h"
#include "rule/rule.h"
#include "util/result.h"

namespace saker::rule {

// A field that alerts carry as data, and do not show in their text.
struct AddedField {
    std::string key;
    std::string format;  // what stands under the key, as text; empty: the key is a field
};

// What the configuration adds to the outputs of rules: an entry of its key append_output.
struct OutputAddition {
    // Which rules: those that have all that is given here.
    std::string rule;            // the name; empty: any
    std::string source;          // empty: any
    std::set<std::string> tags;  // and others, perhaps

    std::string text;  // a format, behind the rule's output and a blank
    std::vector<AddedField> fields;
    bool suggested = false;  // behind `text`: name_of_field=%name.of.field for the container's
};

// Additions whose formats are compiled. Immutable; the registry must outlive the rules that were
// added to.
class OutputAdditions {
public:
    // Error: which entry names what is no field.
    static Result<OutputAdditions> compile(const std::vector<OutputAddition>& additions,
                                           const field::Registry& registry);

    // Adds to a rule what matches it, in order.
    void add_to(Rule& rule) const;

private:
    struct Entry {
        OutputAddition written;
        std::string text;  // all that goes behind the output; empty: nothing
        Format format;     // of `text`
        std::vector<ExtraField> fields;
    };

    std::vector<Entry> entries_;
};

}  // namespace saker::rule
