// SPDX-License-Identifier: Apache-2.0
#include "rule/source_file.h"

#include <algorithm>
#include <utility>

#include "util/text.h"

namespace saker::rule {
namespace {

// Enough of what stands before the caret to recognise the place.
constexpr std::size_t kSnippetLead = 100;

// Beyond this in one line, columns are bytes: nobody counts there, and a file that is one line of
// 16 MiB must not be counted through for each of its mistakes.
constexpr std::size_t kCountedLine = 64 * 1024;

// The last characters of a text, at most `count`.
std::string_view last_code_points(std::string_view text, std::size_t count) {
    if (text.size() > 4 * count) text.remove_prefix(text.size() - 4 * count);
    const std::size_t has = text::count_code_points(text);
    if (has > count) text.remove_prefix(text::first_code_points(text, has - count).size());
    return text;
}

}  // namespace

SourceFile::SourceFile(std::string name, std::string text, std::size_t number)
    : name_(std::move(name)), number_(number), text_(std::move(text)), line_starts_{0} {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.erase(0, 3);
    for (std::size_t at = 0; at < text_.size(); ++at) {
        if (text_[at] == '\n') line_starts_.push_back(at + 1);
    }
}

std::size_t SourceFile::line_number(std::size_t offset) const {
    return static_cast<std::size_t>(std::ranges::upper_bound(line_starts_, offset) -
                                    line_starts_.begin());
}

std::string_view SourceFile::line(std::size_t number) const {
    const std::size_t start = line_starts_[number - 1];
    const std::size_t end = number < line_starts_.size() ? line_starts_[number] : text_.size();
    std::string_view line = std::string_view(text_).substr(start, end - start);
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

Position SourceFile::position(std::size_t offset) const {
    offset = std::min(offset, text_.size());
    const std::size_t number = line_number(offset);
    const std::size_t start = line_starts_[number - 1];
    const std::string_view before = std::string_view(text_).substr(start, offset - start);
    const bool counted = before.size() <= kCountedLine;
    return {number, 1 + (counted ? text::count_code_points(before) : before.size())};
}

std::string SourceFile::snippet(std::size_t offset) const {
    offset = std::min(offset, text_.size());
    const std::size_t number = line_number(offset);
    const std::string_view whole = line(number);
    const std::string_view before = whole.substr(0, offset - line_starts_[number - 1]);
    const std::string_view after = whole.substr(before.size());
    const std::string_view lead = last_code_points(before, kSnippetLead);
    const std::size_t shown = text::count_code_points(lead);
    std::string out;
    text::append_visible(out, lead);
    text::append_visible(out, text::first_code_points(after, kSnippetWidth - shown));
    out += '\n';
    out.append(shown, ' ');
    out += "^\n";
    return out;
}

}  // namespace saker::rule
