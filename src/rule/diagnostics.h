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
    std::string_view name;   // LOAD_ERR_YAML_PARSE
    std::string_view brief;  // YAML parse error
};

const CodeInfo& info(Code code);

// What a diagnostic is about: the rule, the macro, ... as a whole.
struct Subject {
    std::string type;  // "rule", "macro", "list", "rules content", ...
    std::string name;  // may be empty
    Place place;
};

// One step of the way from the whole to the detail.
struct Location {
    std::string type;  // "rule", "condition expression", ...
    std::string name;
    std::string file;
    Position position;
};

struct Diagnostic {
    Code code{};
    std::string message;
    std::vector<Location> context;  // at least one; the last is the place of the caret
    std::string snippet;            // two lines: source and caret; empty if there is no source

    bool is_error() const { return info(code).is_error; }
    const Location& place() const { return context.back(); }
};

// For people, several lines:
//
//   In rule 'Name': (rules.yaml:3:9)
//       In condition expression: (rules.yaml:5:14)
//   ------
//   condition: evt.typ = open
//              ^
//   ------
//   LOAD_ERR_COMPILE_CONDITION (Error compiling condition): unknown field 'evt.typ'
std::string to_text(const Diagnostic& diagnostic);

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

    bool has_errors() const { return errors_ > 0; }
    std::vector<Diagnostic> take() { return std::move(found_); }

private:
    bool is_new(Code code, Place place, const std::string& message);
    void keep(Diagnostic diagnostic, Place place);

    std::vector<Diagnostic> found_;
    std::set<std::tuple<Code, const SourceFile*, std::size_t, std::string>> seen_;
    std::size_t errors_ = 0;
};

}  // namespace saker::rule
