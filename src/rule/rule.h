// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "filter/ast.h"
#include "rule/definition.h"
#include "rule/exception.h"
#include "rule/format.h"
#include "rule/mapped_text.h"
#include "rule/priority.h"

namespace saker::rule {

// A rule as files define it.
struct RuleDefinition : Definition {
    MappedText condition;  // without the exceptions
    MappedText output;     // without blanks around it
    std::string description;
    Priority priority = Priority::kDebug;
    std::set<std::string> tags;
    std::vector<Exception> exceptions;
    std::string source = "syscall";
    bool enabled = true;
    bool capture = false;
    std::uint32_t capture_duration = 0;  // ms; 0: as the configuration says
    bool warn_evttypes = true;
    bool skip_if_unknown_filter = false;
    bool unknown_source = false;  // of another event source: known by name, never evaluated
};

using RuleTable = DefinitionTable<RuleDefinition>;

// What a description says of an exception.
struct ExceptionInfo {
    std::string name;
    std::vector<std::string> fields;
    std::vector<std::string> operators;  // one for each field
};

// What an alert carries beside the fields of its text, because the configuration asks for it.
struct ExtraField {
    std::string key;      // in the alert's fields
    std::string written;  // the format, whose text stands there; empty: `key` is a field
    Format format;

    // Appends it for an event: a field with its type, and what was written as a format as text.
    void collect(const field::Context& context, std::vector<OutputField>& fields) const;
};

// A rule that is ready to run.
struct Rule {
    std::string name;
    std::string description;
    std::string condition;     // as written, with what was appended
    std::string output;        // as written, without blanks around it
    filter::ExprPtr expr;      // `condition` with lists and macros put in, checked
    Format format;             // `output` and `extra_output`
    std::string extra_output;  // what the configuration has behind it, with the blank
    std::vector<ExtraField> extra_fields;
    Priority priority = Priority::kDebug;
    std::vector<std::string> tags;  // sorted, each once
    std::string source;
    bool enabled = true;
    bool capture = false;
    std::uint32_t capture_duration = 0;  // ms
    std::vector<std::string> macros;     // that `condition` names, and not those inside of them
    std::vector<std::string> lists;      // likewise
    std::vector<ExceptionInfo> exceptions;
    std::string file;
    Position position;  // of its name in the file
};

// A macro or a list, for descriptions of rules.
struct Macro {
    std::string name;
    std::string condition;           // as written
    filter::ExprPtr expr;            // with lists put in, and not macros; null after a mistake
    std::vector<std::string> lists;  // that `condition` names
    bool used = false;               // by a rule or a macro
};
struct List {
    std::string name;
    std::vector<std::string> items;    // with the lists inside expanded
    std::vector<std::string> written;  // as written
    std::vector<std::string> lists;    // that are items
    bool used = false;                 // by a condition or a list
};

// A plugin that a file asks for, and what would do instead of it.
struct RequiredPlugin {
    std::string name;
    std::string version;
    std::vector<RequiredPlugin> alternatives;
};

// All that files define. Each vector is in the order of first definition, which is the order in
// which rules are evaluated; rules that are not enabled are there too.
struct RuleSet {
    std::vector<Rule> rules;
    std::vector<Macro> macros;
    std::vector<List> lists;
    std::string required_engine_version;  // the highest that a file asks for; may be empty
    std::vector<RequiredPlugin> required_plugins;
};

}  // namespace saker::rule
