// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "field/context.h"
#include "field/field.h"
#include "filter/ast.h"
#include "rule/output_field.h"

namespace saker::rule {

struct FormatError {
    std::string message;
    std::size_t offset = 0;  // in the text that was compiled
};

// A rule's output: text with fields in it, compiled once and filled in for each alert. Immutable;
// any thread may use it, with a context of its own. The registry must outlive it.
//
//   %proc.name             a field; the longest name that is one counts, so that a sentence may go
//                          on right behind it ("%proc.name." and even "%proc.names")
//   %proc.aname[2]         with its argument
//   %toupper(proc.name)    through a transformer, or several
//   %12proc.name           in a column: filled up with blanks, or cut, to 12 characters
//   *                      at the very beginning: accepted and dropped; a missing value prints <NA>
//                          in any case
//   %container.info        prints nothing; deprecated
//
// A percent sign alone is an error. Decided where Falco differs: a bracket behind a field that
// takes an argument is its argument, and an error if it is a bad one; %len(...) prints the length.
class Format {
public:
    static constexpr std::size_t kMaxWidth = 4096;

    static std::expected<Format, FormatError> compile(std::string_view text,
                                                      const field::Registry& registry);

    // Appends a blank and the other one, as if both had been written so. What is deprecated there
    // is not named here.
    void append(const Format& other);

    // Appends the text for an event. Nothing is escaped.
    void render(const field::Context& context, std::string& out) const;

    // Appends the fields for an event with their types, sorted by name and each once. Of a
    // transformer's argument the field itself. Fields that show a time of day give it as ns since
    // the epoch.
    void collect(const field::Context& context, std::vector<OutputField>& fields) const;

    // The names of the fields as they were written, sorted, each once.
    std::vector<std::string> field_names() const;

    // Deprecated fields in the text, and where: fields of that name, and not any text that has the
    // name in it.
    struct Deprecated {
        std::string name;
        std::size_t offset = 0;
    };
    const std::vector<Deprecated>& deprecated() const { return deprecated_; }

private:
    class Compiler;

    void sort_fields();

    // Literal text, and then perhaps a field.
    struct Piece {
        std::string literal;
        std::optional<filter::Operand> operand;
        std::size_t width = 0;  // 0: as it comes
    };
    struct Field {
        std::string name;
        field::FieldUse use;
    };

    std::vector<Piece> pieces_;
    std::vector<Field> fields_;  // sorted by name
    std::vector<Deprecated> deprecated_;
};

}  // namespace saker::rule
