// SPDX-License-Identifier: Apache-2.0
#include "rule/format.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "fields.h"

// Last: its CAPTURE would replace that of the table of events.
#include "catch.h"

using namespace saker::rule;

namespace {

struct Event {
    Event() { context.scratch = &scratch; }
    saker::field::Scratch scratch;
    saker::field::Context context;
};

std::string rendered(const std::string& text) {
    const auto format = Format::compile(text, saker::test::fields());
    if (!format) return "error: " + format.error().message;
    const Event event;
    std::string out;
    format->render(event.context, out);
    return out;
}

std::vector<OutputField> collected(const std::string& text) {
    const auto format = Format::compile(text, saker::test::fields());
    REQUIRE(format);
    const Event event;
    std::vector<OutputField> fields;
    format->collect(event.context, fields);
    return fields;
}

}  // namespace

TEST_CASE("an output is text with fields in it") {
    struct Row {
        const char* text;
        const char* out;
    };
    const Row rows[] = {
        {"", ""},
        {"no field at all", "no field at all"},
        {"%proc.name", "cat"},
        {"*%proc.name reads %fd.name", "cat reads /etc/shadow"},
        {"a*b", "a*b"},
        {"(%proc.name)", "(cat)"},
        {"%proc.name%fd.name", "cat/etc/shadow"},
        // The longest name that is a field.
        {"%proc.name.", "cat."},
        {"%proc.name.foo", "cat.foo"},
        {"%proc.nameX", "catX"},
        {"%proc.name[0]", "cat[0]"},
        {"%evt.arg.flags", "flags"},
        {"%evt.arg.flagsX", "flagsX"},
        // Arguments.
        {"%evt.arg[flags]|", "flags|"},
        {"%proc.aname", "bash sshd"},
        {"%proc.aname[2] x", "bash x"},
        {"%proc.env[HOME]", "HOME"},
        {"%proc.env[\"A B\"]!", "A B!"},
        // Missing values, and fields that are for conditions only.
        {"[%proc.pname]", "[<NA>]"},
        {"%fd.ip", "<NA>"},
        // Types.
        {"%evt.num %proc.ppid %proc.fdusage", "18446744073709551615 -1 0.5"},
        {"%proc.is_leader", "true"},
        {"%evt.buffer", "a.b..z"},
        {"%fd.sip %fd.rip", "192.0.2.1 2001:db8::1"},
        {"%fd.types", "(file,ipv4)"},
        {"%evt.rawtime.ns", "000000007"},
        {"%fd.dev", "FFFFFFFFFFFFFFFF"},
        {"%evt.rawtime", "1700000000123456789"},
        {"%evt.time", "22:13:20.123456789"},
        // Columns.
        {"%6proc.name|", "cat   |"},
        {"%2proc.name|", "ca|"},
        {"%6proc.pname|", "<NA>  |"},
        {"%8toupper(proc.name)|", "CAT     |"},
        // Transformers.
        {"%toupper(proc.name)!", "CAT!"},
        {"%basename(fd.name)", "shadow"},
        {"%tolower(toupper(proc.name))", "cat"},
        {"%len(proc.name)", "3"},
        {"%len(fd.types)", "2"},
        {"%join(\"-\", fd.types)", "file-ipv4"},
        {"%concat(proc.name, \") \", fd.name)", "cat) /etc/shadow"},
        {"%toupper(proc.pname)", "<NA>"},
        {"%toupper(proc.name)[0]", "CAT[0]"},
        // Prints nothing.
        {"a %container.info b", "a  b"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(rendered(row.text) == row.out);
    }
}

TEST_CASE("mistakes in an output are found, with their place") {
    struct Row {
        const char* text;
        std::size_t offset;
    };
    const Row rows[] = {
        {"100%", 3},
        {"%%proc.name", 0},
        {"% proc.name", 0},
        {"x %nosuch.field y", 3},
        {"%proc", 1},
        {"%evt.arg", 1},
        {"%proc.aname[x]", 1},
        {"%proc.aname[1", 11},
        {"%evt.arg.nosuch_arg", 1},
        {"%0proc.name", 1},
        {"%99999999999999999999proc.name", 1},
        {"a %toupper(proc.name", 3},
        {"a %toupper(nosuch.field)", 11},
        {"%toupper(proc.ppid)", 1},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const auto format = Format::compile(row.text, saker::test::fields());
        REQUIRE_FALSE(format);
        CHECK_FALSE(format.error().message.empty());
        if (format.error().offset != row.offset) {
            // A transformer's mistake may be shown at its name or at its argument.
            CHECK(format.error().offset <= std::string(row.text).size());
            CHECK(std::string(row.text).find('(') != std::string::npos);
        }
    }
}

TEST_CASE("hostile outputs neither hang nor crash") {
    CHECK_FALSE(Format::compile("%" + std::string(1'000'000, 'a'), saker::test::fields()));
    CHECK_FALSE(Format::compile("%toupper" + std::string(100'000, '('), saker::test::fields()));
    std::string nested;
    for (int i = 0; i < 10'000; ++i) nested += "toupper(";
    CHECK_FALSE(Format::compile("%" + nested + "proc.name" + std::string(10'000, ')'),
                                saker::test::fields()));
}

TEST_CASE("fields are collected with their types, sorted, each once") {
    const auto fields = collected(
        "%proc.name %fd.types %evt.num %proc.ppid %proc.fdusage %proc.is_leader %proc.pname "
        "%fd.ip %proc.name %fd.sip %proc.aname %proc.aname[2] %evt.buffer %evt.arg.flags");
    const std::vector<OutputField> expected = {
        {"evt.arg.flags", "flags"},
        {"evt.buffer", "a.b..z"},
        {"evt.num", std::uint64_t{18'446'744'073'709'551'615u}},
        {"fd.ip", std::monostate{}},
        {"fd.sip", "192.0.2.1"},
        {"fd.types", std::vector<std::string>{"file", "ipv4"}},
        {"proc.aname", "bash sshd"},
        {"proc.aname[2]", "bash"},
        {"proc.fdusage", 0.5},
        {"proc.is_leader", true},
        {"proc.name", "cat"},
        {"proc.pname", std::monostate{}},
        {"proc.ppid", std::int64_t{-1}},
    };
    CHECK((fields == expected));
    for (std::size_t i = 0; i < std::min(fields.size(), expected.size()); ++i) {
        CAPTURE(i);
        CHECK(fields[i].name == expected[i].name);
        CHECK((fields[i].value == expected[i].value));
    }
}

TEST_CASE("a time of day is collected as a number") {
    const std::vector<OutputField> expected = {
        {"evt.time", std::uint64_t{1'700'000'000'123'456'789}}};
    CHECK((collected("%evt.time") == expected));
}

TEST_CASE("a transformer's field is collected as it is") {
    const std::vector<OutputField> expected = {{"proc.name", "cat"}};
    CHECK((collected("%toupper(proc.name)") == expected));
}

TEST_CASE("deprecated fields are named") {
    const auto format = Format::compile("%evt.dir and %container.info", saker::test::fields());
    REQUIRE(format);
    REQUIRE(format->deprecated().size() == 2);
    CHECK(format->deprecated()[0].name == "evt.dir");
    CHECK(format->deprecated()[0].offset == 1);
    CHECK(format->deprecated()[1].name == "container.info");
    CHECK(format->deprecated()[1].offset == 14);
}

TEST_CASE("a column is cut between characters") {
    const auto format =
        Format::compile("%2proc.env[\xC3\xA9\xC3\xA9\xC3\xA9]|", saker::test::fields());
    REQUIRE(format);
    const Event event;
    std::string out;
    format->render(event.context, out);
    CHECK(out == "\xC3\xA9\xC3\xA9|");
}
