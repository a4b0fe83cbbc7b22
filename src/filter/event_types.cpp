// SPDX-License-Identifier: Apache-2.0
#include "filter/event_types.h"

#include "filter/decide.h"
#include "filter/lower.h"

namespace saker::filter {
namespace {

// For each type of event, what a condition can be. A type that is in neither set does not occur.
struct Outcomes {
    EventTypeSet maybe_true;
    EventTypeSet maybe_false;
};

const EventTypeSet kAllTypes = EventTypeSet().set();

bool decides_by_name(const Test& test) {
    if (test.rhs || test.lhs.kind != Operand::Kind::kField) return false;
    const std::string_view name = test.lhs.use.info->name;
    const bool exact = test.op == Op::kEq || test.op == Op::kNe || test.op == Op::kIn ||
                       test.op == Op::kIntersects || test.op == Op::kExists;
    return (exact && (name == "evt.type" || name == "syscall.type")) || name == "evt.type.is" ||
           name == "evt.num";
}

class Analysis {
public:
    // With `by_name_only`, all tests but those of decides_by_name() are left open.
    explicit Analysis(bool by_name_only) : by_name_only_(by_name_only) {}

    Outcomes run(const Expr& expr) {
        if (const auto* test = std::get_if<Test>(&expr.node)) return run(*test);
        if (const auto* negated = std::get_if<Not>(&expr.node)) {
            const Outcomes inner = run(*negated->child);
            return {inner.maybe_false, inner.maybe_true};
        }
        if (const auto* row = std::get_if<And>(&expr.node)) {
            Outcomes all{kAllTypes, {}};
            for (const ExprPtr& child : row->children) {
                const Outcomes outcomes = run(*child);
                all.maybe_true &= outcomes.maybe_true;
                all.maybe_false |= outcomes.maybe_false;
            }
            return all;
        }
        Outcomes any{{}, kAllTypes};
        for (const ExprPtr& child : std::get<Or>(expr.node).children) {
            const Outcomes outcomes = run(*child);
            any.maybe_true |= outcomes.maybe_true;
            any.maybe_false &= outcomes.maybe_false;
        }
        return any;
    }

private:
    Outcomes run(const Test& test) {
        Outcomes open{kAllTypes, kAllTypes};
        if (by_name_only_ && !decides_by_name(test)) return open;
        const Test simple = simplify(test);
        Decider decider(simple, scratch_);
        for (std::size_t type = 0; type < kAllTypes.size(); ++type) {
            const auto truth = decider.decide(static_cast<event::EventType>(type));
            if (!truth) continue;
            open.maybe_true[type] = *truth;
            open.maybe_false[type] = !*truth;
        }
        return open;
    }

    bool by_name_only_;
    field::Scratch scratch_;
};

// Calls that set up what they transfer, as sendto does, are of use without their data.
bool only_moves_data(const event::EventInfo& info) {
    using event::Category;
    const bool moves = info.category == Category::kIoRead || info.category == Category::kIoWrite;
    return moves && !info.has(event::kModifiesState);
}

}  // namespace

EventTypeSet EventTypes::collected() const {
    if (restricts) return types;
    EventTypeSet collected = types;
    for (event::EventType type = 0; type < event::events().size(); ++type) {
        if (only_moves_data(event::info(type))) collected[type] = false;
    }
    return collected;
}

EventTypes event_types(const Expr& expr) {
    EventTypes result;
    result.types = Analysis(false).run(expr).maybe_true;
    result.named = named_event_types(expr);
    result.restricts = result.named != kAllTypes;
    return result;
}

EventTypeSet named_event_types(const Expr& expr) {
    return Analysis(true).run(expr).maybe_true;
}

}  // namespace saker::filter
