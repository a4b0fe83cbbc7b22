// SPDX-License-Identifier: Apache-2.0
#include "tool/lint.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "filter/event_types.h"
#include "fmt/core.h"
#include "fmt/ranges.h"
#include "tool/evadable.h"
#include "tool/prover.h"
#include "tool/siblings.h"
#include "tool/value_text.h"

namespace saker::tool {

namespace {

using filter::EventTypeSet;
using filter::Expr;
using filter::ExprPtr;

constexpr LintInfo kCodes[] = {
    {LintCode::kShadowedRule, "LINT_SHADOWED_RULE",
     "With rule_matching: first, an earlier rule always fires in this one's place.",
     "put the rule before the other one, or narrow the other one down"},
    {LintCode::kNeverTrue, "LINT_NEVER_TRUE", "No event can make the condition true.",
     "look for tests that exclude each other, and for fields that such events do not have"},
    {LintCode::kAlwaysTrue, "LINT_ALWAYS_TRUE", "Every event makes the condition true.",
     "say which events the rule is about"},
    {LintCode::kDeadException, "LINT_DEAD_EXCEPTION",
     "What is excepted never occurs together with the rest of the condition.",
     "compare the exception with the rest of the condition, or remove it"},
    {LintCode::kEvadableName, "LINT_EVADABLE_NAME",
     "Who calls a program by the right name is let pass.",
     "name the file that is run, proc.exepath, which a process cannot choose"},
    {LintCode::kForgottenSibling, "LINT_FORGOTTEN_SIBLING",
     "Another system call does the same, and the rule does not see it.",
     "add the calls to evt.type in (...)"},
};

// Each exception is looked at with the rest of its condition: conditions of more parts would take
// too long, and nobody writes them.
constexpr std::size_t kMaxParts = 200;

// Event types that rules can be about.
EventTypeSet all_types() {
    EventTypeSet types;
    for (event::EventType type = 0; type < event::events().size(); ++type) {
        types[type] = event::info(type).category != event::Category::kInternal;
    }
    return types;
}

// The parts of a condition that must all hold.
void collect_parts(const Expr& expr, std::vector<const Expr*>& parts) {
    if (const auto* all = std::get_if<filter::And>(&expr.node)) {
        for (const ExprPtr& child : all->children) collect_parts(*child, parts);
    } else {
        parts.push_back(&expr);
    }
}

ExprPtr negated(const Expr& expr) {
    return filter::make_expr(filter::Not{filter::clone(expr)});
}

// `a and b`, or `a and not b`.
ExprPtr both(const Expr& a, ExprPtr b) {
    filter::And row;
    row.children.push_back(filter::clone(a));
    row.children.push_back(std::move(b));
    return filter::make_expr(std::move(row));
}

// A bit for each field, by its address: a rule that needs something of a field which another one
// does not mention cannot be implied by that one.
std::uint64_t field_bit(const filter::Operand& operand) {
    std::uint64_t bits = 0;
    filter::for_each_field(operand, [&](const field::FieldUse& use) {
        bits |=
            1ull << (reinterpret_cast<std::uintptr_t>(use.info) / sizeof(field::FieldInfo) % 64);
    });
    return bits;
}

std::uint64_t field_bits(const Expr& expr) {
    std::uint64_t bits = 0;
    filter::for_each_test(expr, [&](const filter::Test& test) { bits |= field_bit(test.lhs); });
    return bits;
}

// Of the first test.
filter::Span first_span(const Expr& expr) {
    std::optional<filter::Span> first;
    filter::for_each_test(expr, [&](const filter::Test& test) {
        if (!first) first = test.lhs.span;
    });
    return first.value_or(expr.span);
}

// Of a constant with that text, or else of the first test.
filter::Span span_of(const Expr& expr, std::string_view text) {
    std::optional<filter::Span> found;
    filter::for_each_test(expr, [&](const filter::Test& test) {
        const auto constant = std::ranges::find(test.constants, text, &filter::Constant::text);
        if (!found && constant != test.constants.end()) found = constant->span;
    });
    return found.value_or(first_span(expr));
}

class Linter {
public:
    Linter(const rule::LoadResult& loaded, const LintOptions& options)
        : rules_(loaded.rules.rules), places_(loaded.places), options_(options) {}

    std::vector<Finding> run() {
        for (const rule::Rule& rule : rules_) {
            summaries_.push_back(summarize(rule));
            look(rule, summaries_.back());
        }
        if (options_.first_match) find_shadowed();
        std::ranges::stable_sort(findings_, {}, [](const Finding& finding) {
            return std::tie(finding.file, finding.position.line, finding.position.column);
        });
        return std::move(findings_);
    }

private:
    struct Summary {
        filter::EventTypes types;
        std::uint64_t fields = 0;    // that the condition mentions
        std::uint64_t required = 0;  // that a test is about which must hold
        bool never = false;
    };

    static Summary summarize(const rule::Rule& rule) {
        Summary summary;
        summary.types = filter::event_types(*rule.expr);
        summary.types.types &= all_types();
        summary.fields = field_bits(*rule.expr);
        std::vector<const Expr*> parts;
        collect_parts(*rule.expr, parts);
        for (const Expr* part : parts) {
            const auto* test = std::get_if<filter::Test>(&part->node);
            if (test != nullptr) summary.required |= field_bit(test->lhs);
        }
        return summary;
    }

    void add(LintCode code, const rule::Rule& rule, std::string message) {
        findings_.push_back({code, rule.name, rule.file, rule.position, rule.file, rule.position,
                             std::move(message)});
    }

    // About a term of the condition.
    void add_at(LintCode code, const rule::Rule& rule, const filter::Span& term,
                std::string message) {
        add(code, rule, std::move(message));
        const auto number = static_cast<std::size_t>(&rule - rules_.data());
        const rule::Place place = places_.find(number, term);
        if (place.file == nullptr) return;
        findings_.back().file = place.file->name();
        findings_.back().position = place.file->position(place.offset);
    }

    void look(const rule::Rule& rule, Summary& summary) {
        summary.never = prover_.never(*rule.expr, summary.types.types);
        if (summary.never) {
            add(LintCode::kNeverTrue, rule, "the condition can never be true");
            return;
        }
        if (prover_.never(*negated(*rule.expr), all_types())) {
            add(LintCode::kAlwaysTrue, rule, "the condition is true for every event");
        }
        find_dead_exceptions(rule);
        for (const Evadable& one : find_evadable(*rule.expr)) {
            add_at(LintCode::kEvadableName, rule, one.test->lhs.span,
                   fmt::format("{} lets pass whoever calls itself so: {}", one.fields,
                               short_text(*one.test)));
        }
        for (const ForgottenSiblings& one : find_forgotten_siblings(summary.types)) {
            add_at(
                LintCode::kForgottenSibling, rule, span_of(*rule.expr, one.named),
                fmt::format("{} is watched, but not {}", one.named, fmt::join(one.missing, ", ")));
        }
    }

    // `rest and not X`, where `rest and X` can never be; or where one of the rows in X cannot.
    void find_dead_exceptions(const rule::Rule& rule) {
        std::vector<const Expr*> parts;
        collect_parts(*rule.expr, parts);
        std::size_t looked_at = parts.size();
        for (const Expr* part : parts) {
            const auto* exception = std::get_if<filter::Not>(&part->node);
            if (exception == nullptr || looked_at > kMaxParts) continue;
            if (is_dead(*exception->child, *part, parts)) {
                add_dead(rule, *exception->child);
                continue;
            }
            const auto rows = own_rows(rule, *exception->child);
            looked_at += rows.size();
            if (looked_at > kMaxParts) continue;
            for (const ExprPtr& row : rows) {
                if (is_dead(*row, *part, parts)) add_dead(rule, *row);
            }
        }
    }

    // Of `not (X or Y)` in the rule's own text; a macro serves other rules too, for which it may
    // have rows that this one does not need.
    static std::span<const ExprPtr> own_rows(const rule::Rule& rule, const Expr& excepted) {
        const auto* rows = std::get_if<filter::Or>(&excepted.node);
        const bool own = excepted.span.source == rule.expr->span.source;
        return rows != nullptr && own ? std::span<const ExprPtr>(rows->children)
                                      : std::span<const ExprPtr>();
    }

    // Whether all parts but one never hold together with what that one excepts.
    bool is_dead(const Expr& excepted, const Expr& part, const std::vector<const Expr*>& parts) {
        if (is_placeholder(excepted)) return false;
        filter::And row;
        for (const Expr* other : parts) {
            if (other != &part) row.children.push_back(filter::clone(*other));
        }
        row.children.push_back(filter::clone(excepted));
        return prover_.never(*filter::make_expr(std::move(row)), all_types());
    }

    void add_dead(const rule::Rule& rule, const Expr& excepted) {
        add_at(LintCode::kDeadException, rule, first_span(excepted),
               fmt::format("this exception never applies: {}", shown(excepted)));
    }

    // Meant to be filled in: a macro that is `evt.num = 0`, a list without items.
    static bool is_placeholder(const Expr& expr) { return filter::event_types(expr).types.none(); }

    static std::string shown(const Expr& expr) {
        constexpr std::size_t kLongest = 120;
        const std::string text = filter::to_text(expr);
        return text.size() <= kLongest ? text : text.substr(0, kLongest) + "...";
    }

    void find_shadowed() {
        for (std::size_t later = 0; later < rules_.size(); ++later) {
            for (std::size_t earlier = 0; earlier < later; ++earlier) {
                if (!may_shadow(earlier, later) || !shadows(earlier, later)) continue;
                add(LintCode::kShadowedRule, rules_[later],
                    fmt::format("rule '{}' stands before it and fires whenever this one would",
                                rules_[earlier].name));
                break;
            }
        }
    }

    // Cheap: nearly all pairs end here.
    bool may_shadow(std::size_t earlier, std::size_t later) const {
        const Summary& a = summaries_[earlier];
        const Summary& b = summaries_[later];
        if (!rules_[earlier].enabled || a.never || b.never) return false;
        if ((a.required & ~b.fields) != 0) return false;
        return (b.types.types & ~a.types.types).none();
    }

    bool shadows(std::size_t earlier, std::size_t later) {
        const ExprPtr escaped = both(*rules_[later].expr, negated(*rules_[earlier].expr));
        return prover_.never(*escaped, summaries_[later].types.types);
    }

    const std::vector<rule::Rule>& rules_;
    const rule::ConditionPlaces& places_;
    LintOptions options_;
    Prover prover_;
    std::vector<Summary> summaries_;
    std::vector<Finding> findings_;
};

}  // namespace

std::span<const LintInfo> lint_codes() {
    return kCodes;
}

const LintInfo& info(LintCode code) {
    return kCodes[static_cast<std::size_t>(code)];
}

std::vector<Finding> lint(const rule::LoadResult& loaded, const LintOptions& options) {
    return Linter(loaded, options).run();
}

}  // namespace saker::tool
