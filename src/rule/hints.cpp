// SPDX-License-Identifier: Apache-2.0
#include "rule/hints.h"

#include <string_view>
#include <utility>

#include "filter/operators.h"
#include "filter/transformers.h"
#include "fmt/core.h"

namespace saker::rule {
namespace {

constexpr std::string_view kRegexSpecials = "\\^$.|?*+()[]{}";
constexpr std::string_view kAny = ".*";

// The operators that compare a value as a whole.
bool compares_whole(filter::Op op) {
    using filter::Op;
    return op == Op::kEq || op == Op::kNe || op == Op::kIn || op == Op::kIntersects ||
           op == Op::kPmatch;
}

// Fields of audit events, which once had the value <NA> where there was none.
bool is_audit_field(const filter::Operand& operand) {
    return operand.kind == filter::Operand::Kind::kField &&
           (operand.use.info->name.starts_with("ka.") ||
            operand.use.info->name.starts_with("jevt."));
}

class Finder {
public:
    explicit Finder(const field::Registry& registry) : registry_(registry) {}

    void look_at(const filter::Test& test) {
        look_at_fields(test.lhs);
        if (test.rhs) look_at_fields(*test.rhs);
        const bool unsafe = compares_whole(test.op) && is_audit_field(test.lhs);
        for (const filter::Constant& constant : test.constants) {
            look_at(constant);
            if (unsafe) look_at_missing(constant);
            if (test.op == filter::Op::kRegex) look_at_pattern(constant);
        }
    }

    std::vector<Hint> take() { return std::move(hints_); }

private:
    void look_at_fields(const filter::Operand& operand) {
        if (operand.kind == filter::Operand::Kind::kField &&
            operand.use.info->has(field::kDeprecated)) {
            add(Code::kDeprecatedItem, operand.span,
                fmt::format("field '{}' is deprecated", operand.use.info->name));
            hints_.back().deprecated_field = operand.use.info->name;
        }
        for (const filter::Operand& inner : operand.operands) look_at_fields(inner);
    }

    void look_at(const filter::Constant& constant) {
        const std::string_view text = constant.text;
        if (!constant.quoted && text.find('.') != text.npos && registry_.bind(text, std::nullopt)) {
            add(Code::kCompileCondition, constant.span,
                fmt::format("'{}' is compared as text, though there is a field of that name: "
                            "val({}) is its value",
                            text, text));
        }
        const std::size_t parenthesis = text.find('(');
        if (parenthesis != text.npos && text.ends_with(')') &&
            filter::find_transformer(text.substr(0, parenthesis))) {
            add(Code::kCompileCondition, constant.span,
                fmt::format("'{}' is compared as text, though it looks like a transformer: leave "
                            "the quotes out to apply it",
                            text));
        }
    }

    void look_at_missing(const filter::Constant& constant) {
        if (constant.text != "<NA>") return;
        add(Code::kUnsafeNaCheck, constant.span,
            "a field without a value equals nothing, not even <NA>: ask with 'exists'");
    }

    void look_at_pattern(const filter::Constant& constant) {
        std::string_view text = constant.text;
        const bool open_begin = text.starts_with(kAny);
        if (open_begin) text.remove_prefix(kAny.size());
        const bool open_end = text.ends_with(kAny);
        if (open_end) text.remove_suffix(kAny.size());
        if (text.empty() || text.find_first_of(kRegexSpecials) != text.npos) return;
        const std::string_view op = open_begin && open_end ? "contains"
                                    : open_begin           ? "endswith"
                                    : open_end             ? "startswith"
                                                           : "=";
        add(Code::kCompileCondition, constant.span,
            fmt::format("the regular expression could be '{} {}', which is faster", op, text));
    }

    void add(Code code, const filter::Span& span, std::string message) {
        hints_.push_back({code, span, std::move(message), {}});
    }

    const field::Registry& registry_;
    std::vector<Hint> hints_;
};

}  // namespace

std::vector<Hint> find_hints(const filter::Expr& expr, const field::Registry& registry) {
    Finder finder(registry);
    filter::for_each_test(expr, [&](const filter::Test& test) { finder.look_at(test); });
    return finder.take();
}

bool is_unknown_name(std::string_view message) {
    for (const std::string_view part :
         {"nonexistent field", "unknown event type", "unknown event argument"}) {
        if (message.find(part) != message.npos) return true;
    }
    return false;
}

}  // namespace saker::rule
