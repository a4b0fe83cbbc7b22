// SPDX-License-Identifier: Apache-2.0
#include "rule/quoting.h"

#include "filter/lexer.h"

namespace saker::rule {

bool is_value(std::string_view text) {
    filter::Lexer lexer(text);
    return (lexer.quoted() || !lexer.bare_value().empty()) && lexer.at_end();
}

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + '"';
}

}  // namespace saker::rule
