// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "field/scratch.h"
#include "re2/re2.h"

// Regular expressions of conditions: POSIX extended syntax, matching the whole value. A dot also
// matches a newline and whatever is not UTF-8, so that a process cannot put such a byte into a
// name to get past `.*`. Linear time.
namespace saker::filter {

// Check with regex_error() first.
std::shared_ptr<const RE2> make_regex(std::string_view pattern);

// What is wrong with a pattern; nullopt: nothing.
std::optional<std::string> regex_error(std::string_view pattern);

// Bytes that are not UTF-8 count as U+FFFD each; only then a copy is made, in `scratch`.
bool matches(const RE2& regex, std::string_view text, field::Scratch& scratch);

}  // namespace saker::filter
