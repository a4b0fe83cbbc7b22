// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace saker::rule {

// A place in a file as people count it.
struct Position {
    std::size_t line = 1;    // from 1
    std::size_t column = 1;  // from 1, in characters (in bytes beyond the first 64 KiB of a line)
    bool operator==(const Position&) const = default;
};

// A rules file's text with its name, and the way from byte offsets to lines and columns. Immutable;
// diagnostics and definitions refer to it, so it must stay where it is. A byte order mark at the
// beginning of `text` is dropped.
class SourceFile {
public:
    // `number`: which one of several files it is, in the order in which they are loaded.
    SourceFile(std::string name, std::string text, std::size_t number = 0);

    const std::string& name() const { return name_; }
    std::size_t number() const { return number_; }
    std::string_view text() const { return text_; }

    // Offsets beyond the end are the end.
    Position position(std::size_t offset) const;

    // The line around an offset, and below it a caret under the character there; each ends with a
    // newline. At most kSnippetWidth characters of a long line are shown. What a terminal would
    // not show as it is becomes a question mark.
    std::string snippet(std::size_t offset) const;

    static constexpr std::size_t kSnippetWidth = 160;

private:
    std::size_t line_number(std::size_t offset) const;
    std::string_view line(std::size_t number) const;  // without its line break

    std::string name_;
    std::size_t number_;
    std::string text_;
    std::vector<std::size_t> line_starts_;
};

// A byte in a file.
struct Place {
    const SourceFile* file = nullptr;
    std::size_t offset = 0;
    bool operator==(const Place&) const = default;
};

}  // namespace saker::rule
