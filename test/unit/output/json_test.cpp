// SPDX-License-Identifier: Apache-2.0
#include "output/json.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "alerts.h"
#include "catch.h"

using saker::engine::Alert;
using saker::output::Options;

namespace {

std::string line_of(const Alert& alert, const Options& options = {}) {
    std::string out;
    saker::output::append_json_line(out, alert, options);
    return out;
}

bool contains(const std::string& line, const std::string& part) {
    return line.find(part) != std::string::npos;
}

// Everything off but what stands in every line, and what a test asks for.
Options bare() {
    Options options;
    options.json_include_output_property = false;
    options.json_include_output_fields_property = false;
    options.json_include_tags_property = false;
    return options;
}

}  // namespace

TEST_CASE("a JSON line has its keys in alphabetical order") {
    const saker::test::Utc utc;
    const std::string expected =
        R"x({"hostname":"box",)x"
        R"x("output":"22:13:20.123456789: Warning Sensitive file read (file=/etc/shadow tty=0)",)x"
        R"x("output_fields":{"evt.time":1700000000123456789,"fd.name":"/etc/shadow","proc.tty":0},)x"
        R"x("priority":"Warning","rule":"Read sensitive file","source":"syscall",)x"
        R"x("tags":["T1003","filesystem"],"time":"2023-11-14T22:13:20.123456789Z"})x";
    CHECK(line_of(saker::test::plain_alert()) == expected);
}

TEST_CASE("an explanation is in the JSON line") {
    auto alert = saker::test::plain_alert();
    alert.explanation = {true, {{"fd.name = \"/x\"", true, "fd.name is /x"}, {"b", false, ""}}};
    CHECK(line_of(alert).starts_with(
        R"x({"explanation":{"name":"real","tests":[)x"
        R"x({"holds":true,"test":"fd.name = \"/x\"","value":"fd.name is /x"},)x"
        R"x({"holds":false,"test":"b","value":""}]},"hostname":"box",)x"));
    alert.explanation = saker::engine::Explanation{};
    CHECK(line_of(alert).starts_with(R"x({"explanation":{"name":"asked","tests":[]},)x"));
}

TEST_CASE("what a JSON line includes can be chosen") {
    const saker::test::Utc utc;
    const std::string head = R"x({"hostname":"box",)x";
    const std::string middle =
        R"x("priority":"Warning","rule":"Read sensitive file","source":"syscall",)x";
    const std::string tail = R"x("time":"2023-11-14T22:13:20.123456789Z"})x";
    const Alert alert = saker::test::plain_alert();
    Options options = bare();
    SECTION("nothing") {
        CHECK(line_of(alert, options) == head + middle + tail);
    }
    SECTION("the message: without time and priority") {
        options.json_include_message_property = true;
        const std::string message =
            R"x("message":"Sensitive file read (file=/etc/shadow tty=0)",)x";
        CHECK(line_of(alert, options) == head + message + middle + tail);
    }
    SECTION("tags, also where a rule has none") {
        Alert untagged = alert;
        untagged.tags.clear();
        options.json_include_tags_property = true;
        const std::string tags = R"x("tags":[],)x";
        CHECK(line_of(untagged, options) == head + middle + tags + tail);
    }
    SECTION("output and fields under ISO time") {
        options.json_include_output_property = true;
        options.json_include_output_fields_property = true;
        options.time_format_iso_8601 = true;
        const std::string both = R"x("output":"2023-11-14T22:13:20.123456789+0000: Warning )x"
                                 R"x(Sensitive file read (file=/etc/shadow tty=0)",)x"
                                 R"x("output_fields":{"evt.time.iso8601":1700000000123456789,)x"
                                 R"x("fd.name":"/etc/shadow","proc.tty":0},)x";
        CHECK(line_of(alert, options) == head + both + middle + tail);
    }
}

TEST_CASE("fields keep their types, and the time stands once, in its place") {
    Alert alert = saker::test::plain_alert();
    alert.fields = {
        {"a.none", std::monostate{}},
        {"a.yes", true},
        {"evt.num", std::uint64_t{18446744073709551615u}},
        {"evt.time", "22:13:20.123456789"},
        {"fd.num", std::int64_t{-1}},
        {"fd.types", std::vector<std::string>{"file", "i\"pv4"}},
        {"proc.fdusage", 1.0},
        {"proc.name", "007"},
    };
    Options options = bare();
    options.json_include_output_fields_property = true;
    const std::string fields =
        R"x("output_fields":{"a.none":null,"a.yes":true,"evt.num":18446744073709551615,)x"
        R"x("evt.time":1700000000123456789,"fd.num":-1,"fd.types":["file","i\"pv4"],)x"
        R"x("proc.fdusage":1.0,"proc.name":"007"},)x";
    CHECK(contains(line_of(alert, options), fields));
}

TEST_CASE("an alert without fields still has its time") {
    Alert alert = saker::test::plain_alert();
    alert.fields.clear();
    Options options = bare();
    options.json_include_output_fields_property = true;
    const std::string fields = R"x("output_fields":{"evt.time":1700000000123456789},)x";
    CHECK(contains(line_of(alert, options), fields));
}

TEST_CASE("hostile text is escaped once, and stays one line of valid JSON") {
    const saker::test::Utc utc;
    Alert alert = saker::test::plain_alert();
    alert.text = "file=\"a\\b\"\n\x1B[m\xFF";
    alert.fields = {{"fd.name", "\"},\"rule\":\"forged\n\xC0"}};
    const std::string line = line_of(alert);
    const std::string output = R"x("output":"22:13:20.123456789: Warning file=\"a\\b\"\n\u001b[m)x"
                               "\xEF\xBF\xBD\"";
    const std::string field = R"x("fd.name":"\"},\"rule\":\"forged\n)x"
                              "\xEF\xBF\xBD\"";
    CHECK(contains(line, output));
    CHECK(contains(line, field));
    CHECK(line.find('\n') == std::string::npos);
}
