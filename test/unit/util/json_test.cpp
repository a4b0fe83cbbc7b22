// SPDX-License-Identifier: Apache-2.0
#include "util/json.h"

#include <cstdint>
#include <limits>
#include <string>

#include "catch.h"

using saker::json::Writer;

TEST_CASE("the writer puts commas where JSON wants them") {
    std::string out = "{";  // what stands there before is none of the writer's business
    Writer json(out);
    json.begin_object();
    json.key("a").begin_array().end_array();
    json.key("b").begin_array().string("x").string("y").begin_object().end_object().end_array();
    json.key("c").null();
    json.key("d").boolean(true);
    json.key("e").begin_object().key("f").boolean(false).end_object();
    json.end_object();
    const std::string expected = R"({{"a":[],"b":["x","y",{}],"c":null,"d":true,"e":{"f":false}})";
    CHECK(out == expected);
}

TEST_CASE("a string that ends like an opening bracket does not swallow the comma") {
    std::string out;
    Writer json(out);
    json.begin_array().string("[").string("{").string(":").string("").end_array();
    const std::string expected = R"(["[","{",":",""])";
    CHECK(out == expected);
}

TEST_CASE("strings and keys are escaped") {
    std::string out;
    Writer json(out);
    json.begin_object().key("k\"\n").string("\x1B\xFF").end_object();
    CHECK(out == "{\"k\\\"\\n\":\"\\u001b\xEF\xBF\xBD\"}");
}

TEST_CASE("numbers keep their type") {
    std::string out;
    Writer json(out);
    json.begin_array()
        .number(std::numeric_limits<std::int64_t>::min())
        .number(std::numeric_limits<std::uint64_t>::max())
        .number(2.0)
        .number(0.5)
        .number(1e300)
        .number(std::numeric_limits<double>::quiet_NaN())
        .number(std::numeric_limits<double>::infinity())
        .end_array();
    CHECK(out == "[-9223372036854775808,18446744073709551615,2.0,0.5,1e+300,null,null]");
}
