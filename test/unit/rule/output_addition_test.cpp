// SPDX-License-Identifier: Apache-2.0
#include "rule/output_addition.h"

#include <string>
#include <vector>

#include "load.h"

// Last: its CAPTURE would replace that of the table of events.
#include "catch.h"

using namespace saker::rule;

namespace {

// A rule `r` of the source syscall with the tags a and b, after all additions.
Rule added_to(const std::vector<OutputAddition>& additions) {
    auto loaded = saker::test::load(
        {"- {rule: r, desc: d, condition: evt.type = open, output: 'by %proc.name', priority: INFO,"
         " tags: [b, a]}\n"});
    const auto compiled = OutputAdditions::compile(additions, saker::test::fields());
    REQUIRE(compiled);
    compiled->add_to(loaded.rules.rules.at(0));
    return std::move(loaded.rules.rules[0]);
}

std::string text_of(const Rule& rule) {
    saker::field::Scratch scratch;
    saker::field::Context context;
    context.scratch = &scratch;
    std::string out;
    rule.format.render(context, out);
    return out;
}

OutputAddition text(const std::string& format) {
    OutputAddition addition;
    addition.text = format;
    return addition;
}

std::string error_of(const std::vector<OutputAddition>& additions) {
    const auto compiled = OutputAdditions::compile(additions, saker::test::fields());
    return compiled ? "" : compiled.error().message;
}

}  // namespace

TEST_CASE("what the configuration adds stands behind a rule's output, in order") {
    const Rule rule = added_to({text("on %fd.name"), text("(%proc.aname)")});
    CHECK(text_of(rule) == "by cat on /etc/shadow (bash sshd)");
    CHECK(rule.output == "by %proc.name");
    CHECK(rule.extra_output == " on %fd.name (%proc.aname)");
    CHECK(rule.format.field_names() ==
          std::vector<std::string>{"fd.name", "proc.aname", "proc.name"});
    CHECK(text_of(added_to({})) == "by cat");
}

TEST_CASE("an addition is for the rules that have all that it asks for") {
    struct Row {
        const char* rule;
        const char* source;
        std::set<std::string> tags;
        bool added;
    };
    const Row rows[] = {
        {"", "", {}, true},          {"r", "", {}, true},
        {"s", "", {}, false},        {"", "syscall", {}, true},
        {"", "other", {}, false},    {"", "", {"a"}, true},
        {"", "", {"a", "b"}, true},  {"", "", {"c"}, false},
        {"", "", {"a", "c"}, false}, {"r", "syscall", {"b"}, true},
        {"r", "", {"c"}, false},     {"s", "", {"a"}, false},
    };
    for (const Row& row : rows) {
        OutputAddition addition = text("more");
        addition.rule = row.rule;
        addition.source = row.source;
        addition.tags = row.tags;
        CAPTURE(row.rule, row.source, row.tags);
        CHECK(text_of(added_to({addition})) == (row.added ? "by cat more" : "by cat"));
    }
}

TEST_CASE("extra fields are a field with its type, or a format as text") {
    OutputAddition addition;
    addition.fields = {{"proc.ppid", ""}, {"where", "%fd.name of %proc.ppid"}, {"fd.types", ""}};
    const Rule rule = added_to({addition});
    CHECK(text_of(rule) == "by cat");
    saker::field::Scratch scratch;
    saker::field::Context context;
    context.scratch = &scratch;
    std::vector<OutputField> fields;
    for (const ExtraField& extra : rule.extra_fields) extra.collect(context, fields);
    REQUIRE(fields.size() == 3);
    CHECK(fields[0] == OutputField{"proc.ppid", std::int64_t{-1}});
    CHECK(fields[1] == OutputField{"where", std::string("/etc/shadow of -1")});
    CHECK(fields[2] == OutputField{"fd.types", std::vector<std::string>{"file", "ipv4"}});
}

TEST_CASE("an addition that names what is no field is an error that names the entry") {
    CHECK(error_of({text("fine"), text("%no.field")}) ==
          "append_output, entry 2: '%no.field': nonexistent field no.field");
    OutputAddition addition;
    for (const char* key : {"no.field", "proc.name and more", "proc.namex", ""}) {
        addition.fields = {{key, ""}};
        CAPTURE(key);
        CHECK(error_of({addition}).starts_with("append_output, entry 1: '"));
    }
    addition.fields = {{"any key", "%proc.name %"}};
    CHECK(error_of({addition}) == "append_output, entry 1: '%proc.name %': no field after '%'");
}
