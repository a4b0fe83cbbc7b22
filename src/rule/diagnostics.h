// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "rule/source_file.h"
#include "util/json.h"

// What is wrong with rules files, in the terms that tools already know.
namespace saker::rule {

// The names and texts are an interface (tools compare them): diagnostics.cpp has the table. Errors
// first, then warnings.
enum class Code : std::uint8_t {
    kErrFileRead,
    kErrYamlParse,
    kErrYamlValidate,
    kErrCompileCondition,
    kErrCompileOutput,
    kErrValidate,
    kErrExtension,
    kUnknownSource,
    kUnsafeNaCheck,
    kNoEvttype,
    kUnknownFilter,
    kUnusedMacro,
    kUnusedList,
    kUnknownItem,
    kUnknownKey,
    kDeprecatedItem,
    kWarningExtension,
    kAppendNoValues,
    kExceptionNameNotUnique,
    kInvalidMacroName,
    kInvalidListName,
    kCompileCondition,
};

struct CodeInfo {
    Code code;
    bool is_error;
    std::string_view name;     // LOAD_ERR_YAML_PARSE
    std::string_view brief;    // YAML parse error
    std::string_view details;  // a sentence
};

const CodeInfo& info(Code code);

// Something in a file that a diagnostic can be about: a rule, a macro, an exception, a condition.
struct Subject {
    std::string type;  // "rule", "macro", "list", "condition expression", ...
    std::string name;  // may be empty
    Place place;
};

// One step of the way from the file as a whole to the detail. The types are an interface too:
// rules content (the file), rules content item, required_engine_version, required plugin versions
// (entry), list, list item, macro, macro condition, rule, rule condition, rule output, rule output
// expression, rule priority, condition expression, exceptions, exception, exception values,
// exception value, overrides, and "value for" any other key.
struct Location {
    std::string type;
    std::string name;
    std::string file;
    Position position;
    std::size_t offset = 0;  // in bytes
};

struct Diagnostic {
    Code code{};
    std::string message;
    std::vector<Location> context;  // from the file to the place of the caret: at least one
    std::string snippet;            // two lines: source and caret; empty if there is no source
    std::size_t file = 0;           // SourceFile::number() of the file with the caret
    std::string deprecated_field;   // where a field is what is deprecated

    bool is_error() const { return info(code).is_error; }
    const Location& place() const { return context.back(); }
};

// For people, several lines; lines and columns count from 1, as compilers and editors do:
//
//   In rules content: (rules.yaml:1:1)
//       rule 'Name': (rules.yaml:3:9)
//       rule condition: (rules.yaml:5:14)
//       condition expression: (rules.yaml:5:14)
//   ------
//   condition: evt.typ = open
//              ^
//   ------
//   LOAD_ERR_COMPILE_CONDITION (Error compiling condition): nonexistent field evt.typ
std::string to_text(const Diagnostic& diagnostic);

// For programs, an object with the keys context, code, codedesc, message and, if there is one,
// deprecated_field. Since programs that read it do so, lines and columns count from 0 here, and
// codedesc is the short text for errors and the long one for warnings.
void append_json(json::Writer& json, const Diagnostic& diagnostic);

// Collects diagnostics in the order in which they are found. The same message about the same place
// is kept once (a mistake in a macro would come back with every rule that uses it), and no more
// than kLimit are kept at all.
class Diagnostics {
public:
    static constexpr std::size_t kLimit = 1000;

    // About a subject as a whole.
    void add(Code code, const Subject& subject, std::string message);
    // About a detail of it: `detail` says what stands at `place`.
    void add(Code code, const Subject& subject, std::string_view detail, Place place,
             std::string message);
    // About the last of several things, each of which is a part of the one before. Gives what is
    // kept, until the next one is added; nullptr if it is not kept.
    Diagnostic* add(Code code, const std::vector<Subject>& way, std::string message);

    bool has_errors() const { return errors_ > 0; }
    std::vector<Diagnostic> take() { return std::move(found_); }

private:
    bool is_new(Code code, Place place, const std::string& message);
    std::vector<Diagnostic> found_;
    std::set<std::tuple<Code, const SourceFile*, std::size_t, std::string>> seen_;
    std::size_t errors_ = 0;
};

}  // namespace saker::rule
