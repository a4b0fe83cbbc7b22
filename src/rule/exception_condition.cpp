// SPDX-License-Identifier: Apache-2.0
#include "rule/exception_condition.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "filter/check.h"
#include "filter/parser.h"
#include "fmt/core.h"
#include "rule/quoting.h"

namespace saker::rule {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
    return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

// An operator as `comps` has it, with its modifier: "startswith anyof".
struct Comp {
    filter::Op op;
    filter::Quantifier quantifier = filter::Quantifier::kNone;

    bool takes_list() const {
        return quantifier != filter::Quantifier::kNone ||
               filter::info(op).rhs == filter::Rhs::kList;
    }
};

std::optional<Comp> parse_comp(std::string_view text) {
    text = trimmed(text);
    const std::size_t end = std::min(text.find_first_of(kBlanks), text.size());
    const auto op = filter::find_operator(text.substr(0, end));
    if (!op || filter::info(*op).rhs == filter::Rhs::kNothing) return std::nullopt;
    if (end == text.size()) return Comp{*op};
    const auto quantifier = filter::find_quantifier(trimmed(text.substr(end)));
    if (!quantifier || filter::info(*op).rhs != filter::Rhs::kText) return std::nullopt;
    return Comp{*op, *quantifier};
}

// The one that field number `i` is compared with.
Comp comp_of(const Exception& exception, std::size_t i) {
    if (exception.comps.empty()) return {exception.single ? filter::Op::kIn : filter::Op::kEq};
    return parse_comp(exception.comps[i].text()).value_or(Comp{filter::Op::kEq});
}

// What is wrong with a field's name; nullopt if nothing. Transformers are fields, too.
std::optional<std::string> field_problem(const std::string& field,
                                         const field::Registry& registry) {
    auto operand = filter::parse_operand(field);
    if (!operand) return operand.error().message;
    if (const auto error = filter::check(*operand, registry)) return error->message;
    return std::nullopt;
}

class Checker {
public:
    explicit Checker(const field::Registry& registry) : registry_(registry) {}

    void check(const Exception& exception) {
        exception_ = &exception;
        if (exception.fields.empty()) {
            return add(exception.place, {"exception"}, "Rule exception must have fields property");
        }
        for (const Scalar& field : exception.fields) check_field(field);
        check_comps();
        for (const ExceptionRow& row : exception.rows) check_row(row);
    }

    std::vector<ExceptionProblem> take() { return std::move(problems_); }

private:
    // What is at `place`: in the words of diagnostics, and the key if it is the value of one.
    struct Detail {
        const char* type;
        const char* key = "";
    };

    void add(Place place, Detail detail, std::string message) {
        ExceptionProblem problem{std::move(message), {}};
        problem.way.push_back({"exception", exception_->name.text(), exception_->place});
        if (place != exception_->place) problem.way.push_back({detail.type, detail.key, place});
        problems_.push_back(std::move(problem));
    }

    void check_field(const Scalar& field) {
        const auto problem = field_problem(field.text(), registry_);
        if (!problem) return;
        add(field.place(), {"value for", "fields"},
            fmt::format("'{}' is not a supported filter field: {}", field.text(), *problem));
    }

    void check_comps() {
        if (exception_->comps.empty()) return;
        const Place place = exception_->comps.front().place();
        if (exception_->single != exception_->single_comp) {
            return add(place, {"value for", "comps"},
                       "Fields and comps must both be texts, or both lists");
        }
        if (exception_->comps.size() != exception_->fields.size()) {
            return add(place, {"value for", "comps"},
                       "Fields and comps lists must have equal length");
        }
        for (const Scalar& text : exception_->comps) check_comp(text);
    }

    void check_comp(const Scalar& text) {
        const auto comp = parse_comp(text.text());
        if (!comp) {
            add(text.place(), {"value for", "comps"},
                fmt::format("'{}' is not a supported comparison operator", text.text()));
        } else if (exception_->single && !comp->takes_list()) {
            add(text.place(), {"value for", "comps"},
                fmt::format("with a single field, comps must be in, pmatch, intersects, or an "
                            "operator with oneof, anyof or allof; not '{}'",
                            text.text()));
        }
    }

    void check_row(const ExceptionRow& row) {
        if (exception_->single && row.is_list) {
            add(row.place, {"exception value"}, "with a single field, each value must be a text");
        } else if (!exception_->single && !row.is_list) {
            add(row.place, {"exception value"},
                "with a list of fields, each of the values must be a list");
        } else if (row.values.size() != exception_->fields.size()) {
            add(row.place, {"exception value"}, "Fields and values lists must have equal length");
        }
    }

    const field::Registry& registry_;
    const Exception* exception_ = nullptr;
    std::vector<ExceptionProblem> problems_;
};

// Whether the grammar reads the whole text as val(...) or a transformer.
bool is_call(std::string_view text) {
    const auto parsed = filter::parse(fmt::format("a.b = {}", text));
    const auto* test = parsed ? std::get_if<filter::Test>(&(*parsed)->node) : nullptr;
    return test != nullptr && test->rhs;
}

// Whether it reads the whole text as what stands behind `in`.
bool is_list(std::string_view text) {
    const auto parsed = filter::parse(fmt::format("a.b in {}", text));
    return parsed && std::holds_alternative<filter::Test>((*parsed)->node);
}

void append_quoted(MappedText& out, const Scalar& item) {
    out.append_for(item, quoted(item.text()));
}

// One value for an operator that takes one; val(...) and transformers stay what they are.
void append_one(MappedText& out, const Scalar& item) {
    if (is_value(item.text()) || is_call(item.text())) {
        out.append_scalar(item);
    } else {
        append_quoted(out, item);
    }
}

// One value in parentheses. A text with commas in it may be several, as in a condition.
void append_element(MappedText& out, const Scalar& item) {
    if (is_value(item.text()) || is_list("(x, " + item.text() + ")")) {
        out.append_scalar(item);
    } else {
        append_quoted(out, item);
    }
}

// For an operator that takes a list: what is one already (val(...) too) stays.
void append_as_list(MappedText& out, const Scalar& item) {
    if (!is_value(item.text()) && is_list(item.text())) return out.append_scalar(item);
    out.append_for(item, "(");
    append_element(out, item);
    out.append_for(item, ")");
}

void append_value(MappedText& out, const ExceptionValue& value, const Comp& comp,
                  const Scalar& origin) {
    if (!value.is_list) {
        return comp.takes_list() ? append_as_list(out, value.items.front())
                                 : append_one(out, value.items.front());
    }
    out.append_for(origin, "(");
    for (const Scalar& item : value.items) {
        if (&item != &value.items.front()) out.append_for(item, ", ");
        append_element(out, item);
    }
    out.append_for(origin, ")");
}

void append_comp(MappedText& out, const Exception& exception, std::size_t field) {
    if (exception.comps.empty()) {
        out.append_for(exception.fields[field], exception.single ? " in" : " =");
    } else {
        out.append_trimmed(exception.comps[field]);
    }
    out.append_for(exception.fields[field], " ");
}

// (f1 c1 v1 and f2 c2 v2)
void append_row(MappedText& out, const Exception& exception, const ExceptionRow& row) {
    for (std::size_t i = 0; i < exception.fields.size(); ++i) {
        out.append_for(exception.fields[i], i == 0 ? "(" : " and ");
        out.append_scalar(exception.fields[i]);
        append_comp(out, exception, i);
        append_value(out, row.values[i], comp_of(exception, i), exception.fields[i]);
    }
    out.append_for(exception.name, ")");
}

// f c (v1, v2)
void append_single(MappedText& out, const Exception& exception) {
    out.append_scalar(exception.fields.front());
    append_comp(out, exception, 0);
    out.append_for(exception.name, "(");
    for (const ExceptionRow& row : exception.rows) {
        const Scalar& item = row.values.front().items.front();
        if (&row != &exception.rows.front()) out.append_for(item, ", ");
        append_element(out, item);
    }
    out.append_for(exception.name, ")");
}

void append_exception(MappedText& out, const Exception& exception) {
    out.append_for(exception.name, " and not (");
    if (exception.single) {
        append_single(out, exception);
    } else {
        for (const ExceptionRow& row : exception.rows) {
            if (&row != &exception.rows.front()) out.append_for(exception.name, " or ");
            append_row(out, exception, row);
        }
    }
    out.append_for(exception.name, ")");
}

bool has_scalar(const ExceptionRow& row, const Scalar& scalar) {
    return std::ranges::any_of(row.values, [&](const ExceptionValue& value) {
        return std::ranges::find(value.items, scalar.node, &Scalar::node) != value.items.end();
    });
}

}  // namespace

std::vector<ExceptionProblem> check_exceptions(const std::vector<Exception>& exceptions,
                                               const field::Registry& registry) {
    Checker checker(registry);
    for (const Exception& exception : exceptions) checker.check(exception);
    return checker.take();
}

MappedText with_exceptions(const MappedText& condition, const std::vector<Exception>& exceptions) {
    const auto has_rows = [](const Exception& exception) { return !exception.rows.empty(); };
    if (std::ranges::none_of(exceptions, has_rows)) return condition;
    MappedText out;
    out.append_instead(condition, 0, "(");
    out.append_part(condition, 0, condition.text().size());
    out.append_instead(condition, condition.text().size() - 1, ")");
    for (const Exception& exception : exceptions) {
        if (has_rows(exception)) append_exception(out, exception);
    }
    return out;
}

std::vector<Subject> way_to(const Scalar& scalar, const std::vector<Exception>& exceptions) {
    for (const Exception& exception : exceptions) {
        const auto holds = [&](const std::vector<Scalar>& words) {
            return std::ranges::find(words, scalar.node, &Scalar::node) != words.end();
        };
        const Subject subject{"exception", exception.name.text(), exception.place};
        if (exception.name.node == scalar.node || holds(exception.fields) ||
            holds(exception.comps)) {
            return {subject};
        }
        if (std::ranges::any_of(exception.rows,
                                [&](const ExceptionRow& row) { return has_scalar(row, scalar); })) {
            return {subject, {"exception value", "", scalar.place()}};
        }
    }
    return {};
}

std::vector<std::string> operators_of(const Exception& exception) {
    std::vector<std::string> names;
    names.reserve(exception.comps.size());
    for (const Scalar& comp : exception.comps) names.emplace_back(trimmed(comp.text()));
    if (names.empty()) names.assign(exception.fields.size(), exception.single ? "in" : "=");
    return names;
}

}  // namespace saker::rule
