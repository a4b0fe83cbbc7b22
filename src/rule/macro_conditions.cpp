// SPDX-License-Identifier: Apache-2.0
#include "rule/macro_conditions.h"

#include <set>
#include <string>
#include <utility>

#include "filter/parser.h"
#include "fmt/core.h"

namespace saker::rule {
namespace {

// Calls `visit(name, span)` for each macro that a condition names. The parser bounds the depth.
template <typename Visit>
void for_each_macro(const filter::Expr& expr, const Visit& visit) {
    if (const auto* name = std::get_if<filter::Identifier>(&expr.node)) {
        visit(name->name, expr.span);
    } else if (const auto* negated = std::get_if<filter::Not>(&expr.node)) {
        for_each_macro(*negated->child, visit);
    } else if (const auto* all = std::get_if<filter::And>(&expr.node)) {
        for (const auto& child : all->children) for_each_macro(*child, visit);
    } else if (const auto* any = std::get_if<filter::Or>(&expr.node)) {
        for (const auto& child : any->children) for_each_macro(*child, visit);
    }
}

std::size_t count_row(const std::vector<filter::ExprPtr>& row) {
    std::size_t count = 1;
    for (const auto& child : row) count += count_nodes(*child);
    return count;
}

}  // namespace

std::size_t count_nodes(const filter::Expr& expr) {
    if (const auto* negated = std::get_if<filter::Not>(&expr.node)) {
        return 1 + count_nodes(*negated->child);
    }
    if (const auto* all = std::get_if<filter::And>(&expr.node)) return count_row(all->children);
    if (const auto* any = std::get_if<filter::Or>(&expr.node)) return count_row(any->children);
    if (const auto* test = std::get_if<filter::Test>(&expr.node)) {
        return 1 + test->constants.size();
    }
    return 1;
}

std::vector<std::string> macros_in(const filter::Expr& expr) {
    std::set<std::string> found;
    for_each_macro(expr, [&](const std::string& name, const filter::Span&) { found.insert(name); });
    return {found.begin(), found.end()};
}

MacroConditions::MacroConditions(const Definitions& definitions, ListExpander& lists,
                                 Diagnostics& diagnostics)
    : macros_(definitions.macros),
      incomplete_(definitions.incomplete),
      diagnostics_(diagnostics),
      conditions_(macros_.size()) {
    for (std::size_t macro = 0; macro < size(); ++macro) parse(macro, lists);
    report_loops();
}

Subject MacroConditions::subject(std::size_t macro) const {
    return {"macro", macros_[macro].name, macros_[macro].place};
}

std::vector<Subject> MacroConditions::way_to(std::size_t macro, std::size_t offset) const {
    const MappedText& text = conditions_[macro].text;
    const Scalar* scalar = text.scalar_at(offset);
    if (scalar == nullptr) return {subject(macro)};
    return {subject(macro),
            {"macro condition", "", scalar->place()},
            {"condition expression", "", text.place(offset)}};
}

void MacroConditions::parse(std::size_t macro, ListExpander& lists) {
    Condition& condition = conditions_[macro];
    condition.broken = macros_[macro].broken;
    if (condition.broken) return;
    condition.text = lists.expand(macros_[macro].condition, &condition.lists);
    auto parsed = filter::parse(condition.text.text(), {}, static_cast<std::uint32_t>(macro));
    if (!parsed) {
        return error(Code::kErrCompileCondition, macro, parsed.error().offset,
                     parsed.error().message);
    }
    condition.expr = std::move(*parsed);
    nodes_ += count_nodes(*condition.expr);
    resolve(macro, *condition.expr);
}

void MacroConditions::resolve(std::size_t macro, const filter::Expr& expr) {
    for_each_macro(expr, [&](const std::string& name, const filter::Span& span) {
        const std::size_t inner = macros_.position(name);
        const bool known = inner != MacroTable::kNone;
        if (known && inner != macro) conditions_[inner].used = true;
        if (known && (inner == macro || macros_[macro].sees(macros_[inner]))) {
            conditions_[macro].inside.push_back(inner);
            return;
        }
        conditions_[macro].broken = true;
        if (!known && incomplete_) return;
        std::string message = fmt::format("Undefined macro '{}' used in filter.", name);
        if (known) message += " It is defined only after this one.";
        error(Code::kErrValidate, macro, span.offset, std::move(message));
    });
}

// Takes away, again and again, macros that name none of those that are left: what stays is in a
// loop, or leads to one. No recursion: a chain may be as long as there are macros.
void MacroConditions::report_loops() {
    std::vector<std::size_t> open(size());  // how many that it names are left
    std::vector<std::vector<std::size_t>> named_by(size());
    std::vector<std::size_t> ready;
    for (std::size_t macro = 0; macro < size(); ++macro) {
        open[macro] = conditions_[macro].inside.size();
        if (open[macro] == 0) ready.push_back(macro);
        for (const std::size_t inner : conditions_[macro].inside) named_by[inner].push_back(macro);
    }
    while (!ready.empty()) {
        const std::size_t macro = ready.back();
        ready.pop_back();
        for (const std::size_t outer : named_by[macro]) {
            if (--open[outer] == 0) ready.push_back(outer);
        }
    }
    for (std::size_t macro = 0; macro < size(); ++macro) {
        if (open[macro] == 0) continue;
        error(Code::kErrValidate, macro, 0,
              fmt::format("reference loop in macro '{}'", macros_[macro].name));
    }
}

void MacroConditions::error(Code code, std::size_t macro, std::size_t offset, std::string message) {
    conditions_[macro].broken = true;
    diagnostics_.add(code, way_to(macro, offset), std::move(message));
}

void MacroConditions::use(std::string_view name) {
    const std::size_t macro = macros_.position(name);
    if (macro != MacroTable::kNone) conditions_[macro].used = true;
}

const filter::Expr* MacroConditions::find(std::string_view name, bool& met_broken) const {
    const std::size_t macro = macros_.position(name);
    if (macro == MacroTable::kNone) {
        met_broken |= incomplete_;
        return nullptr;
    }
    if (!conditions_[macro].broken) return conditions_[macro].expr.get();
    met_broken = true;
    return nullptr;
}

Macro MacroConditions::take(std::size_t macro) {
    Condition& condition = conditions_[macro];
    Macro taken;
    taken.name = macros_[macro].name;
    taken.condition = macros_[macro].condition.text();
    if (!condition.broken) taken.expr = std::move(condition.expr);
    taken.lists = std::move(condition.lists);
    taken.used = condition.used;
    condition.broken = true;
    return taken;
}

}  // namespace saker::rule
