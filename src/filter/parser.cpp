// SPDX-License-Identifier: Apache-2.0
#include "filter/parser.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "filter/lexer.h"

// The grammar, from the loosest to the tightest binding:
//   or       and ("or" and)*
//   and      not ("and" not)*
//   not      "not"* check
//   check    "(" or ")" | field condition | transformer condition | macro
//   field    name "." name ("." name)* ("[" argument "]")?
//   condition  "exists"
//            | "<" "<=" ">" ">=" (number | right)
//            | "=" "==" "!=" glob contains ... (value | right | modifier list)
//            | "in" "intersects" "pmatch" (list | right)
//   right    "val(" field ")" | transformer
//   list     "(" (value ("," value)*)? ")" | name
//   transformer  name "(" argument ("," argument)* ")" ("[" selector "]")?
// `and`, `or` and `not` are words if a blank or a parenthesis follows them.
namespace saker::filter {
namespace {

class Parser {
public:
    Parser(std::string_view text, const ParseLimits& limits, std::uint32_t source)
        : lexer_(text), limits_(limits), source_(source) {}

    std::expected<ExprPtr, ParseError> run() {
        lexer_.skip_blanks();
        if (lexer_.at_end()) return std::unexpected(ParseError{"the condition is empty", 0});
        ExprPtr expr = parse_or();
        if (expr && !lexer_.at_end()) fail_behind_condition("the end");
        if (error_) return std::unexpected(std::move(*error_));
        return expr;
    }

    std::expected<Operand, ParseError> run_operand() {
        Operand operand;
        lexer_.skip_blanks();
        const bool read = at_call() ? parse_call(operand) : parse_field(operand);
        lexer_.skip_blanks();
        if (!read || !lexer_.at_end()) {
            fail("unexpected " + lexer_.next() + ", expected a field or a transformer");
        }
        if (error_) return std::unexpected(std::move(*error_));
        return operand;
    }

private:
    ExprPtr parse_or() { return parse_row<Or>("or", &Parser::parse_and); }
    ExprPtr parse_and() { return parse_row<And>("and", &Parser::parse_not); }
    template <typename Node>
    ExprPtr parse_row(std::string_view word, ExprPtr (Parser::*parse_child)());
    ExprPtr parse_not();
    ExprPtr parse_check();
    ExprPtr parse_parenthesis();
    ExprPtr parse_name();
    ExprPtr parse_condition(Operand lhs, std::size_t begin);

    std::optional<Op> parse_operator();
    bool parse_right_side(Test& test);
    bool parse_quantified(Test& test);
    bool parse_list(std::vector<Constant>& constants);
    bool parse_value(std::vector<Constant>& constants, std::string_view expected = "a value");
    bool parse_number(std::vector<Constant>& constants);

    bool at_call();
    bool parse_field(Operand& operand);
    bool parse_brackets(std::optional<std::string>& argument);
    bool parse_right_call(Operand& operand);
    bool parse_call(Operand& operand);
    bool parse_argument(Operand& operand);
    bool parse_arguments(Operand& operand);
    bool parse_constant_argument(Operand& operand);

    // Counts a node; false, with an error, if there are too many.
    bool count_node();
    // Enters one more level; false, with an error, if that is too deep.
    bool enter();
    void leave() { --depth_; }

    Span span_from(std::size_t begin) const;
    // Notes the first error at the place where the lexer stands. False, for `return fail(...)`.
    bool fail(std::string message);
    // Where a condition is complete, and neither goes on nor is followed by `end`.
    bool fail_behind_condition(std::string_view end);

    Lexer lexer_;
    ParseLimits limits_;
    std::uint32_t source_;
    std::size_t depth_ = 0;
    std::size_t nodes_ = 0;
    std::optional<ParseError> error_;
};

bool Parser::fail(std::string message) {
    if (!error_) error_ = ParseError{std::move(message), lexer_.offset()};
    return false;
}

bool Parser::fail_behind_condition(std::string_view end) {
    const std::size_t begin = lexer_.offset();
    const std::string word(lexer_.identifier());
    if (word == "and" || word == "or") {
        return fail("expected a blank or '(' after '" + word + "'");
    }
    lexer_.rewind(begin);
    return fail("unexpected " + lexer_.next() + ", expected 'and', 'or' or " + std::string(end));
}

bool Parser::count_node() {
    if (++nodes_ <= limits_.nodes) return true;
    return fail("the condition has more than " + std::to_string(limits_.nodes) + " parts");
}

bool Parser::enter() {
    if (++depth_ <= limits_.depth) return true;
    return fail("exceeded max depth limit of " + std::to_string(limits_.depth));
}

Span Parser::span_from(std::size_t begin) const {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(lexer_.offset() - begin),
            source_};
}

// One child stands for itself; several become a node.
template <typename Node>
ExprPtr Parser::parse_row(std::string_view word, ExprPtr (Parser::*parse_child)()) {
    const std::size_t begin = lexer_.offset();
    ExprPtr first = (this->*parse_child)();
    if (!first) return nullptr;
    std::size_t end = lexer_.offset();
    lexer_.skip_blanks();
    if (!lexer_.accept_word(word)) return first;
    Node row;
    row.children.push_back(std::move(first));
    do {
        ExprPtr child = (this->*parse_child)();
        if (!child) return nullptr;
        row.children.push_back(std::move(child));
        end = lexer_.offset();
        lexer_.skip_blanks();
    } while (lexer_.accept_word(word));
    if (!count_node()) return nullptr;
    Span span = span_from(begin);
    span.length = static_cast<std::uint32_t>(end - begin);
    return make_expr(std::move(row), span);
}

ExprPtr Parser::parse_not() {
    lexer_.skip_blanks();
    const std::size_t begin = lexer_.offset();
    std::size_t negations = 0;
    while (lexer_.accept_word("not")) {
        lexer_.skip_blanks();
        if (!enter() || !count_node()) return nullptr;
        ++negations;
    }
    ExprPtr expr = parse_check();
    for (; expr && negations > 0; --negations) {
        leave();
        expr = make_expr(Not{std::move(expr)}, span_from(begin));
    }
    return expr;
}

ExprPtr Parser::parse_check() {
    if (lexer_.peek() == '(') return parse_parenthesis();
    if (!count_node()) return nullptr;
    const std::size_t begin = lexer_.offset();
    Operand lhs;
    if (at_call()) {
        return parse_call(lhs) ? parse_condition(std::move(lhs), begin) : nullptr;
    }
    if (parse_field(lhs)) return parse_condition(std::move(lhs), begin);
    return error_ ? nullptr : parse_name();
}

ExprPtr Parser::parse_parenthesis() {
    lexer_.accept('(');
    if (!enter()) return nullptr;
    ExprPtr expr = parse_or();
    if (!expr) return nullptr;
    leave();
    if (lexer_.accept(')')) return expr;
    fail_behind_condition("')'");
    return nullptr;
}

// The words of the grammar cannot be macros: `a and and b` is a slip.
ExprPtr Parser::parse_name() {
    const std::size_t begin = lexer_.offset();
    const std::string_view name = lexer_.identifier();
    if (name.empty() || name == "and" || name == "or" || name == "not") {
        lexer_.rewind(begin);
        fail("unexpected " + lexer_.next() +
             ", expected a field, a macro, a transformer, 'not' or '('");
        return nullptr;
    }
    return make_expr(Identifier{std::string(name)}, span_from(begin));
}

ExprPtr Parser::parse_condition(Operand lhs, std::size_t begin) {
    lexer_.skip_blanks();
    const std::size_t op_begin = lexer_.offset();
    const auto op = parse_operator();
    if (!op) return nullptr;
    Test test;
    test.lhs = std::move(lhs);
    test.op = *op;
    test.op_span = span_from(op_begin);
    if (!parse_right_side(test)) return nullptr;
    return make_expr(std::move(test), span_from(begin));
}

// A word must end where the operator does: `infoo` is not `in foo`, though Falco 0.44 reads it so.
std::optional<Op> Parser::parse_operator() {
    const std::size_t begin = lexer_.offset();
    std::string_view text = lexer_.symbol();
    if (text.empty()) text = lexer_.identifier();
    const auto op = find_operator(text);
    if (!op) {
        lexer_.rewind(begin);
        fail("unexpected " + lexer_.next() + ", expected an operator");
        return std::nullopt;
    }
    const bool word = text[0] >= 'a' && text[0] <= 'z';
    if (word && info(*op).rhs == Rhs::kText && !lexer_.at_blank()) {
        fail("expected a blank after '" + std::string(text) + "'");
        return std::nullopt;
    }
    return op;
}

bool Parser::parse_right_side(Test& test) {
    const Rhs rhs = info(test.op).rhs;
    if (rhs == Rhs::kNothing) return true;
    const bool blank = lexer_.skip_blanks();
    if (rhs == Rhs::kText && blank && parse_quantified(test)) return true;
    if (error_) return false;
    if (at_call()) {
        test.rhs.emplace();
        return parse_right_call(*test.rhs);
    }
    if (rhs == Rhs::kNumber) return parse_number(test.constants);
    if (rhs == Rhs::kList) return parse_list(test.constants);
    return parse_value(test.constants);
}

// `startswith anyof (a, b)`. The words are values where no list follows: `proc.name = oneof`.
bool Parser::parse_quantified(Test& test) {
    const std::size_t begin = lexer_.offset();
    const auto quantifier = find_quantifier(lexer_.identifier());
    lexer_.skip_blanks();
    const std::size_t list = lexer_.offset();
    const std::string_view name = lexer_.identifier();
    const bool keyword = name == "and" || name == "or" || name == "not";
    lexer_.rewind(list);
    if (!quantifier || keyword || (name.empty() && lexer_.peek() != '(')) {
        lexer_.rewind(begin);
        return false;
    }
    test.quantifier = *quantifier;
    return parse_list(test.constants);
}

// A name without parentheses is the list of that one value: names of lists have been replaced by
// their items before the parser sees them, so that it is no list's name.
bool Parser::parse_list(std::vector<Constant>& constants) {
    const std::size_t begin = lexer_.offset();
    if (!lexer_.accept('(')) {
        const std::string_view name = lexer_.identifier();
        if (name.empty()) return fail("unexpected " + lexer_.next() + ", expected '('");
        constants.emplace_back(std::string(name), false, span_from(begin));
        return count_node();
    }
    lexer_.skip_blanks();
    if (lexer_.accept(')')) return true;
    do {
        lexer_.skip_blanks();
        if (!parse_value(constants)) return false;
        lexer_.skip_blanks();
    } while (lexer_.accept(','));
    if (lexer_.accept(')')) return true;
    return fail("unexpected " + lexer_.next() + ", expected ',' or ')'");
}

bool Parser::parse_value(std::vector<Constant>& constants, std::string_view expected) {
    const std::size_t begin = lexer_.offset();
    if (auto text = lexer_.quoted()) {
        constants.emplace_back(std::move(*text), true, span_from(begin));
        return count_node();
    }
    if (!lexer_.error().empty()) return fail(lexer_.error());
    const std::string_view text = lexer_.bare_value();
    if (text.empty()) {
        return fail("unexpected " + lexer_.next() + ", expected " + std::string(expected));
    }
    constants.emplace_back(std::string(text), false, span_from(begin));
    return count_node();
}

// What is no number, or goes on as an address does, is left to check(): it knows the field, and
// says what that can be compared by.
bool Parser::parse_number(std::vector<Constant>& constants) {
    const std::size_t begin = lexer_.offset();
    const std::string_view text = lexer_.number();
    const char next = lexer_.peek();
    if (text.empty() || next == '.' || next == ':' || next == '/') {
        lexer_.rewind(begin);
        return parse_value(constants, "a number");
    }
    constants.emplace_back(std::string(text), false, span_from(begin));
    return count_node();
}

// True before a name with a parenthesis directly behind it. A keyword's parenthesis is not a
// call's.
bool Parser::at_call() {
    const std::size_t begin = lexer_.offset();
    const std::string_view name = lexer_.identifier();
    const bool call = !name.empty() && lexer_.peek() == '(' && name != "and" && name != "or";
    lexer_.rewind(begin);
    return call;
}

bool Parser::parse_field(Operand& operand) {
    const std::size_t begin = lexer_.offset();
    const std::string_view name = lexer_.field_name();
    if (name.empty()) return false;
    operand.kind = Operand::Kind::kField;
    operand.name = std::string(name);
    if (!parse_brackets(operand.argument)) return false;
    operand.span = span_from(begin);
    return true;
}

// What stands in brackets directly behind a name, if anything does.
bool Parser::parse_brackets(std::optional<std::string>& argument) {
    if (!lexer_.accept('[')) return true;
    if (auto text = lexer_.quoted()) {
        argument = std::move(*text);
    } else if (!lexer_.error().empty()) {
        return fail(lexer_.error());
    } else {
        const std::string_view bare = lexer_.argument();
        if (bare.empty()) return fail("unexpected " + lexer_.next() + ", expected an argument");
        argument = std::string(bare);
    }
    return lexer_.accept(']') || fail("unexpected " + lexer_.next() + ", expected ']'");
}

bool Parser::parse_right_call(Operand& operand) {
    if (!count_node()) return false;
    const std::size_t begin = lexer_.offset();
    if (lexer_.identifier() != "val") {
        lexer_.rewind(begin);
        return parse_call(operand);
    }
    lexer_.accept('(');
    lexer_.skip_blanks();
    if (!parse_field(operand)) {
        return fail("unexpected " + lexer_.next() + ", expected a field");
    }
    operand.val = true;
    lexer_.skip_blanks();
    if (!lexer_.accept(')')) return fail("unexpected " + lexer_.next() + ", expected ')'");
    operand.span = span_from(begin);
    return true;
}

bool Parser::parse_call(Operand& operand) {
    const std::size_t begin = lexer_.offset();
    const std::string_view name = lexer_.identifier();
    const auto transformer = find_transformer(name);
    if (!transformer) {
        lexer_.rewind(begin);
        return fail("unknown transformer '" + std::string(name) + "'");
    }
    operand.kind = Operand::Kind::kCall;
    operand.transformer = *transformer;
    if (!enter() || !parse_arguments(operand)) return false;
    leave();
    if (*transformer == Transformer::kGetopt && !parse_brackets(operand.argument)) return false;
    operand.span = span_from(begin);
    return true;
}

// The arguments of a transformer, or the elements of a list among them.
bool Parser::parse_arguments(Operand& operand) {
    lexer_.accept('(');
    do {
        lexer_.skip_blanks();
        if (!count_node() || !parse_argument(operand.operands.emplace_back())) return false;
        lexer_.skip_blanks();
    } while (lexer_.accept(','));
    return lexer_.accept(')') || fail("unexpected " + lexer_.next() + ", expected ',' or ')'");
}

bool Parser::parse_argument(Operand& operand) {
    const std::size_t begin = lexer_.offset();
    if (lexer_.peek() == '(') {
        operand.kind = Operand::Kind::kList;
        if (!enter() || !parse_arguments(operand)) return false;
        leave();
        operand.span = span_from(begin);
        return true;
    }
    if (at_call()) return parse_call(operand);
    if (parse_field(operand)) return true;
    return !error_ && parse_constant_argument(operand);
}

bool Parser::parse_constant_argument(Operand& operand) {
    const std::size_t begin = lexer_.offset();
    auto text = lexer_.quoted();
    if (!text && !lexer_.error().empty()) return fail(lexer_.error());
    const bool quoted = text.has_value();
    if (!quoted) text = std::string(lexer_.number());
    if (!quoted && text->empty()) {
        return fail("unexpected " + lexer_.next() +
                    ", expected a field, a transformer, a string in quotes or a number");
    }
    operand.kind = Operand::Kind::kConstant;
    operand.constant = Constant(std::move(*text), quoted, span_from(begin));
    operand.span = operand.constant.span;
    return true;
}

// What is wrong with a text as a whole.
std::optional<ParseError> text_error(std::string_view text, const ParseLimits& limits) {
    if (text.size() > limits.size) {
        return ParseError{"the text is longer than " + std::to_string(limits.size) + " bytes", 0};
    }
    const std::size_t nul = text.find('\0');
    if (nul == std::string_view::npos) return std::nullopt;
    return ParseError{"the text contains a NUL character", nul};
}

}  // namespace

std::expected<ExprPtr, ParseError> parse(std::string_view text, const ParseLimits& limits,
                                         std::uint32_t source) {
    if (auto error = text_error(text, limits)) return std::unexpected(std::move(*error));
    return Parser(text, limits, source).run();
}

std::expected<Operand, ParseError> parse_operand(std::string_view text, const ParseLimits& limits) {
    if (auto error = text_error(text, limits)) return std::unexpected(std::move(*error));
    return Parser(text, limits, 0).run_operand();
}

}  // namespace saker::filter
