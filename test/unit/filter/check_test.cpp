// SPDX-License-Identifier: Apache-2.0
#include "filter/check.h"

#include <string>
#include <string_view>

#include "unit/filter/conditions.h"
// Last: its CAPTURE is not the event table's.
#include "catch.h"

namespace saker::filter {
namespace {

constexpr std::string_view kAccepted[] = {
    "t.str = a",
    "t.str < 10",
    "t.str in ()",
    "t.path pmatch (/a)",
    "t.str regex \"a|b\"",
    "t.int = -5",
    "t.int = 0x10",
    "t.int = +5",
    "t.int >= -9223372036854775808",
    "t.uint = 18446744073709551615",
    "t.uint = 0xFFFFFFFFFFFFFFFF",
    "t.real = 1.5",
    "t.real < 3",
    "t.real > -2.5e+1",
    "t.real in (0x10)",
    "t.bool = true",
    "t.bool != false",
    "t.bool in (true)",
    "t.bool exists",
    "t.bytes = abc",
    "t.bytes contains abc",
    "t.bytes bcontains CAfe",
    "t.bytes endswith x",
    "t.port = 22",
    "t.port = ssh",
    "t.port in (http, 443)",
    "t.port <= 1024",
    "t.ip = 1.2.3.4",
    "t.ip = ::1",
    "t.ip = ::ffff:1.2.3.4",
    "t.ip in (10.0.0.0/8, fe80::/10)",
    "t.net = 10.0.0.0/8",
    "t.net in (\"10.0.0.0/8\", ::/0)",
    "t.reltime > 5",
    "t.any = a",
    "t.any glob a*",
    "t.any[2] = a",
    "t.ends != 1.2.3.4",
    "t.list in (a, b)",
    "t.list intersects (a)",
    "t.list exists",
    "t.list[0] = a",
    "t.numbers in (1, 2)",
    "t.paths intersects (/etc, /usr)",
    "t.times in (5, 10)",
    "t.moments intersects (5)",
    "t.truths in (true, false)",
    "t.ips in (10.0.0.0/8, ::1)",
    "t.ips intersects val(t.ip)",
    "t.netlist intersects (10.0.0.0/8)",
    "t.netlist exists",
    "len(t.ips) = 2",
    "len(t.bytes) > 2",
    "len(t.path) > 2",
    "t.list in val(t.list2)",
    "t.str in val(t.list)",
    "t.list intersects val(t.str)",
    "t.str = val(t.path)",
    "t.any = val(t.str)",
    "t.str = val(t.any[1])",
    "t.ip = val(t.ip2)",
    "t.int < val(t.int2)",
    "t.bytes bcontains val(t.bytes)",
    "tolower(t.str) = a",
    "tolower(t.any[0]) = a",
    "toupper(t.path) startswith A",
    "basename(t.path) in (a)",
    "b64(t.bytes) bcontains 00",
    "b64(t.str) = x",
    "len(t.str) > 3",
    "len(t.list) = 2",
    "len(t.numbers) = 2",
    "len((t.str, \"a\")) = 2",
    "join(\",\", t.list) = a",
    "join(\",\", (t.str, t.path)) = a",
    "concat(t.str, 1, \"x\") = a",
    "getopt(t.list, \"ab:\") intersects (a)",
    "getopt(t.list, \"ab:\")[b] = a",
    "t.str = tolower(t.other)",
    "t.uint = len(t.str)",
    "t.str startswith oneof (a, b)",
    "t.int = anyof (1, 2)",
    "evt.type = open",
    "evt.type in (open, openat)",
    "evt.type != open",
    "evt.type startswith ope",
    "evt.type exists",
    "t.param[0] = a",
    "t.param.flags = a",
    "t.param[flags] = a",
    "t.filteronly = a",
    "t.host.name = example.org",
    "t.host.name in (a.example, b.example)",
    "t.host.name = anyof (a.example, b.example)",
    "t.host.name exists",
    "t.around[1700000000000000000] = 500",
};

struct Rejected {
    std::string_view text;
    std::string_view at;       // the text it points to
    std::string_view message;  // a part of it
};

const Rejected kRejected[] = {
    {"t.nothing = a", "t.nothing", "nonexistent field t.nothing"},
    {"macro", "macro", "Undefined macro 'macro' used in filter."},
    {"t.str[1] = a", "t.str[1]", "argument"},
    {"t.any[x] = a", "t.any[x]", "argument"},
    {"t.param = a", "t.param", "argument"},
    {"t.param.frob = a", "t.param.frob", "unknown event argument"},
    {"t.printonly = a", "t.printonly", "for outputs only"},
    // Operators and types.
    {"t.int contains 1", "contains", "operator 'contains' is not supported for 't.int'"},
    {"t.int icontains 1", "icontains", "not supported"},
    {"t.int startswith 1", "startswith", "not supported"},
    {"t.int endswith 1", "endswith", "not supported"},
    {"t.int glob 1", "glob", "not supported"},
    {"t.int regex 1", "regex", "not supported"},
    {"t.int pmatch (1)", "pmatch", "not supported"},
    {"t.str bcontains 00", "bcontains", "not supported"},
    {"t.str bstartswith 00", "bstartswith", "not supported"},
    {"t.bytes icontains a", "icontains", "not supported"},
    {"t.bytes glob a", "glob", "not supported"},
    {"t.bytes regex a", "regex", "not supported"},
    {"t.bytes < 1", "<", "not supported"},
    {"t.bytes pmatch (a)", "pmatch", "not supported"},
    {"t.bool < 1", "<", "not supported"},
    {"t.bool contains true", "contains", "not supported"},
    {"t.ip < 1", "<", "not supported"},
    {"t.ip > 10.0.0.1", ">", "which is an IP address and takes exists, =, !=, in and intersects"},
    {"t.ip >= ::1", ">=", "which is an IP address and takes"},
    {"t.ips < 2001:db8::1", "<", "which is a list and takes exists, in and intersects"},
    {"t.net < 10.0.0.0/8", "<", "which is a network and takes"},
    {"t.ip startswith 1", "startswith", "not supported"},
    {"t.net > 1", ">", "not supported"},
    {"t.list = a", "=", "which is a list"},
    {"t.list startswith a", "startswith", "which is a list"},
    {"t.list pmatch (a)", "pmatch", "which is a list"},
    {"t.numbers < 3", "<", "which is a list"},
    {"t.ips = 1.2.3.4", "=", "which is a list"},
    {"t.truths != true", "!=", "which is a list"},
    {"t.numbers in (x)", "x", "not a valid unsigned number"},
    {"t.list = anyof (a)", "=", "which is a list"},
    {"t.netlist in val(t.net)", "val(t.net)", "does not take a field"},
    // Constants.
    {"t.int = abc", "abc", "'abc' is not a valid number"},
    {"t.int = 1.5", "1.5", "not a valid number"},
    {"t.int = 9223372036854775808", "9223372036854775808", "not a valid number"},
    {"t.int = \"\"", "\"\"", "not a valid number"},
    {"t.int < 1e+3", "1e+3", "not a valid number"},
    {"t.int < abc", "abc", "'abc' is not a number, as operator '<' needs"},
    {"t.int > 10.0.0.1", "10.0.0.1", "'10.0.0.1' is not a number"},
    {"t.str <= '10'", "'10'", "'10' is not a number"},
    {"t.str >= .5", ".5", "'.5' is not a number"},
    {"t.int < -", "-", "'-' is not a number"},
    {"t.int in (1, two)", "two", "not a valid number"},
    {"t.uint = -1", "-1", "not a valid unsigned number"},
    {"t.uint = 18446744073709551616", "18446744073709551616", "not a valid unsigned number"},
    {"t.uint = 0x", "0x", "not a valid unsigned number"},
    {"t.uint = 0x-1", "0x-1", "not a valid unsigned number"},
    {"t.uint = +-1", "+-1", "not a valid unsigned number"},
    {"t.real = nan", "nan", "not a valid decimal number"},
    {"t.real = inf", "inf", "not a valid decimal number"},
    {"t.bool = 1", "1", "not 'true' or 'false'"},
    {"t.bool = True", "True", "not 'true' or 'false'"},
    {"t.port = 65536", "65536", "not a port number"},
    {"t.port = no-such-service", "no-such-service", "not a port number"},
    {"t.ip = 1.2.3", "1.2.3", "not a valid IP address"},
    {"t.ip = 1.2.3.256", "1.2.3.256", "not a valid IP address"},
    {"t.ip = :::1", ":::1", "not a valid IP address"},
    {"t.ip = 10.0.0.0/33", "10.0.0.0/33", "not a valid IP address"},
    {"t.ip = 10.0.0.0/", "10.0.0.0/", "not a valid IP address"},
    {"t.net = 10.0.0.1", "10.0.0.1", "not a valid network"},
    {"t.net = ::/129", "::/129", "not a valid network"},
    {"t.bytes bcontains 0", "0", "hexadecimal"},
    {"t.bytes bcontains 0g", "0g", "hexadecimal"},
    {"t.bytes bstartswith \"\"", "\"\"", "hexadecimal"},
    {"t.str regex \"(\"", "\"(\"", "invalid regex"},
    {"t.str regex anyof (a, \"[\")", "\"[\"", "invalid regex"},
    {"evt.type = frob", "frob", "unknown event type frob"},
    {"evt.type in (open, frob)", "frob", "unknown event type frob"},
    {"evt.type != anyof (frob)", "frob", "unknown event type frob"},
    // Fields and transformers at the right.
    {"t.str = val(t.nothing)", "val(t.nothing)", "nonexistent field t.nothing"},
    {"t.str = val(t.int)", "val(t.int)", "is a number, but 't.str' is a string"},
    {"t.int = val(t.uint)", "val(t.uint)", "unsigned"},
    {"t.str = val(t.list)", "val(t.list)", "list"},
    {"t.str = val(t.any)", "val(t.any)", "cannot stand at the right"},
    {"t.ip = val(t.ends)", "val(t.ends)", "cannot stand at the right"},
    {"t.str = val(t.filteronly)", "val(t.filteronly)", "cannot stand at the right"},
    {"t.net = val(t.net)", "val(t.net)", "does not take a field"},
    {"t.str regex val(t.other)", "val(t.other)", "does not take a field"},
    {"t.str glob val(t.other)", "val(t.other)", "does not take a field"},
    {"t.str pmatch val(t.other)", "val(t.other)", "does not take a field"},
    {"evt.type = val(t.str)", "val(t.str)", "does not take a field"},
    // Transformers.
    {"tolower(t.int) = a", "t.int", "transformer 'tolower' takes one string"},
    {"tolower(t.list) = a", "t.list", "takes one string"},
    {"tolower(t.str, t.path) = a", "tolower(t.str, t.path)", "takes one string"},
    {"tolower(t.any) = a", "t.any", "does not support transformers"},
    {"tolower(t.filteronly) = a", "t.filteronly", "does not support transformers"},
    {"len(t.int) = 1", "t.int", "takes one string, byte buffer or list"},
    {"b64(t.list) = a", "t.list", "takes one string or byte buffer"},
    {"join(t.list, \",\") = a", "t.list", "a separator and a list"},
    {"join(\",\", t.str) = a", "t.str", "a separator and a list"},
    {"join(\",\", t.numbers) = a", "t.numbers", "a separator and a list"},
    {"join(\",\", (t.int)) = a", "t.int", "single strings only"},
    {"concat(t.str) = a", "concat(t.str)", "two or more strings"},
    {"concat(t.str, t.list) = a", "t.list", "two or more strings"},
    {"getopt(t.str, \"a\") exists", "t.str", "a list of strings"},
    {"getopt(t.list) exists", "getopt(t.list)", "a list of strings"},
    {"getopt(t.list, \"a\")[ab] = x", "getopt(t.list, \"a\")[ab]", "one letter"},
    {"getopt(t.list, \"a\") = x", "=", "which is a list"},
    {"len(t.str) contains 1", "contains", "not supported for 'len(t.str)'"},
    {"len(t.str) = a", "a", "not a valid unsigned number"},
    // Host names, and times.
    {"t.host.name startswith a", "startswith", "is compared with host names by"},
    {"t.host.name = allof (a, b)", "=", "is compared with host names by"},
    {"t.host.name != anyof (a, b)", "!=", "is compared with host names by"},
    {"t.host.name = val(t.str)", "val(t.str)", "does not take a field"},
    {"t.str = val(t.host.name)", "val(t.host.name)", "cannot stand at the right"},
    {"tolower(t.host.name) = a", "t.host.name", "does not support transformers"},
    {"t.around = 5", "t.around", "needs an argument"},
    {"t.around[then] = 5", "t.around[then]", "takes a time"},
    {"t.around[5] < 5", "<", "has no operator but '='"},
    {"t.around[5] in (5)", "in", "has no operator but '='"},
};

}  // namespace

TEST_CASE("tests whose types fit are accepted") {
    for (const std::string_view text : kAccepted) {
        INFO(text);
        CHECK(check_error(text) == "");
    }
}

TEST_CASE("what does not fit is refused, and pointed to") {
    for (const auto& [text, at, message] : kRejected) {
        INFO(text);
        ExprPtr expr = parse_or_throw(text);
        const auto error = check(*expr, fake::registry());
        REQUIRE(error.has_value());
        INFO(error->message);
        CHECK(text.substr(error->offset, error->length) == at);
        CHECK(error->message.find(message) != std::string::npos);
    }
}

TEST_CASE("tests that mean something else than they say are written out") {
    CHECK(to_text(*checked("t.host.name != h")) == "(t.host exists and not t.host.name = h)");
    CHECK(to_text(*checked("not t.host.name != h")) ==
          "not (t.host exists and not t.host.name = h)");
    CHECK(to_text(*checked("t.around[7] = 5")) == "t.around[7] <= 5");
    // Once more, as of a condition that stands in several rules.
    for (const std::string_view text : {"t.host.name != h", "t.around[7] = 5"}) {
        const ExprPtr expr = checked(text);
        const std::string before = to_text(*expr);
        CHECK_FALSE(check(*expr, fake::registry()).has_value());
        CHECK(to_text(*expr) == before);
    }
}

TEST_CASE("the first error of a condition is given") {
    CHECK(check_error("t.str = a and not (t.int = x or t.int = y)").find("'x'") == 0);
}

TEST_CASE("an operand is checked on its own") {
    Operand operand;
    operand.name = "t.any";
    operand.argument = "2";
    CHECK_FALSE(check(operand, fake::registry()).has_value());
    CHECK(operand.use.index == 2u);
    operand.name = "t.nothing";
    CHECK(check(operand, fake::registry()).has_value());
}

}  // namespace saker::filter
