// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "filter/ast.h"
#include "filter/macros.h"
#include "rule/definitions.h"
#include "rule/diagnostics.h"
#include "rule/list.h"
#include "rule/rule.h"

namespace saker::rule {

// The conditions of all macros, parsed. A macro that has a mistake, names one that it does not see
// (see Definition::sees), or names itself by whatever way, is reported once, at the macro.
//
// The span of an expression has the macro's position in the table as its source.
class MacroConditions {
public:
    // The definitions must outlive this.
    MacroConditions(const Definitions& definitions, ListExpander& lists, Diagnostics& diagnostics);

    // For filter::expand_macros. `met_broken` is set when nothing is found because of a mistake
    // that was reported already, there or in what could not be read.
    const filter::Expr* find(std::string_view name, bool& met_broken) const;

    // A rule names it. (What macros name is known from the beginning.)
    void use(std::string_view name);

    std::size_t size() const { return conditions_.size(); }
    // The text that a macro's spans refer to; nothing is reported of it afterwards.
    MappedText take_text(std::size_t macro) { return std::move(conditions_[macro].text); }
    Subject subject(std::size_t macro) const;
    std::vector<Subject> way_to(std::size_t macro, std::size_t offset) const;
    bool is_used(std::size_t macro) const { return conditions_[macro].used; }

    // What is known of a macro, its condition included: find() does not find it any more.
    Macro take(std::size_t macro);

    // Expressions and constants of all macros together.
    std::size_t nodes() const { return nodes_; }

private:
    struct Condition {
        MappedText text;                 // with lists put in
        std::vector<std::string> lists;  // those
        filter::ExprPtr expr;
        std::vector<std::size_t> inside;  // macros that it names
        bool broken = false;
        bool used = false;
    };

    void parse(std::size_t macro, ListExpander& lists);
    void resolve(std::size_t macro, const filter::Expr& expr);
    void report_loops();
    void error(Code code, std::size_t macro, std::size_t offset, std::string message);

    const MacroTable& macros_;
    bool incomplete_;  // see Definitions
    Diagnostics& diagnostics_;
    std::vector<Condition> conditions_;  // by position in the table
    std::size_t nodes_ = 0;
};

// The names of the macros in a condition, sorted.
std::vector<std::string> macros_in(const filter::Expr& expr);

// Expressions, operands and constants of a condition.
std::size_t count_nodes(const filter::Expr& expr);

}  // namespace saker::rule
