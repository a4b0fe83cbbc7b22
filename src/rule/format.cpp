// SPDX-License-Identifier: Apache-2.0
#include "rule/format.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "filter/check.h"
#include "filter/lexer.h"
#include "filter/parser.h"
#include "filter/transformers.h"
#include "fmt/core.h"
#include "rule/value_text.h"
#include "util/text.h"

namespace saker::rule {
namespace {

using filter::Operand;

// Longer than any field's name with its argument behind a dot. A bound, since every prefix of a
// name is tried.
constexpr std::size_t kMaxName = 128;

// Deep enough for people, and for the stack.
constexpr std::size_t kMaxCallDepth = 20;

// Times of day are for reading. What JSON carries instead is a number.
struct StandIn {
    std::string_view shown;
    std::string_view carried;
};
constexpr StandIn kStandIns[] = {
    {"evt.time", "evt.rawtime"},         {"evt.time.s", "evt.rawtime"},
    {"evt.time.iso8601", "evt.rawtime"}, {"evt.datetime", "evt.rawtime"},
    {"evt.datetime.s", "evt.rawtime"},   {"evt.outputtime", "evt.rawtime"},
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_name(char c) {
    return is_digit(c) || c == '_' || c == '.' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// With an argument, one of several is meant.
field::Several several_of(const field::FieldUse& use) {
    const bool one = use.info->several == field::Several::kAny && !use.argument.empty();
    return one ? field::Several::kOne : use.info->several;
}

field::Values values_of(const field::FieldUse& use, const field::Context& context) {
    if (use.info->has(field::kFilterOnly)) return {};
    return use.info->extract(use, context);
}

// As check() would make it.
Operand field_operand(field::FieldUse use) {
    Operand operand;
    operand.type = use.type;
    operand.several = several_of(use);
    operand.use = std::move(use);
    return operand;
}

field::Values values_of(const Operand& operand, const field::Context& context);

filter::Argument argument_of(const Operand& operand, const field::Context& context) {
    if (operand.kind != Operand::Kind::kList) {
        return {values_of(operand, context), operand.several == field::Several::kList};
    }
    const std::span<field::Value> row = context.scratch->values(operand.operands.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
        const field::Values values = values_of(operand.operands[i], context);
        if (values.empty()) return {{}, true};
        row[i] = values[0];
    }
    return {row, true};
}

field::Values call(const Operand& operand, const field::Context& context) {
    std::array<filter::Argument, filter::kMaxArguments> arguments;
    const std::size_t count = std::min(operand.operands.size(), arguments.size());
    for (std::size_t i = 0; i < count; ++i) {
        arguments[i] = argument_of(operand.operands[i], context);
    }
    const char selector =
        operand.argument && !operand.argument->empty() ? (*operand.argument)[0] : 0;
    return filter::apply(operand.transformer, selector, std::span(arguments).first(count),
                         *context.scratch);
}

field::Values values_of(const Operand& operand, const field::Context& context) {
    switch (operand.kind) {
        case Operand::Kind::kField:
            return values_of(operand.use, context);
        case Operand::Kind::kCall:
            return call(operand, context);
        case Operand::Kind::kConstant:
            return context.scratch->one(field::Value::of(operand.constant.text));
        case Operand::Kind::kList:
            return argument_of(operand, context).values;
    }
    return {};
}

// Most numbers are decimal; those of some fields are not.
void append_operand(std::string& out, const Operand& operand, field::Values values) {
    const bool plain = operand.kind != Operand::Kind::kField || values.size() != 1;
    if (!plain && operand.use.info->has(field::kHexadecimal)) {
        fmt::format_to(std::back_inserter(out), "{:X}", values[0].number);
    } else if (!plain && operand.use.info->has(field::kNineDigits)) {
        fmt::format_to(std::back_inserter(out), "{:09}", values[0].number);
    } else {
        append_values(out, operand.type, operand.several, values);
    }
}

// What was appended since `begin`, made as wide as a column.
void fit(std::string& out, std::size_t begin, std::size_t width) {
    const std::string_view shown = std::string_view(out).substr(begin);
    const std::size_t has = text::count_code_points(shown);
    if (has < width) {
        out.append(width - has, ' ');
    } else {
        out.resize(begin + text::first_code_points(shown, width).size());
    }
}

// Where the parenthesis that opens at `begin` closes; npos if it does not. Quoted text is skipped.
std::size_t closing_parenthesis(std::string_view text, std::size_t begin) {
    std::size_t depth = 0;
    for (std::size_t at = begin; at < text.size(); ++at) {
        if (text[at] == '(') ++depth;
        if (text[at] == ')' && --depth == 0) return at;
        if (text[at] != '"' && text[at] != '\'') continue;
        filter::Lexer lexer(text);
        lexer.rewind(at);
        if (!lexer.quoted()) return text.npos;
        at = lexer.offset() - 1;
    }
    return text.npos;
}

}  // namespace

class Format::Compiler {
public:
    Compiler(std::string_view text, const field::Registry& registry)
        : text_(text), registry_(registry) {}

    std::expected<Format, FormatError> run() {
        if (text_.starts_with('*')) at_ = 1;
        while (at_ < text_.size() && !error_) {
            const std::size_t percent = std::min(text_.find('%', at_), text_.size());
            literal_ += text_.substr(at_, percent - at_);
            at_ = percent;
            if (at_ < text_.size()) token();
        }
        if (error_) return std::unexpected(std::move(*error_));
        if (!literal_.empty()) format_.pieces_.push_back({std::move(literal_), {}, 0});
        format_.sort_fields();
        return std::move(format_);
    }

private:
    // At a percent sign.
    void token() {
        const std::size_t percent = at_++;
        const std::size_t width = read_width();
        const std::size_t begin = at_;
        while (at_ < text_.size() && at_ - begin < kMaxName && is_name(text_[at_])) ++at_;
        const std::string_view name = text_.substr(begin, at_ - begin);
        if (name.starts_with("container.info")) {
            at_ = begin + std::string_view("container.info").size();
            format_.deprecated_.push_back({"container.info", begin});
        } else if (text_.substr(at_).starts_with('(') && filter::find_transformer(name)) {
            add_call(begin, name == "getopt", width);
        } else if (name.empty()) {
            fail("no field after '%'", percent);
        } else {
            add_longest_field(begin, name, width);
        }
    }

    std::size_t read_width() {
        std::size_t width = 0;
        const std::size_t begin = at_;
        while (at_ < text_.size() && is_digit(text_[at_]) && width <= kMaxWidth) {
            width = width * 10 + static_cast<std::size_t>(text_[at_++] - '0');
        }
        if (width > kMaxWidth || (at_ > begin && width == 0)) {
            fail(fmt::format("a width is from 1 to {}", kMaxWidth), begin);
        }
        return width;
    }

    // At the parenthesis of a transformer that begins at `begin`. The grammar of conditions is the
    // same, so its parser reads the call.
    void add_call(std::size_t begin, bool has_selector, std::size_t width) {
        const std::size_t end = closing_parenthesis(text_, at_);
        if (end == text_.npos) {
            return fail("a transformer without its closing parenthesis", begin);
        }
        at_ = end + 1;
        if (has_selector) skip_selector();
        const auto written = text_.substr(begin, at_ - begin);
        auto call = filter::parse_operand(written, {.depth = kMaxCallDepth});
        if (!call) return fail(call.error().message, begin + call.error().offset);
        if (const auto error = filter::check(*call, registry_)) {
            return fail(error->message, begin + error->offset);
        }
        filter::for_each_field(
            *call, [&](const field::FieldUse& use) { add_field(use.name(), use, begin); });
        add_piece(std::move(*call), width);
    }

    void skip_selector() {
        filter::Lexer lexer(text_);
        lexer.rewind(at_);
        if (!lexer.accept('[')) return;
        if (!lexer.quoted() && lexer.argument().empty()) return;
        if (lexer.accept(']')) at_ = lexer.offset();
    }

    // The longest beginning of `name` that is a field; at_ stands behind `name`.
    void add_longest_field(std::size_t begin, std::string_view name, std::size_t width) {
        if (text_.substr(at_).starts_with('[') && add_indexed_field(begin, name, width)) return;
        for (std::size_t size = name.size(); size > 0; --size) {
            auto use = registry_.bind(name.substr(0, size), std::nullopt);
            if (!use) continue;
            at_ = begin + size;
            return add_plain_field(std::string(name.substr(0, size)), std::move(*use), begin,
                                   width);
        }
        const auto whole = registry_.bind(name, std::nullopt);
        fail(whole.error().message, begin);
    }

    // True if the bracket here belongs to the field `name`, well or badly.
    bool add_indexed_field(std::size_t begin, std::string_view name, std::size_t width) {
        if (!takes_argument(name)) return false;
        filter::Lexer lexer(text_);
        lexer.rewind(at_ + 1);
        std::optional<std::string> argument = lexer.quoted();
        if (!argument) argument = std::string(lexer.argument());
        if (!lexer.accept(']')) {
            fail("an argument without its closing bracket", at_);
            return true;
        }
        auto use = registry_.bind(name, *argument);
        if (!use) {
            fail(use.error().message, begin);
            return true;
        }
        at_ = lexer.offset();
        add_plain_field(std::string(text_.substr(begin, at_ - begin)), std::move(*use), begin,
                        width);
        return true;
    }

    bool takes_argument(std::string_view name) const {
        const field::FieldInfo* found = registry_.find(name);
        return found != nullptr && found->argument != field::Argument::kNone;
    }

    void add_plain_field(std::string name, field::FieldUse use, std::size_t begin,
                         std::size_t width) {
        add_field(std::move(name), use, begin);
        add_piece(field_operand(std::move(use)), width);
    }

    void add_piece(Operand operand, std::size_t width) {
        format_.pieces_.push_back({std::exchange(literal_, {}), std::move(operand), width});
    }

    void add_field(std::string name, const field::FieldUse& use, std::size_t begin) {
        if (use.info->has(field::kDeprecated)) format_.deprecated_.push_back({name, begin});
        field::FieldUse carried = use;
        for (const StandIn& row : kStandIns) {
            if (row.shown != use.info->name) continue;
            if (auto bound = registry_.bind(row.carried, std::nullopt)) carried = std::move(*bound);
        }
        format_.fields_.push_back({std::move(name), std::move(carried)});
    }

    void fail(std::string message, std::size_t offset) {
        if (!error_) error_ = FormatError{std::move(message), offset};
    }

    std::string_view text_;
    const field::Registry& registry_;
    std::size_t at_ = 0;
    std::string literal_;  // since the last field
    Format format_;
    std::optional<FormatError> error_;
};

std::expected<Format, FormatError> Format::compile(std::string_view text,
                                                   const field::Registry& registry) {
    return Compiler(text, registry).run();
}

void Format::sort_fields() {
    std::ranges::stable_sort(fields_, {}, &Field::name);
    const auto rest = std::ranges::unique(fields_, {}, &Field::name);
    fields_.erase(rest.begin(), rest.end());
}

void Format::append(const Format& other) {
    pieces_.push_back({" ", {}, 0});
    std::ranges::copy(other.pieces_, std::back_inserter(pieces_));
    std::ranges::copy(other.fields_, std::back_inserter(fields_));
    sort_fields();
}

std::vector<std::string> Format::field_names() const {
    std::vector<std::string> names;
    names.reserve(fields_.size());
    for (const Field& field : fields_) names.push_back(field.name);
    return names;
}

void Format::render(const field::Context& context, std::string& out) const {
    for (const Piece& piece : pieces_) {
        out += piece.literal;
        if (!piece.operand) continue;
        const std::size_t begin = out.size();
        append_operand(out, *piece.operand, values_of(*piece.operand, context));
        if (piece.width != 0) fit(out, begin, piece.width);
    }
}

void Format::collect(const field::Context& context, std::vector<OutputField>& fields) const {
    for (const Field& field : fields_) {
        const field::FieldUse& use = field.use;
        fields.push_back(
            {field.name, output_value(use.type, several_of(use), values_of(use, context))});
    }
}

}  // namespace saker::rule
