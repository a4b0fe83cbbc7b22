// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <map>
#include <vector>

#include "fmt/core.h"
#include "rule/files.h"
#include "tool/lint.h"
#include "util/json.h"
#include "util/text.h"

// How findings are shown, and silenced.
namespace saker::tool {

namespace {

constexpr std::string_view kAllow = "lint: allow ";

std::vector<std::string> lines_of(const std::string& path) {
    std::vector<std::string> lines;
    const auto text = rule::read_rules_file(path);
    for (std::size_t begin = 0; text && begin < text->size();) {
        const std::size_t end = std::min(text->find('\n', begin), text->size());
        lines.push_back(text->substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

bool is_comment(std::string_view line) {
    const std::size_t first = line.find_first_not_of(" \t");
    return first != line.npos && line[first] == '#';
}

// An item of the file's sequence begins here.
bool begins_item(std::string_view line) {
    return line.starts_with("- ") || line == "-";
}

// A comment in this line silences the code.
bool allows(std::string_view line, std::string_view code) {
    const std::size_t comment = line.find('#');
    if (comment == line.npos) return false;
    const std::size_t allow = line.find(kAllow, comment);
    return allow != line.npos && line.substr(allow + kAllow.size()).starts_with(code);
}

// By a comment in the item that a line belongs to, or directly above it.
bool is_silenced(const std::vector<std::string>& lines, std::size_t line, std::string_view code) {
    std::size_t begin = std::min(line - 1, lines.size());
    std::size_t end = begin + 1;
    while (begin > 0 && begin < lines.size() && !begins_item(lines[begin])) --begin;
    while (begin > 0 && is_comment(lines[begin - 1])) --begin;
    while (end < lines.size() && !begins_item(lines[end])) ++end;
    // Comments at the end belong to the item after it.
    while (end > begin && end < lines.size() && is_comment(lines[end - 1])) --end;
    for (std::size_t i = begin; i < std::min(end, lines.size()); ++i) {
        if (allows(lines[i], code)) return true;
    }
    return false;
}

}  // namespace

void drop_silenced(std::vector<Finding>& findings) {
    std::map<std::string, std::vector<std::string>> files;
    const auto lines = [&files](const std::string& path) -> const std::vector<std::string>& {
        const auto [file, added] = files.try_emplace(path);
        if (added) file->second = lines_of(path);
        return file->second;
    };
    std::erase_if(findings, [&](const Finding& finding) {
        const std::string_view code = info(finding.code).name;
        return is_silenced(lines(finding.rule_file), finding.rule_position.line, code) ||
               is_silenced(lines(finding.file), finding.position.line, code);
    });
}

std::string to_text(const std::vector<Finding>& findings) {
    std::string text;
    for (const Finding& finding : findings) {
        fmt::format_to(std::back_inserter(text), "{}:{}:{}: {}: rule '{}': {}\n    {}\n",
                       finding.file, finding.position.line, finding.position.column,
                       info(finding.code).name, text::visible(finding.rule),
                       text::visible(finding.message), info(finding.code).suggestion);
    }
    return text;
}

std::string to_json(const std::vector<Finding>& findings) {
    std::string text;
    json::Writer writer(text);
    writer.begin_array();
    for (const Finding& finding : findings) {
        writer.begin_object();
        writer.key("code").string(info(finding.code).name);
        writer.key("rule").string(finding.rule);
        writer.key("file").string(finding.file);
        writer.key("line").number(static_cast<std::uint64_t>(finding.position.line));
        writer.key("column").number(static_cast<std::uint64_t>(finding.position.column));
        writer.key("message").string(finding.message);
        writer.key("suggestion").string(info(finding.code).suggestion);
        writer.end_object();
    }
    writer.end_array();
    return text;
}

}  // namespace saker::tool
