// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <string_view>

#include "rule/yaml.h"
#include "util/text.h"

// The way back from a scalar's value to its source. It need not know YAML's rules of folding and
// indentation: the value is known, and apart from blanks and escapes its characters stand in the
// source in the same order. So value and source are walked side by side.
namespace saker::rule {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class Walk {
public:
    Walk(std::string_view source, std::size_t start)
        : source_(source), at_(skip_properties(source, start)) {
        enter_style();
    }

    // Where the byte at `offset` of `value` stands.
    std::size_t to(std::string_view value, std::size_t offset) {
        std::size_t done = 0;
        while (done < offset && done < value.size() && at_ < source_.size()) {
            done += step(value.substr(done));
        }
        if (done < value.size() && !is_blank(value[done])) skip_to_text();
        return at_;
    }

private:
    enum class Style { kPlain, kSingleQuoted, kDoubleQuoted, kBlock };

    char here() const { return at_ < source_.size() ? source_[at_] : '\0'; }

    void skip_blanks() {
        while (is_blank(here())) ++at_;
    }

    void enter_style() {
        switch (here()) {
            case '\'':
                style_ = Style::kSingleQuoted;
                ++at_;
                break;
            case '"':
                style_ = Style::kDoubleQuoted;
                ++at_;
                break;
            case '|':
            case '>':  // the header's line, with its indicators and comment, is no text
                style_ = Style::kBlock;
                while (at_ < source_.size() && here() != '\n') ++at_;
                break;
            default:
                break;
        }
    }

    // A backslash before a line break joins the lines.
    bool at_line_continuation() const {
        return style_ == Style::kDoubleQuoted && here() == '\\' && at_ + 1 < source_.size() &&
               (source_[at_ + 1] == '\n' || source_[at_ + 1] == '\r');
    }

    void skip_to_text() {
        skip_blanks();
        while (at_line_continuation()) {
            ++at_;
            skip_blanks();
        }
    }

    // Goes over what the first character of `value` was written as; gives how many bytes of
    // `value` that is.
    std::size_t step(std::string_view value) {
        if (at_line_continuation() || !is_blank(value[0])) skip_to_text();
        if (style_ == Style::kDoubleQuoted && here() == '\\') return step_escape(value);
        if (is_blank(value[0])) return step_blank();
        if (style_ == Style::kSingleQuoted && value[0] == '\'') ++at_;  // written twice
        ++at_;
        return 1;
    }

    // A blank of the value is the same blank of the source, or stands for a line break, whose
    // other blanks the next character skips.
    std::size_t step_blank() {
        if (is_blank(here())) ++at_;
        return 1;
    }

    std::size_t step_escape(std::string_view value) {
        const char kind = at_ + 1 < source_.size() ? source_[at_ + 1] : '\0';
        const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
        at_ += 2 + digits;
        return text::decode(value).size;
    }

    std::string_view source_;
    std::size_t at_;
    Style style_ = Style::kPlain;
};

}  // namespace

Place place_in_scalar(const Scalar& scalar, std::size_t offset) {
    const std::string_view source = scalar.file->text();
    return {scalar.file, Walk(source, scalar.node->offset).to(scalar.text(), offset)};
}

}  // namespace saker::rule
