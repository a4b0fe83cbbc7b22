// SPDX-License-Identifier: Apache-2.0
#include "output/json.h"

#include <string_view>
#include <variant>

#include "output/text.h"
#include "util/json.h"
#include "util/timestamp.h"

namespace saker::output {
namespace {

// Writes whichever type a field's value has.
struct ValueWriter {
    json::Writer& json;

    void operator()(std::monostate) const { json.null(); }
    void operator()(bool truth) const { json.boolean(truth); }
    void operator()(std::int64_t value) const { json.number(value); }
    void operator()(std::uint64_t value) const { json.number(value); }
    void operator()(double value) const { json.number(value); }
    void operator()(const std::string& text) const { json.string(text); }
    void operator()(const std::vector<std::string>& list) const {
        json.begin_array();
        for (const std::string& text : list) json.string(text);
        json.end_array();
    }
};

// The fields are sorted; the time goes in where its name belongs, and replaces the rule's own.
void write_fields(json::Writer& json, const engine::Alert& alert, const Options& options) {
    const std::string_view time_name =
        options.time_format_iso_8601 ? "evt.time.iso8601" : "evt.time";
    bool time_due = true;
    const auto write_time = [&] {
        json.key(time_name).number(alert.time_ns);
        time_due = false;
    };
    json.begin_object();
    for (const rule::OutputField& field : alert.fields) {
        if (time_due && time_name <= field.name) write_time();
        if (field.name == time_name) continue;
        json.key(field.name);
        std::visit(ValueWriter{json}, field.value);
    }
    if (time_due) write_time();
    json.end_object();
}

void write_missing(json::Writer& json, const engine::Alert& alert) {
    json.begin_object();
    for (const auto& [field, why] : alert.missing) json.key(field).string(why);
    json.end_object();
}

void write_explanation(json::Writer& json, const engine::Explanation& explanation) {
    json.begin_object();
    json.key("name").string(explanation.real_name ? "real" : "asked");
    json.key("tests").begin_array();
    for (const auto& reason : explanation.reasons) {
        json.begin_object();
        json.key("holds").boolean(reason.holds);
        json.key("test").string(reason.test);
        json.key("value").string(reason.value);
        json.end_object();
    }
    json.end_array().end_object();
}

void write_tags(json::Writer& json, const engine::Alert& alert) {
    json.begin_array();
    for (const std::string& tag : alert.tags) json.string(tag);
    json.end_array();
}

}  // namespace

void append_json_line(std::string& out, const engine::Alert& alert, const Options& options) {
    std::string text;
    json::Writer json(out);
    json.begin_object();
    if (alert.explanation) {
        json.key("explanation");
        write_explanation(json, *alert.explanation);
    }
    json.key("hostname").string(alert.hostname);
    if (options.json_include_message_property) json.key("message").string(alert.text);
    if (!alert.missing.empty()) {
        json.key("missing");
        write_missing(json, alert);
    }
    if (options.json_include_output_property) {
        append_output(text, alert, options);
        json.key("output").string(text);
    }
    if (options.json_include_output_fields_property) {
        json.key("output_fields");
        write_fields(json, alert, options);
    }
    json.key("priority").string(rule::priority_name(alert.priority));
    json.key("rule").string(alert.rule);
    json.key("source").string(alert.source);
    if (options.json_include_tags_property) {
        json.key("tags");
        write_tags(json, alert);
    }
    text.clear();
    timestamp::append_iso8601(text, alert.time_ns, "Z");
    json.key("time").string(text);
    json.end_object();
}

}  // namespace saker::output
