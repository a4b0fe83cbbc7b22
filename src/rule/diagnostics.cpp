// SPDX-License-Identifier: Apache-2.0
#include "rule/diagnostics.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "util/text.h"

namespace saker::rule {
namespace {

constexpr CodeInfo kCodes[] = {
    {Code::kErrFileRead, true, "LOAD_ERR_FILE_READ", "File read error"},
    {Code::kErrYamlParse, true, "LOAD_ERR_YAML_PARSE", "YAML parse error"},
    {Code::kErrYamlValidate, true, "LOAD_ERR_YAML_VALIDATE",
     "Error validating internal structure of YAML file"},
    {Code::kErrCompileCondition, true, "LOAD_ERR_COMPILE_CONDITION", "Error compiling condition"},
    {Code::kErrCompileOutput, true, "LOAD_ERR_COMPILE_OUTPUT", "Error compiling output"},
    {Code::kErrValidate, true, "LOAD_ERR_VALIDATE",
     "Error validating rule/macro/list/exception objects"},
    {Code::kErrExtension, true, "LOAD_ERR_EXTENSION", "Error in extension item"},
    {Code::kUnknownSource, false, "LOAD_UNKNOWN_SOURCE", "Unknown event source"},
    {Code::kUnsafeNaCheck, false, "LOAD_UNSAFE_NA_CHECK", "Unsafe comparison with <NA>"},
    {Code::kNoEvttype, false, "LOAD_NO_EVTTYPE", "Condition has no event-type restriction"},
    {Code::kUnknownFilter, false, "LOAD_UNKNOWN_FILTER", "Unknown field or event type"},
    {Code::kUnusedMacro, false, "LOAD_UNUSED_MACRO", "Unused macro"},
    {Code::kUnusedList, false, "LOAD_UNUSED_LIST", "Unused list"},
    {Code::kUnknownItem, false, "LOAD_UNKNOWN_ITEM", "Unknown rules file item"},
    {Code::kUnknownKey, false, "LOAD_UNKNOWN_KEY", "Unknown item key"},
    {Code::kDeprecatedItem, false, "LOAD_DEPRECATED_ITEM", "Deprecated item"},
    {Code::kWarningExtension, false, "LOAD_WARNING_EXTENSION", "Warning in extension item"},
    {Code::kAppendNoValues, false, "LOAD_APPEND_NO_VALUES", "Appended exception has no values"},
    {Code::kExceptionNameNotUnique, false, "LOAD_EXCEPTION_NAME_NOT_UNIQUE",
     "Exception name is not unique"},
    {Code::kInvalidMacroName, false, "LOAD_INVALID_MACRO_NAME", "Invalid macro name"},
    {Code::kInvalidListName, false, "LOAD_INVALID_LIST_NAME", "Invalid list name"},
    {Code::kCompileCondition, false, "LOAD_COMPILE_CONDITION", "Hint about a condition"},
};

constexpr bool in_order() {
    for (std::size_t i = 0; i < std::size(kCodes); ++i) {
        if (static_cast<std::size_t>(kCodes[i].code) != i) return false;
    }
    return true;
}
static_assert(in_order(), "info() finds a code by its number");

Location locate(std::string type, std::string name, Place place) {
    Location location{std::move(type), std::move(name), {}, {}};
    if (place.file != nullptr) {
        location.file = place.file->name();
        location.position = place.file->position(place.offset);
    }
    return location;
}

void append_location(std::string& out, const Location& location, std::size_t indent) {
    out.append(indent, ' ');
    out += "In " + location.type;
    if (!location.name.empty()) out += " '" + text::visible(location.name) + "'";
    fmt::format_to(std::back_inserter(out), ": ({}:{}:{})\n", text::visible(location.file),
                   location.position.line, location.position.column);
}

}  // namespace

const CodeInfo& info(Code code) {
    return kCodes[static_cast<std::size_t>(code)];
}

std::string to_text(const Diagnostic& diagnostic) {
    std::string out;
    for (const Location& location : diagnostic.context) {
        append_location(out, location, out.empty() ? 0 : 4);
    }
    if (!diagnostic.snippet.empty()) {
        out += "------\n" + diagnostic.snippet + "------\n";
    }
    const CodeInfo& code = info(diagnostic.code);
    fmt::format_to(std::back_inserter(out), "{} ({}): {}\n", code.name, code.brief,
                   text::visible(diagnostic.message));
    return out;
}

void Diagnostics::add(Code code, const Subject& subject, std::string message) {
    if (!is_new(code, subject.place, message)) return;
    Diagnostic diagnostic{code, std::move(message), {}, {}};
    diagnostic.context.push_back(locate(subject.type, subject.name, subject.place));
    keep(std::move(diagnostic), subject.place);
}

void Diagnostics::add(Code code, const Subject& subject, std::string_view detail, Place place,
                      std::string message) {
    if (!is_new(code, place, message)) return;
    Diagnostic diagnostic{code, std::move(message), {}, {}};
    diagnostic.context.push_back(locate(subject.type, subject.name, subject.place));
    diagnostic.context.push_back(locate(std::string(detail), "", place));
    keep(std::move(diagnostic), place);
}

// Counts errors even when nothing more is kept: a load with errors never passes for a good one.
bool Diagnostics::is_new(Code code, Place place, const std::string& message) {
    if (info(code).is_error) ++errors_;
    return found_.size() < kLimit && seen_.emplace(code, place.file, place.offset, message).second;
}

void Diagnostics::keep(Diagnostic diagnostic, Place place) {
    if (place.file != nullptr && !place.file->text().empty()) {
        diagnostic.snippet = place.file->snippet(place.offset);
    }
    found_.push_back(std::move(diagnostic));
}

}  // namespace saker::rule
