// SPDX-License-Identifier: Apache-2.0
#include "cli/list_fields.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "fmt/core.h"
#include "fmt/ranges.h"
#include "util/json.h"

namespace saker::cli {

namespace {

using field::Argument;
using field::FieldInfo;
using field::Several;

// In the order of ValueType.
constexpr std::string_view kTypeNames[] = {"string", "path", "int", "uint", "double",   "bool",
                                           "bytes",  "port", "ip",  "net",  "duration", "time"};
static_assert(std::size(kTypeNames) == field::kValueTypes);

// How a field is written with its arguments, in the order of Argument; `%` is its name.
constexpr std::string_view kForms[] = {
    "%",              // kNone
    "% %[n]",         // kIndexOptional
    "% %[n] %[key]",  // kIndexOrKeyOptional
    "%[key]",         // kKeyRequired
    "% %[NAME]",      // kKeyOptional
    "%.NAME %[n]",    // kParam
    "%.TYPE",         // kEventType
    "%[ns]",          // kTime
    "% %.src %.dst",  // kSideOptional
    "%.CONTROLLER",   // kController
    "%.KEY",          // kStaticKey
};
static_assert(std::size(kForms) == static_cast<std::size_t>(Argument::kStaticKey) + 1);

constexpr std::pair<field::FieldFlag, std::string_view> kNotes[] = {
    {field::kFilterOnly, "conditions only"}, {field::kPrintOnly, "outputs only"},
    {field::kDeprecated, "deprecated"},      {field::kOwn, "Saker's own"},
    {field::kNeverValued, "no value"},       {field::kReadsProc, "read from /proc"},
};

std::vector<std::string> forms_of(const FieldInfo& info) {
    std::vector<std::string> forms(1);
    for (const char c : kForms[static_cast<std::size_t>(info.argument)]) {
        if (c == ' ') {
            forms.emplace_back();
        } else if (c == '%') {
            forms.back() += info.name;
        } else {
            forms.back() += c;
        }
    }
    return forms;
}

std::string type_of(const FieldInfo& info) {
    if (info.has(field::kTypedByParam)) return "the parameter's";
    const std::string_view name = kTypeNames[static_cast<std::size_t>(info.type)];
    return info.several == Several::kList ? fmt::format("list of {}", name) : std::string(name);
}

std::vector<std::string_view> notes_of(const FieldInfo& info) {
    std::vector<std::string_view> notes;
    for (const auto& [flag, note] : kNotes) {
        if (info.has(flag)) notes.push_back(note);
    }
    return notes;
}

// What a name begins with: proc, fd, container.
std::string_view class_of(const FieldInfo& info) {
    return info.name.substr(0, info.name.find('.'));
}

struct FieldClass {
    std::string_view name;
    std::vector<const FieldInfo*> fields;
};

// The listed fields by class; both in the order of the registry.
std::vector<FieldClass> classes_of(const field::Registry& registry) {
    std::vector<FieldClass> classes;
    for (const FieldInfo& info : registry.fields()) {
        if (info.has(field::kHidden)) continue;
        auto found = std::ranges::find(classes, class_of(info), &FieldClass::name);
        if (found == classes.end()) found = classes.insert(found, {class_of(info), {}});
        found->fields.push_back(&info);
    }
    return classes;
}

constexpr std::string_view kMarkdownHead =
    R"(# Fields

What conditions and outputs may name, made by `saker list fields --format markdown`.

A field that an event does not have is no value: a test of it is false, whatever the operator, and
an output shows `<NA>`. Times are ns since the epoch, durations are ns. `n` is a number, 0 the
first. Fields of ancestors take the generation: `proc.aname[1]` is the parent; without it a test
holds if it holds for any ancestor. What is marked as Saker's own is in no other sensor: a rules
file that is to be loaded elsewhere too does without.
)";

// A bar would end the cell of a table.
std::string in_cell(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '|') escaped += '\\';
        escaped += c;
    }
    return escaped;
}

void add_field(json::Writer& json, const FieldInfo& info) {
    json.begin_object();
    json.key("name").string(info.name);
    json.key("class").string(class_of(info));
    json.key("type").string(info.has(field::kTypedByParam)
                                ? "parameter"
                                : kTypeNames[static_cast<std::size_t>(info.type)]);
    json.key("list").boolean(info.several == Several::kList);
    json.key("forms").begin_array();
    for (const std::string& form : forms_of(info)) json.string(form);
    json.end_array().key("notes").begin_array();
    for (const std::string_view note : notes_of(info)) json.string(note);
    json.end_array().key("description").string(info.description);
    json.end_object();
}

std::string (*printer_of(const ListRequest& request))(const field::Registry&) {
    if (request.names_only) return field_names;
    if (request.format == ListFormat::kJson) return fields_json;
    return request.format == ListFormat::kMarkdown ? fields_markdown : fields_text;
}

}  // namespace

std::string fields_text(const field::Registry& registry) {
    std::string text;
    auto out = std::back_inserter(text);
    for (const FieldClass& row : classes_of(registry)) {
        fmt::format_to(out, "{}{}\n\n", text.empty() ? "" : "\n", row.name);
        for (const FieldInfo* info : row.fields) {
            std::vector<std::string_view> notes = notes_of(*info);
            const std::string type = type_of(*info);
            notes.insert(notes.begin(), type);
            fmt::format_to(out, "{}  ({})\n    {}\n", fmt::join(forms_of(*info), ", "),
                           fmt::join(notes, ", "), info->description);
        }
    }
    return text;
}

std::string fields_markdown(const field::Registry& registry) {
    std::string text(kMarkdownHead);
    auto out = std::back_inserter(text);
    for (const FieldClass& row : classes_of(registry)) {
        fmt::format_to(out, "\n## {}\n\n| Field | Type | |\n|---|---|---|\n", row.name);
        for (const FieldInfo* info : row.fields) {
            const auto notes = notes_of(*info);
            fmt::format_to(out, "| `{}` | {} | {}", fmt::join(forms_of(*info), "` `"),
                           type_of(*info), in_cell(info->description));
            if (!notes.empty()) fmt::format_to(out, " *({})*", fmt::join(notes, ", "));
            text += " |\n";
        }
    }
    return text;
}

std::string fields_json(const field::Registry& registry) {
    std::string text;
    json::Writer json(text);
    json.begin_object().key("fields").begin_array();
    for (const FieldInfo& info : registry.fields()) {
        if (!info.has(field::kHidden)) add_field(json, info);
    }
    json.end_array().end_object();
    return text + '\n';
}

std::string field_names(const field::Registry& registry) {
    std::string text;
    for (const FieldInfo& info : registry.fields()) {
        if (!info.has(field::kHidden)) (text += info.name) += '\n';
    }
    return text;
}

std::vector<FieldInfo> fields_named(const field::Registry& registry, std::string_view name) {
    name = name.substr(0, name.find('['));
    std::vector<FieldInfo> found;
    std::ranges::copy_if(registry.fields(), std::back_inserter(found), [&](const FieldInfo& info) {
        if (!info.name.starts_with(name) || info.has(field::kHidden)) return false;
        return info.name.size() == name.size() || info.name[name.size()] == '.';
    });
    return found;
}

Result<int> list_fields(const ListRequest& request) {
    const field::Registry& all = field::Registry::native();
    std::string text;
    if (request.name.empty() || request.name == "syscall") {
        text = printer_of(request)(all);
    } else {
        const std::vector<FieldInfo> found = fields_named(all, request.name);
        if (found.empty()) {
            return fail(fmt::format("there is no field, class of fields or event source '{}'",
                                    request.name));
        }
        text = printer_of(request)(field::Registry(found));
    }
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
}

}  // namespace saker::cli
