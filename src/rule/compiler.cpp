// SPDX-License-Identifier: Apache-2.0
#include "rule/compiler.h"

#include <algorithm>
#include <string>
#include <utility>

#include "filter/check.h"
#include "filter/event_types.h"
#include "filter/parser.h"
#include "fmt/core.h"
#include "rule/exception_condition.h"
#include "rule/hints.h"
#include "rule/macro_conditions.h"

namespace saker::rule {
namespace {

// More types of events than this in a condition, and nearly everything is looked at.
constexpr std::size_t kManyEventTypes = 100;

class Compiler {
public:
    Compiler(const Definitions& definitions, const field::Registry& registry,
             Diagnostics& diagnostics)
        : definitions_(definitions),
          registry_(registry),
          diagnostics_(diagnostics),
          lists_(definitions.lists, diagnostics),
          macros_(definitions, lists_, diagnostics),
          nodes_(macros_.nodes()) {}

    CompiledRules run() {
        for (const RuleDefinition& definition : definitions_.rules.all()) {
            if (definition.broken || definition.unknown_source) continue;
            if (lists_.is_full() || nodes_ > kMaxConditionNodes) {
                diagnostics_.add(Code::kErrValidate, subject(definition),
                                 "the rules are too large with their lists and macros");
                break;
            }
            compile(definition);
        }
        incomplete_ = diagnostics_.has_errors();
        describe_macros();
        describe_lists();
        set_.required_plugins = definitions_.required_plugins;
        if (definitions_.required_engine != Version{}) {
            set_.required_engine_version = to_text(definitions_.required_engine);
        }
        return {std::move(set_), take_places()};
    }

private:
    static Subject subject(const RuleDefinition& rule) { return {"rule", rule.name, rule.place}; }

    // The number that the spans of a rule's own text have; macros have the lower ones.
    std::uint32_t own_source() const { return static_cast<std::uint32_t>(macros_.size()); }

    void compile(const RuleDefinition& definition) {
        if (!check(definition)) return;
        Rule rule = describe(definition);
        text_ = lists_.expand(with_exceptions(definition.condition, definition.exceptions),
                              &rule.lists);
        filter::ExprPtr expr = condition(definition, rule.macros);
        if (!expr) return;
        std::optional<Format> format = output(definition);
        if (!format) return;
        warn(definition, *expr);
        rule.expr = std::move(expr);
        rule.format = std::move(*format);
        set_.rules.push_back(std::move(rule));
        texts_.push_back(std::move(text_));
    }

    ConditionPlaces take_places() {
        std::vector<MappedText> macros;
        macros.reserve(macros_.size());
        for (std::size_t i = 0; i < macros_.size(); ++i) macros.push_back(macros_.take_text(i));
        return {std::move(macros), std::move(texts_)};
    }

    // False after a mistake in an exception.
    bool check(const RuleDefinition& rule) {
        const auto problems = check_exceptions(rule.exceptions, registry_);
        for (const ExceptionProblem& problem : problems) {
            const bool skip = rule.skip_if_unknown_filter && is_unknown_name(problem.message);
            std::vector<Subject> way = problem.way;
            way.insert(way.begin(), subject(rule));
            diagnostics_.add(skip ? Code::kUnknownFilter : Code::kErrValidate, way,
                             skip ? skipped(problem.message) : problem.message);
        }
        return problems.empty();
    }

    // All but what is compiled.
    static Rule describe(const RuleDefinition& definition) {
        Rule rule;
        rule.name = definition.name;
        rule.description = definition.description;
        rule.condition = definition.condition.text();
        rule.output = definition.output.text();
        rule.priority = definition.priority;
        rule.tags.assign(definition.tags.begin(), definition.tags.end());
        rule.source = definition.source;
        rule.enabled = definition.enabled;
        rule.capture = definition.capture;
        rule.capture_duration = definition.capture_duration;
        for (const Exception& exception : definition.exceptions) {
            ExceptionInfo& info = rule.exceptions.emplace_back();
            info.name = exception.name.text();
            for (const Scalar& field : exception.fields) info.fields.push_back(field.text());
            info.operators = operators_of(exception);
        }
        rule.file = definition.place.file->name();
        rule.position = definition.place.file->position(definition.place.offset);
        return rule;
    }

    // nullptr after a mistake. `macros` gets those that it names.
    filter::ExprPtr condition(const RuleDefinition& rule, std::vector<std::string>& macros) {
        auto parsed = filter::parse(text_.text(), {}, own_source());
        if (!parsed) {
            report(rule, own_source(), parsed.error().offset, parsed.error().message);
            return nullptr;
        }
        macros = macros_in(**parsed);
        for (const std::string& macro : macros) macros_.use(macro);
        bool met_broken = false;
        auto expanded = filter::expand_macros(
            **parsed, [&](std::string_view name) { return macros_.find(name, met_broken); });
        if (!expanded) {
            if (met_broken) return nullptr;
            const filter::Span& span = expanded.error().span;
            report(rule, span.source, span.offset, expanded.error().message, Code::kErrValidate);
            return nullptr;
        }
        nodes_ += count_nodes(**expanded);
        if (const auto error = filter::check(**expanded, registry_)) {
            if (may_be_lost_list(**expanded, *error)) return nullptr;
            report(rule, error->source, error->offset, error->message);
            return nullptr;
        }
        return std::move(*expanded);
    }

    // Where the name of a list that could not be read stands, the check sees a constant.
    bool may_be_lost_list(const filter::Expr& expr, const filter::CheckError& error) const {
        if (!definitions_.incomplete) return false;
        bool found = false;
        filter::for_each_test(expr, [&](const filter::Test& test) {
            const bool takes_list = filter::info(test.op).rhs == filter::Rhs::kList ||
                                    test.quantifier != filter::Quantifier::kNone;
            if (!takes_list) return;
            found |= std::ranges::any_of(test.constants, [&](const filter::Constant& constant) {
                return constant.span.source == error.source && constant.span.offset == error.offset;
            });
        });
        return found;
    }

    std::optional<Format> output(const RuleDefinition& rule) {
        auto format = Format::compile(rule.output.text(), registry_);
        if (!format) {
            const FormatError& error = format.error();
            const bool skip = rule.skip_if_unknown_filter && is_unknown_name(error.message);
            diagnostics_.add(skip ? Code::kUnknownFilter : Code::kErrCompileOutput,
                             way_to_output(rule, error.offset),
                             skip ? skipped(error.message) : error.message);
            return std::nullopt;
        }
        for (const Format::Deprecated& use : format->deprecated()) {
            deprecate(diagnostics_.add(Code::kDeprecatedItem, way_to_output(rule, use.offset),
                                       fmt::format("'{}' is deprecated", use.name)),
                      use.name);
        }
        return std::move(*format);
    }

    static std::vector<Subject> way_to_output(const RuleDefinition& rule, std::size_t offset) {
        return {subject(rule),
                {"rule output", "", rule.output.scalar_at(offset)->place()},
                {"rule output expression", "", rule.output.place(offset)}};
    }

    static void deprecate(Diagnostic* diagnostic, const std::string& field) {
        if (diagnostic != nullptr) diagnostic->deprecated_field = field;
    }

    static std::string skipped(const std::string& message) {
        return message + "; the rule is skipped";
    }

    // A mistake in a condition: in the rule's own text, or in that of a macro.
    void report(const RuleDefinition& rule, std::uint32_t source, std::size_t offset,
                const std::string& message, Code code = Code::kErrCompileCondition) {
        if (rule.skip_if_unknown_filter && is_unknown_name(message)) {
            code = Code::kUnknownFilter;
        }
        add(code, rule, source, offset, code == Code::kUnknownFilter ? skipped(message) : message);
    }

    Diagnostic* add(Code code, const RuleDefinition& rule, std::uint32_t source, std::size_t offset,
                    std::string message) {
        const bool own = source == own_source();
        return diagnostics_.add(code, own ? way_to(rule, offset) : macros_.way_to(source, offset),
                                std::move(message));
    }

    // To a place in a rule's own condition: in what was written as such, or in an exception.
    std::vector<Subject> way_to(const RuleDefinition& rule, std::size_t offset) const {
        const Scalar* scalar = text_.scalar_at(offset);
        if (scalar == nullptr) return {subject(rule)};
        std::vector<Subject> way = rule::way_to(*scalar, rule.exceptions);
        if (way.empty()) way.push_back({"rule condition", "", scalar->place()});
        way.insert(way.begin(), subject(rule));
        way.push_back({"condition expression", "", text_.place(offset)});
        return way;
    }

    void warn(const RuleDefinition& rule, const filter::Expr& expr) {
        for (const Hint& hint : find_hints(expr, registry_)) {
            deprecate(add(hint.code, rule, hint.span.source, hint.span.offset, hint.message),
                      hint.deprecated_field);
        }
        if (!rule.warn_evttypes) return;
        if (filter::named_event_types(expr).count() <= kManyEventTypes) return;
        diagnostics_.add(Code::kNoEvttype, subject(rule),
                         "the condition names no event type: it is evaluated for nearly every "
                         "event, which costs a lot");
    }

    void describe_macros() {
        for (std::size_t i = 0; i < definitions_.macros.size(); ++i) {
            set_.macros.push_back(macros_.take(i));
            if (macros_.is_used(i) || incomplete_) continue;
            diagnostics_.add(Code::kUnusedMacro, macros_.subject(i), "macro is not used");
        }
    }

    void describe_lists() {
        for (std::size_t i = 0; i < definitions_.lists.size(); ++i) {
            const ListDefinition& list = definitions_.lists[i];
            List& known = set_.lists.emplace_back();
            known.name = list.name;
            known.items = lists_.items(i);
            for (const Scalar& item : list.items) known.written.push_back(item.text());
            known.lists = lists_.lists_in(i);
            known.used = lists_.is_used(i);
            if (lists_.is_used(i) || incomplete_) continue;
            diagnostics_.add(Code::kUnusedList, {"list", list.name, list.place},
                             "list is not used");
        }
    }

    const Definitions& definitions_;
    const field::Registry& registry_;
    Diagnostics& diagnostics_;
    ListExpander lists_;
    MacroConditions macros_;
    std::size_t nodes_;              // of all conditions so far
    MappedText text_;                // the condition at hand, with lists put in
    std::vector<MappedText> texts_;  // of the rules so far
    bool incomplete_ = false;        // after a mistake, nobody knows what else is used
    RuleSet set_;
};

}  // namespace

CompiledRules compile_rules(const Definitions& definitions, const field::Registry& registry,
                            Diagnostics& diagnostics) {
    return Compiler(definitions, registry, diagnostics).run();
}

}  // namespace saker::rule
