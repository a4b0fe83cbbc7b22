// SPDX-License-Identifier: Apache-2.0
#include "filter/macros.h"

#include <map>
#include <string>
#include <string_view>

#include "unit/filter/conditions.h"
// Last: its CAPTURE is not the event table's.
#include "catch.h"

namespace saker::filter {
namespace {

class Macros {
public:
    void add(const std::string& name, std::string_view text) {
        macros_[name] = parse_or_throw(text);
    }

    std::expected<ExprPtr, MacroError> expand(std::string_view text,
                                              const MacroLimits& limits = {}) const {
        const auto lookup = [this](std::string_view name) -> const Expr* {
            const auto found = macros_.find(name);
            return found == macros_.end() ? nullptr : found->second.get();
        };
        return expand_macros(*parse_or_throw(text), lookup, limits);
    }

private:
    std::map<std::string, ExprPtr, std::less<>> macros_;
};

}  // namespace

TEST_CASE("macros are put where their names stand") {
    Macros macros;
    macros.add("reads", "evt.type in (open, openat) and evt.ok = true");
    macros.add("outer", "reads or a.b exists");
    const auto expr = macros.expand("not outer and (c.d = 1 or reads)");
    REQUIRE(expr.has_value());
    CHECK(to_text(**expr) ==
          "(not ((evt.type in (open, openat) and evt.ok = true) or a.b exists) and "
          "(c.d = 1 or (evt.type in (open, openat) and evt.ok = true)))");
}

TEST_CASE("a macro that nobody defined is an error at its name") {
    Macros macros;
    macros.add("outer", "a.b = c and inner");
    const auto direct = macros.expand("a.b = c and nothing");
    REQUIRE_FALSE(direct.has_value());
    CHECK(direct.error().message == "Undefined macro 'nothing' used in filter.");
    CHECK(direct.error().span.offset == 12);
    CHECK(direct.error().span.length == 7);
    const auto nested = macros.expand("outer");
    REQUIRE_FALSE(nested.has_value());
    CHECK(nested.error().message == "Undefined macro 'inner' used in filter.");
}

TEST_CASE("a macro that comes back to itself is an error") {
    Macros macros;
    macros.add("one", "two");
    macros.add("two", "not (a.b = c or one)");
    macros.add("self", "self");
    for (const std::string_view text : {"one", "x.y = z or two", "self"}) {
        const auto expr = macros.expand(text);
        REQUIRE_FALSE(expr.has_value());
        CHECK(expr.error().message.find("reference loop in macro '") == 0);
    }
}

TEST_CASE("macros that multiply are stopped") {
    Macros macros;
    macros.add("m0", "a.b = c");
    for (int i = 1; i <= 60; ++i) {
        const std::string before = "m" + std::to_string(i - 1);
        macros.add("m" + std::to_string(i), before + " and " + before);
    }
    CHECK(macros.expand("m10").has_value());
    CHECK_FALSE(macros.expand("m60").has_value());
    CHECK_FALSE(macros.expand("m10", {.nodes = 100}).has_value());
}

TEST_CASE("macros that nest deeper and deeper are stopped") {
    Macros macros;
    macros.add("m0", "a.b = c");
    for (int i = 1; i <= 2000; ++i) {
        macros.add("m" + std::to_string(i), "not m" + std::to_string(i - 1));
    }
    CHECK(macros.expand("m400").has_value());
    CHECK_FALSE(macros.expand("m2000").has_value());
}

}  // namespace saker::filter
