// SPDX-License-Identifier: Apache-2.0
#include "filter/parser.h"

#include <string>
#include <string_view>

#include "unit/filter/conditions.h"
// Last: its CAPTURE is not the event table's.
#include "catch.h"

namespace saker::filter {
namespace {

std::string reprinted(std::string_view text) {
    return to_text(*parse_or_throw(text));
}

struct Accepted {
    std::string_view text;
    std::string_view compiled;
};

const Accepted kAccepted[] = {
    // Tests and their operators.
    {"a.b = c", "a.b = c"},
    {"a.b == c", "a.b = c"},
    {"a.b=c", "a.b = c"},
    {"a.b != c", "a.b != c"},
    {"a.b exists", "a.b exists"},
    {"(a.b exists)", "a.b exists"},
    {"a.b<3", "a.b < 3"},
    {"a.b <= -3", "a.b <= -3"},
    {"a.b > 1.5", "a.b > 1.5"},
    {"a.b >= 0x1F", "a.b >= 0x1F"},
    {"a.b > 1e+3", "a.b > 1e+3"},
    {"a.b > 1e-3", "a.b > 1e-3"},
    {"a.b < +5", "a.b < +5"},
    {"a.b < 5.", "a.b < 5."},
    {"a.b glob /x*", "a.b glob /x*"},
    {"a.b iglob /x*", "a.b iglob /x*"},
    {"a.b contains c", "a.b contains c"},
    {"a.b icontains c", "a.b icontains c"},
    {"a.b bcontains 00ff", "a.b bcontains 00ff"},
    {"a.b startswith /etc", "a.b startswith /etc"},
    {"a.b bstartswith 00ff", "a.b bstartswith 00ff"},
    {"a.b endswith .sh", "a.b endswith .sh"},
    {"a.b regex '[a-z]+'", "a.b regex [a-z]+"},
    {"a.b in (c, d)", "a.b in (c, d)"},
    {"a.b in(c,d)", "a.b in (c, d)"},
    {"a.b in ()", "a.b in ()"},
    {"a.b in ( )", "a.b in ()"},
    {"a.b in c", "a.b in (c)"},
    {"a.b intersects ( c , 'd e' )", "a.b intersects (c, \"d e\")"},
    {"a.b pmatch (/etc, /usr)", "a.b pmatch (/etc, /usr)"},
    // Modifiers, and the same words as values.
    {"a.b startswith oneof (c, d)", "a.b startswith oneof (c, d)"},
    {"a.b contains anyof(c)", "a.b contains anyof (c)"},
    {"a.b = allof c", "a.b = allof (c)"},
    {"a.b = oneof", "a.b = oneof"},
    {"a.b = oneof and c.d = e", "(a.b = oneof and c.d = e)"},
    {"a.b = anyof or c", "(a.b = anyof or c)"},
    {"a.b =allof", "a.b = allof"},
    // Fields and arguments.
    {"a.b.c_1.d = e", "a.b.c_1.d = e"},
    {"a.b[2] = e", "a.b[2] = e"},
    {"a.b[/etc/*] = e", "a.b[/etc/*] = e"},
    {"a.b[\"x y\"] = e", "a.b[\"x y\"] = e"},
    {"a.b['x'] exists", "a.b[x] exists"},
    // Values.
    {"a.b = /usr/bin/x-1.2:3", "a.b = /usr/bin/x-1.2:3"},
    {"a.b = in", "a.b = in"},
    {"a.b = ''", "a.b = \"\""},
    {"a.b = 'it''s'", ""},  // two strings in a row
    {"a.b = \"it's\"", "a.b = \"it's\""},
    {R"(a.b = "\"")", R"(a.b = "\"")"},
    {R"(a.b = '\'')", R"(a.b = "'")"},
    {R"(a.b = "\\")", R"(a.b = \)"},
    {R"(a.b = "c\\" and d)", R"((a.b = c\ and d))"},
    {R"(a.b = "c\ d")", R"(a.b = c\d)"},
    {R"(a.b contains "\ " or a.b endswith \)", R"((a.b contains \ or a.b endswith \))"},
    {R"(a.b = "\n\t\r\b")", R"(a.b = "\n\t\r\b")"},
    {R"(a.b = "\x41\/")", "a.b = A/"},
    {R"(a.b = c\d)", R"(a.b = c\d)"},  // no escapes without quotes
    {"a.b = \"two\nlines\"", R"(a.b = "two\nlines")"},
    // Precedence and words.
    {"a or b and c", "(a or (b and c))"},
    {"a and b or c and d", "((a and b) or (c and d))"},
    {"(a or b) and c", "((a or b) and c)"},
    {"not a and b", "(not a and b)"},
    {"not (a and b)", "not (a and b)"},
    {"not(a)", "not a"},
    {"not not a", "not not a"},
    {"a and(b)or(c)", "((a and b) or c)"},
    {"a and not b", "(a and not b)"},
    {"nothing or order or android", "(nothing or order or android)"},
    {"\n a\tand\r\n\bb \n", "(a and b)"},
    // Right sides that are no constants; transformers.
    {"a.b = val(c.d)", "a.b = val(c.d)"},
    {"a.b = val( c.d[1] )", "a.b = val(c.d[1])"},
    {"a.b in val(c.d)", "a.b in val(c.d)"},
    {"a.b in getopt(c.d, 'e')", "a.b in getopt(c.d, \"e\")"},
    {"a.b >= len(c.d)", "a.b >= len(c.d)"},
    {"a.b contains anyof", "a.b contains anyof"},
    {"a.b < val(c.d)", "a.b < val(c.d)"},
    {"a.b = val", "a.b = val"},
    {"tolower(a.b) = c", "tolower(a.b) = c"},
    {"toupper( tolower(a.b) ) exists", "toupper(tolower(a.b)) exists"},
    {"a.b startswith b64(c.d)", "a.b startswith b64(c.d)"},
    {"len(a.b) > 3", "len(a.b) > 3"},
    {"join(\", \", a.b) = c", "join(\", \", a.b) = c"},
    {"concat(a.b, \"x\", 12, 'y') = c", "concat(a.b, \"x\", 12, \"y\") = c"},
    {"join(a.b, (c.d, basename(e.f), \"g\")) = h", "join(a.b, (c.d, basename(e.f), \"g\")) = h"},
    {"getopt(a.b, \"n:\")[n] = c", "getopt(a.b, \"n:\")[n] = c"},
};

struct Rejected {
    std::string_view text;
    std::size_t offset;
    std::string_view message;  // a part of it
};

const Rejected kRejected[] = {
    {"", 0, "empty"},
    {"  \n", 0, "empty"},
    {"a.b", 3, "expected an operator"},
    {"a.b foo c", 4, "expected an operator"},
    {"a.b infoo", 4, "expected an operator"},
    {"a.b =", 5, "expected a value"},
    {"a.b = ,", 6, "expected a value"},
    {"a.b containsc", 4, "expected an operator"},
    {"a.b contains(c)", 12, "expected a blank after 'contains'"},
    {"a.b contains'c'", 12, "expected a blank after 'contains'"},
    {"a.b <", 5, "expected a number"},
    {"a.b < )", 6, "expected a number"},
    {"a.b < 10c", 8, "unexpected 'c'"},
    {"a AND b", 2, "unexpected 'AND'"},
    {"NOT a", 4, "unexpected 'a'"},
    {"a.b IN (c)", 4, "expected an operator"},
    {"a.b in", 6, "expected '('"},
    {"a.b in (", 8, "expected a value"},
    {"a.b in (c", 9, "expected ',' or ')'"},
    {"a.b in (c d)", 10, "expected ',' or ')'"},
    {"a.b in (c,)", 10, "expected a value"},
    {"a.b in \"c\"", 7, "expected '('"},
    {"a.b in (c) d", 11, "unexpected 'd'"},
    {"a b", 2, "unexpected 'b'"},
    {"a = b", 2, "unexpected '='"},
    {"a and", 5, "expected a blank or '(' after 'and'"},
    {"(a or)", 5, "expected a blank or '(' after 'or'"},
    {"a and ", 6, "expected a field"},
    {"a and and b", 6, "unexpected 'and'"},
    {"a or or", 5, "unexpected 'or'"},
    {"and", 0, "unexpected 'and'"},
    {"not", 0, "unexpected 'not'"},
    {"a andb", 2, "unexpected 'andb'"},
    {"(a", 2, "unexpected end, expected 'and', 'or' or ')'"},
    {"a)", 1, "unexpected ')'"},
    {"()", 1, "unexpected ')'"},
    {"a.b[", 4, "expected an argument"},
    {"a.b[] = c", 4, "expected an argument"},
    {"a.b[c d] = e", 5, "expected ']'"},
    {"a.b[c[d]] = e", 5, "expected ']'"},
    {"a.1 = c", 1, "unexpected '.'"},
    {"a.b = 'c", 6, "closing quote"},
    {"a.b = \"c\\\"", 6, "closing quote"},
    {R"(a.b = "\q")", 7, "unsupported string escape sequence '\\q'"},
    {R"(a.b = "\'")", 7, "unsupported string escape sequence"},
    {R"(a.b = "\x4")", 7, "unsupported string escape sequence"},
    {R"(a.b = "\x00")", 7, "NUL"},
    {"val(a.b) = c", 0, "unknown transformer 'val'"},
    {"frob(a.b) = c", 0, "unknown transformer 'frob'"},
    {"tolower (a.b) = c", 8, "unexpected '('"},
    {"tolower() = c", 8, "expected a field, a transformer"},
    {"tolower(macro) = c", 8, "expected a field, a transformer"},
    {"tolower(a.b = c", 12, "expected ',' or ')'"},
    {"a.b = val(c)", 10, "expected a field"},
    {"a.b = val(tolower(c.d))", 10, "expected a field"},
    {"tolower(val(a.b)) = c", 8, "unknown transformer 'val'"},
    {"tolower(a.b)[c] = d", 12, "expected an operator"},
};

}  // namespace

TEST_CASE("conditions that the grammar has are parsed and printed in the compiled form") {
    for (const auto& [text, compiled] : kAccepted) {
        INFO(text);
        if (compiled.empty()) {
            CHECK_FALSE(parse(text).has_value());
            continue;
        }
        CHECK(reprinted(text) == compiled);
        CHECK(reprinted(compiled) == compiled);
    }
}

TEST_CASE("what is not in the grammar is refused where it stands") {
    for (const auto& [text, offset, message] : kRejected) {
        INFO(text);
        const auto expr = parse(text);
        REQUIRE_FALSE(expr.has_value());
        CHECK(expr.error().offset == offset);
        CHECK(expr.error().message.find(message) != std::string::npos);
        INFO(expr.error().message);
    }
}

TEST_CASE("a NUL character is refused wherever it stands") {
    using namespace std::string_view_literals;
    const auto expr = parse("a.b = c\0d"sv);
    REQUIRE_FALSE(expr.has_value());
    CHECK(expr.error().offset == 7);
}

TEST_CASE("nodes know their place in the text") {
    const std::string text = "foo and ( bar.x in (1, \"two\") )";
    const auto expr = parse(text, {}, 7);
    REQUIRE(expr.has_value());
    const auto cut = [&](const Span& span) { return text.substr(span.offset, span.length); };
    const auto& row = std::get<And>((*expr)->node);
    CHECK(cut((*expr)->span) == text);
    CHECK(cut(row.children[0]->span) == "foo");
    CHECK(cut(row.children[1]->span) == "bar.x in (1, \"two\")");
    const auto& test = std::get<Test>(row.children[1]->node);
    CHECK(cut(test.lhs.span) == "bar.x");
    CHECK(cut(test.op_span) == "in");
    CHECK(cut(test.constants[1].span) == "\"two\"");
    CHECK(test.constants[1].quoted);
    CHECK(test.constants[1].span.source == 7);
}

TEST_CASE("nesting is limited") {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '(') + "a" + std::string(depth, ')');
    };
    const auto negated = [](std::size_t depth) {
        std::string text;
        for (std::size_t i = 0; i < depth; ++i) text += "not ";
        return text + "a";
    };
    const auto called = [](std::size_t depth) {
        std::string text;
        for (std::size_t i = 0; i < depth; ++i) text += "tolower(";
        return text + "a.b" + std::string(depth, ')') + " = c";
    };
    for (const auto& make : {+nested, +negated, +called}) {
        CHECK(parse(make(1000)).has_value());
        const auto deep = parse(make(1001));
        REQUIRE_FALSE(deep.has_value());
        CHECK(deep.error().message == "exceeded max depth limit of 1000");
        CHECK_FALSE(parse(make(100'000)).has_value());
    }
    std::string mixed = "a";
    for (int i = 0; i < 400; ++i) mixed = "not (x or (b and " + mixed + "))";
    CHECK_FALSE(parse(mixed).has_value());
    CHECK(parse(mixed, {.depth = 1200}).has_value());
}

TEST_CASE("size and number of parts are limited") {
    CHECK_FALSE(parse("a.b = ccccc", {.size = 10}).has_value());
    CHECK(parse("a.b = cccc", {.size = 10}).has_value());
    CHECK_FALSE(parse("a.b in (1, 2, 3, 4)", {.nodes = 4}).has_value());
    CHECK(parse("a.b in (1, 2, 3)", {.nodes = 4}).has_value());
    std::string wide = "a";
    while (wide.size() < 1'000'000) wide += " or a";
    CHECK_FALSE(parse(wide).has_value());
}

}  // namespace saker::filter
