// SPDX-License-Identifier: Apache-2.0
#include "rule/diagnostics.h"

#include <iterator>
#include <utility>

#include "fmt/core.h"
#include "util/text.h"

namespace saker::rule {
namespace {

// The type of the first step of every way.
constexpr const char* kContent = "rules content";

constexpr CodeInfo kCodes[] = {
    {Code::kErrFileRead, true, "LOAD_ERR_FILE_READ", "File read error",
     "The file could not be opened or read."},
    {Code::kErrYamlParse, true, "LOAD_ERR_YAML_PARSE", "YAML parse error",
     "The file is not YAML: nothing of it was read."},
    {Code::kErrYamlValidate, true, "LOAD_ERR_YAML_VALIDATE",
     "Error validating internal structure of YAML file",
     "The file is YAML, but an item does not have the keys and values that it must have."},
    {Code::kErrCompileCondition, true, "LOAD_ERR_COMPILE_CONDITION", "Error compiling condition",
     "A condition breaks the grammar, or names a field, operator or value that cannot be there."},
    {Code::kErrCompileOutput, true, "LOAD_ERR_COMPILE_OUTPUT", "Error compiling output",
     "An output names a field or transformer that cannot be there."},
    {Code::kErrValidate, true, "LOAD_ERR_VALIDATE",
     "Error validating rule/macro/list/exception objects",
     "An item is well written, but does not fit what is defined elsewhere."},
    {Code::kErrExtension, true, "LOAD_ERR_EXTENSION", "Error in extension item",
     "An item of an extension is wrong."},
    {Code::kUnknownSource, false, "LOAD_UNKNOWN_SOURCE", "Unknown event source",
     "A rule is about events of a source that is not there. It never applies."},
    {Code::kUnsafeNaCheck, false, "LOAD_UNSAFE_NA_CHECK", "Unsafe comparison with <NA>",
     "A field is compared with the text <NA>. A field without a value equals nothing: ask with "
     "'exists'."},
    {Code::kNoEvttype, false, "LOAD_NO_EVTTYPE", "Condition has no event-type restriction",
     "A condition does not say which events it is about, so that nearly every event is looked at."},
    {Code::kUnknownFilter, false, "LOAD_UNKNOWN_FILTER", "Unknown field or event type",
     "A rule names a field or an event type that is not there, and asks to be skipped then."},
    {Code::kUnusedMacro, false, "LOAD_UNUSED_MACRO", "Unused macro",
     "A macro is defined, and no condition names it."},
    {Code::kUnusedList, false, "LOAD_UNUSED_LIST", "Unused list",
     "A list is defined, and no condition and no other list names it."},
    {Code::kUnknownItem, false, "LOAD_UNKNOWN_ITEM", "Unknown rules file item",
     "An item is none of rule, macro, list, required_engine_version, required_plugin_versions. It "
     "is ignored."},
    {Code::kUnknownKey, false, "LOAD_UNKNOWN_KEY", "Unknown item key",
     "An item has a key that means nothing there. It is ignored."},
    {Code::kDeprecatedItem, false, "LOAD_DEPRECATED_ITEM", "Deprecated item",
     "Something is used that works, and that has a better successor."},
    {Code::kWarningExtension, false, "LOAD_WARNING_EXTENSION", "Warning in extension item",
     "An item of an extension is doubtful."},
    {Code::kAppendNoValues, false, "LOAD_APPEND_NO_VALUES", "Appended exception has no values",
     "An exception is added to or replaced without values, which changes nothing that matches."},
    {Code::kExceptionNameNotUnique, false, "LOAD_EXCEPTION_NAME_NOT_UNIQUE",
     "Exception name is not unique",
     "Two exceptions of a rule have the same name. What is appended under it goes to the first."},
    {Code::kInvalidMacroName, false, "LOAD_INVALID_MACRO_NAME", "Invalid macro name",
     "The grammar of conditions cannot read the macro's name as one."},
    {Code::kInvalidListName, false, "LOAD_INVALID_LIST_NAME", "Invalid list name",
     "The grammar of conditions cannot read the list's name as one word."},
    {Code::kCompileCondition, false, "LOAD_COMPILE_CONDITION", "Hint about a condition",
     "A condition is well written, but perhaps not what its author meant, or slower than needed."},
};

constexpr bool in_order() {
    for (std::size_t i = 0; i < std::size(kCodes); ++i) {
        if (static_cast<std::size_t>(kCodes[i].code) != i) return false;
    }
    return true;
}
static_assert(in_order(), "info() finds a code by its number");

Location locate(const Subject& subject) {
    Location location{subject.type, subject.name, {}, {}, subject.place.offset};
    if (subject.place.file != nullptr) {
        location.file = subject.place.file->name();
        location.position = subject.place.file->position(subject.place.offset);
    }
    return location;
}

void append_location(std::string& out, const Location& location) {
    out += out.empty() ? "In " : "    ";
    out += location.type;
    if (!location.name.empty()) out += " '" + text::visible(location.name) + "'";
    fmt::format_to(std::back_inserter(out), ": ({}:{}:{})\n", text::visible(location.file),
                   location.position.line, location.position.column);
}

void append_location(json::Writer& json, const Location& location) {
    json.begin_object();
    json.key("item_type").string(location.type);
    json.key("item_name").string(location.name);
    json.key("position").begin_object();
    json.key("name").string(location.file);
    json.key("line").number(std::uint64_t{location.position.line - 1});
    json.key("column").number(std::uint64_t{location.position.column - 1});
    json.key("offset").number(std::uint64_t{location.offset});
    json.end_object().end_object();
}

}  // namespace

const CodeInfo& info(Code code) {
    return kCodes[static_cast<std::size_t>(code)];
}

std::string to_text(const Diagnostic& diagnostic) {
    std::string out;
    for (const Location& location : diagnostic.context) append_location(out, location);
    if (!diagnostic.snippet.empty()) {
        out += "------\n" + diagnostic.snippet + "------\n";
    }
    const CodeInfo& code = info(diagnostic.code);
    fmt::format_to(std::back_inserter(out), "{} ({}): {}\n", code.name, code.brief,
                   text::visible(diagnostic.message));
    return out;
}

// Of errors, tools expect the brief text as the description; of warnings the sentence.
void append_json(json::Writer& json, const Diagnostic& diagnostic) {
    const CodeInfo& code = info(diagnostic.code);
    json.begin_object();
    json.key("context").begin_object();
    json.key("locations").begin_array();
    for (const Location& location : diagnostic.context) append_location(json, location);
    json.end_array();
    json.key("snippet").string(diagnostic.snippet);
    json.end_object();
    json.key("code").string(code.name);
    json.key("codedesc").string(code.is_error ? code.brief : code.details);
    json.key("message").string(diagnostic.message);
    if (!diagnostic.deprecated_field.empty()) {
        json.key("deprecated_field").string(diagnostic.deprecated_field);
    }
    json.end_object();
}

void Diagnostics::add(Code code, const Subject& subject, std::string message) {
    add(code, std::vector{subject}, std::move(message));
}

void Diagnostics::add(Code code, const Subject& subject, std::string_view detail, Place place,
                      std::string message) {
    add(code, {subject, {std::string(detail), "", place}}, std::move(message));
}

Diagnostic* Diagnostics::add(Code code, const std::vector<Subject>& way, std::string message) {
    const Place place = way.back().place;
    if (!is_new(code, place, message)) return nullptr;
    Diagnostic& diagnostic = found_.emplace_back();
    diagnostic.code = code;
    diagnostic.message = std::move(message);
    if (way.front().type != kContent) {
        diagnostic.context.push_back(locate({kContent, "", {way.front().place.file, 0}}));
    }
    for (const Subject& subject : way) diagnostic.context.push_back(locate(subject));
    if (place.file != nullptr) {
        diagnostic.file = place.file->number();
        if (!place.file->text().empty()) diagnostic.snippet = place.file->snippet(place.offset);
    }
    return &diagnostic;
}

// Counts errors even when nothing more is kept: a load with errors never passes for a good one.
bool Diagnostics::is_new(Code code, Place place, const std::string& message) {
    if (info(code).is_error) ++errors_;
    return found_.size() < kLimit && seen_.emplace(code, place.file, place.offset, message).second;
}

}  // namespace saker::rule
