// SPDX-License-Identifier: Apache-2.0
#include "filter/fold.h"

#include <string_view>

#include "unit/filter/conditions.h"
// Last: its CAPTURE is not the event table's.
#include "catch.h"

namespace saker::filter {
namespace {

std::string folded(std::string_view text, std::string_view type) {
    return to_text(*fold(*checked(text), fake::type_of(type)).expr);
}

struct Case {
    std::string_view text;
    std::string_view type;
    std::string_view folded;
};

// t.kind: none for open, "exec" for execve; t.flag: none for connect, true for open; t.file: none
// for setuid.
const Case kCases[] = {
    // The type of the event.
    {"evt.type = open", "open", "true"},
    {"evt.type = open", "openat", "false"},
    {"evt.type != open", "openat", "true"},
    {"evt.type in (open, openat) and t.int = 1", "open", "t.int = 1"},
    {"evt.type startswith open or t.int = 1", "openat", "true"},
    {"not evt.type in (open) and t.int = 1", "open", "false"},
    {"evt.type = anyof (open, connect)", "connect", "true"},
    {"evt.type exists", "open", "true"},
    {"tolower(evt.type) = open", "open", "true"},
    {"concat(evt.type, \"x\", t.str) = a", "open", "concat(evt.type, \"x\", t.str) = a"},
    // Fields that are known, or never there.
    {"t.kind != a", "open", "false"},
    {"not t.kind != a", "open", "true"},
    {"t.kind = exec", "execve", "true"},
    {"t.kind = exec", "connect", "t.kind = exec"},
    {"t.flag = true", "open", "true"},
    {"t.flag = false", "open", "false"},
    {"t.flag = false", "connect", "false"},
    {"not t.flag = true and t.int = 1", "connect", "t.int = 1"},
    {"t.kind = val(t.str)", "open", "false"},
    {"t.str != val(t.kind)", "open", "false"},
    {"t.str != val(t.kind)", "execve", "t.str != val(t.kind)"},
    {"t.str = concat(t.kind, t.str)", "open", "false"},
    {"t.kind in val(evt.type)", "execve", "false"},
    {"concat(t.kind, evt.type) = execexecve", "execve", "true"},
    {"join(\"-\", (t.kind, evt.type)) startswith exec-", "execve", "true"},
    {"len((t.kind, evt.type)) = 2", "execve", "true"},
    {"t.file exists or t.int = 1", "setuid", "t.int = 1"},
    // Numbers of events.
    {"evt.num = 0", "open", "false"},
    {"evt.num < 1", "open", "false"},
    {"evt.num <= 0", "open", "false"},
    {"evt.num > 0", "open", "true"},
    {"evt.num >= 1", "open", "true"},
    {"evt.num != 0", "open", "true"},
    {"evt.num exists", "open", "true"},
    {"evt.num = 1", "open", "evt.num = 1"},
    {"evt.num in (0, 1)", "open", "evt.num in (0, 1)"},
    // Constants, rows in rows, negations.
    {"t.str in ()", "open", "false"},
    {"t.str = 1 and (t.int = 1 and (t.uint = 1 and t.real = 1))", "open",
     "(t.str = 1 and t.int = 1 and t.uint = 1 and t.real = 1)"},
    {"t.str = 1 and (t.int = 1 or evt.num = 0)", "open", "(t.str = 1 and t.int = 1)"},
    {"not not t.str = 1", "open", "t.str = 1"},
    {"not (t.str = 1 and not t.int = 2)", "open", "(not t.str = 1 or t.int = 2)"},
    {"not (t.str = 1 or t.int = 2)", "open", "(not t.str = 1 and not t.int = 2)"},
    // Merging.
    {"t.str = a or t.str = b or t.str in (c, d)", "open", "t.str in (a, b, c, d)"},
    {"t.str = a or t.int = 1 or t.str = b", "open", "(t.str in (a, b) or t.int = 1)"},
    {"t.str startswith a or t.str startswith b", "open", "t.str startswith anyof (a, b)"},
    {"t.str endswith a or t.str endswith anyof (b, c)", "open", "t.str endswith anyof (a, b, c)"},
    {"t.str contains a or t.str contains b", "open", "t.str contains anyof (a, b)"},
    {"t.str icontains A or t.str icontains b", "open", "tolower(t.str) contains anyof (a, b)"},
    {"t.str glob a or t.str glob b", "open", "t.str glob anyof (a, b)"},
    {"t.path pmatch (/a) or t.path pmatch (/b)", "open", "t.path pmatch (/a, /b)"},
    {"t.any = a or t.any = b", "open", "t.any in (a, b)"},
    {"t.list intersects (a) or t.list intersects (b)", "open", "t.list intersects (a, b)"},
    {"not t.str = a and not t.str in (b, c)", "open", "not t.str in (a, b, c)"},
    {"not (t.str = a or t.str = b) and not t.str = c", "open", "not t.str in (a, b, c)"},
    {"not t.str startswith a and not t.str startswith b", "open",
     "not t.str startswith anyof (a, b)"},
    // What must not be merged.
    {"t.str = a and t.str = b", "open", "(t.str = a and t.str = b)"},
    {"t.str != a or t.str != b", "open", "(t.str != a or t.str != b)"},
    {"not t.str = a or not t.str = b", "open", "(not t.str = a or not t.str = b)"},
    {"t.list in (a) or t.list in (b)", "open", "(t.list in (a) or t.list in (b))"},
    {"t.str startswith oneof (a, b) or t.str startswith c", "open",
     "(t.str startswith oneof (a, b) or t.str startswith c)"},
    {"t.str = a or t.other = b", "open", "(t.str = a or t.other = b)"},
    {"t.any = a or t.any[1] = a", "open", "(t.any = a or t.any[1] = a)"},
    {"t.str = val(t.other) or t.str = a", "open", "(t.str = val(t.other) or t.str = a)"},
    {"t.int < 1 or t.int < 2", "open", "(t.int < 1 or t.int < 2)"},
};

}  // namespace

TEST_CASE("what the type of an event decides is folded away") {
    for (const auto& [text, type, expected] : kCases) {
        INFO(text << " for " << type);
        CHECK(folded(text, type) == expected);
    }
}

TEST_CASE("constants are told") {
    const ExprPtr expr = checked("evt.type = open");
    CHECK(fold(*expr, fake::type_of("open")).is_true());
    CHECK_FALSE(fold(*expr, fake::type_of("open")).is_false());
    CHECK(fold(*expr, fake::type_of("connect")).is_false());
    const Folded open = fold(*checked("t.str = a"), fake::type_of("open"));
    CHECK_FALSE(open.is_true());
    CHECK_FALSE(open.is_false());
}

TEST_CASE("folding leaves the condition as it was") {
    const ExprPtr expr = checked("t.str = a or t.str = b");
    fold(*expr, fake::type_of("open"));
    CHECK(to_text(*expr) == "(t.str = a or t.str = b)");
}

}  // namespace saker::filter
