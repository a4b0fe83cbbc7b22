// SPDX-License-Identifier: Apache-2.0
#include "filter/event_types.h"

#include <string>
#include <string_view>

#include "unit/filter/conditions.h"
// Last: its CAPTURE is not the event table's.
#include "catch.h"

namespace saker::filter {
namespace {

// The names of a set; "all" and "all but ..." where it is most of them.
std::string names(const EventTypeSet& set) {
    const bool inverted = set.count() > set.size() / 2;
    if (set.all()) return "all";
    std::string text = inverted ? "all but" : "";
    for (event::EventType type = 0; type < set.size(); ++type) {
        if (set[type] == inverted) continue;
        if (!text.empty()) text += ' ';
        text += event::info(type).name;
    }
    return text;
}

struct Case {
    std::string_view text;
    std::string_view types;
    std::string_view named;
};

const Case kCases[] = {
    {"evt.type = open", "open", "open"},
    {"evt.type != open", "all but open", "all but open"},
    {"not evt.type = open", "all but open", "all but open"},
    {"evt.type in (open, connect)", "open connect", "open connect"},
    {"evt.type = open and t.str = a", "open", "open"},
    {"evt.type = open or t.str = a", "all", "all"},
    {"evt.type = open and evt.type = connect", "", ""},
    {"evt.type = open or evt.type = connect", "open connect", "open connect"},
    {"not (evt.type != open or t.str = a)", "open", "open"},
    {"evt.type exists", "all", "all"},
    {"t.str = a", "all", "all"},
    {"evt.num = 0", "", ""},
    {"evt.num > 0", "all", "all"},
    {"not evt.num > 0 or evt.type = open", "open", "open"},
    // Other fields decide what the rule sees, but are not how its author names events.
    {"evt.type = anyof (open, connect)", "open connect", "open connect"},
    {"t.kind exists", "all but open", "all"},
    {"not t.kind exists and evt.type in (open, execve)", "open", "execve open"},
    {"t.flag = true and evt.type in (open, connect)", "open", "open connect"},
};

}  // namespace

TEST_CASE("the types of events that a condition can be about") {
    for (const auto& [text, types, named] : kCases) {
        INFO(text);
        const EventTypes found = event_types(*checked(text));
        CHECK(names(found.types) == types);
        CHECK(names(found.named) == named);
        CHECK(found.restricts == (named != "all"));
    }
}

TEST_CASE("a pattern on the event's type decides, but names none") {
    const EventTypes found = event_types(*checked("evt.type startswith open"));
    CHECK_FALSE(found.restricts);
    CHECK(found.types[fake::type_of("openat")]);
    CHECK_FALSE(found.types[fake::type_of("connect")]);
}

TEST_CASE("a condition has no program for the types that it is not about") {
    const ExprPtr expr =
        checked("(evt.type in (open, connect) and t.flag = true) or t.kind = exec");
    const EventTypes found = event_types(*expr);
    const RuleCondition rule{0, expr.get()};
    for (event::EventType type = 0; type < found.types.size(); ++type) {
        CHECK(compile(type, {&rule, 1}).empty() == !found.types[type]);
    }
}

}  // namespace saker::filter
