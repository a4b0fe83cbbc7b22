// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace saker::rule {

// True if the grammar of conditions reads the whole text as one value: a word, or a text in quotes.
bool is_value(std::string_view text);

// The text in quotes, so that it is read as one value.
std::string quoted(std::string_view text);

}  // namespace saker::rule
