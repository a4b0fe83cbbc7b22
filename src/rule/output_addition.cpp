// SPDX-License-Identifier: Apache-2.0
#include "rule/output_addition.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "fmt/core.h"

namespace saker::rule {
namespace {

// What an alert about a container is hard to read without.
constexpr std::string_view kSuggested[] = {
    "container.id",        "container.name", "container.image.repository",
    "container.image.tag", "k8s.pod.name",   "k8s.ns.name",
};

// container_id=%container.id container_name=...
std::string suggested_text() {
    std::string text;
    for (const std::string_view field : kSuggested) {
        std::string key(field);
        std::ranges::replace(key, '.', '_');
        text += fmt::format("{}{}=%{}", text.empty() ? "" : " ", key, field);
    }
    return text;
}

std::string whole_text(const OutputAddition& addition) {
    if (!addition.suggested) return addition.text;
    return addition.text + (addition.text.empty() ? "" : " ") + suggested_text();
}

bool matches(const OutputAddition& addition, const Rule& rule) {
    if (!addition.rule.empty() && addition.rule != rule.name) return false;
    if (!addition.source.empty() && addition.source != rule.source) return false;
    return std::ranges::includes(rule.tags, addition.tags);
}

Result<Format> compile_format(const std::string& text, const field::Registry& registry) {
    auto format = Format::compile(text, registry);
    if (!format) return fail(fmt::format("'{}': {}", text, format.error().message));
    return std::move(*format);
}

// The key of a field without a format may be anything that a condition can name.
Result<ExtraField> compile_field(const AddedField& added, const field::Registry& registry) {
    const bool formatted = !added.format.empty();
    auto format = compile_format(formatted ? added.format : "%" + added.key, registry);
    if (!format) return std::unexpected(format.error());
    if (!formatted && format->field_names() != std::vector{added.key}) {
        return fail(fmt::format("'{}' is no field", added.key));
    }
    return ExtraField{added.key, added.format, std::move(*format)};
}

}  // namespace

void ExtraField::collect(const field::Context& context, std::vector<OutputField>& fields) const {
    if (written.empty()) return format.collect(context, fields);
    std::string text;
    format.render(context, text);
    fields.push_back({key, std::move(text)});
}

Result<OutputAdditions> OutputAdditions::compile(const std::vector<OutputAddition>& additions,
                                                 const field::Registry& registry) {
    OutputAdditions result;
    for (const OutputAddition& addition : additions) {
        const auto in_entry = [&](const Error& error) {
            return fail(fmt::format("append_output, entry {}: {}", result.entries_.size() + 1,
                                    error.message));
        };
        Entry entry{addition, whole_text(addition), {}, {}};
        auto format = compile_format(entry.text, registry);
        if (!format) return in_entry(format.error());
        entry.format = std::move(*format);
        for (const AddedField& added : addition.fields) {
            auto field = compile_field(added, registry);
            if (!field) return in_entry(field.error());
            entry.fields.push_back(std::move(*field));
        }
        result.entries_.push_back(std::move(entry));
    }
    return result;
}

void OutputAdditions::add_to(Rule& rule) const {
    for (const Entry& entry : entries_) {
        if (!matches(entry.written, rule)) continue;
        if (!entry.text.empty()) {
            rule.extra_output += " " + entry.text;
            rule.format.append(entry.format);
        }
        std::ranges::copy(entry.fields, std::back_inserter(rule.extra_fields));
    }
}

}  // namespace saker::rule
