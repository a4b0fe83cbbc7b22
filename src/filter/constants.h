// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "field/value.h"
#include "filter/ast.h"

// What the texts at the right of an operator mean.
namespace saker::filter {

// Reads `constant.text` as a value of that type and fills in its number, address or the like.
// Gives what is wrong with it, in words.
//
// Numbers are decimal or hexadecimal (0x1f); the latter for any type, which Falco's grammar
// accepts and its compiler then refuses. A field with decimals takes decimals. Ports may be names
// of /etc/services; booleans are `true` and `false`; an address may be a network (10.0.0.0/8),
// and a network must have its length.
std::optional<std::string> parse_constant(Constant& constant, field::ValueType type);

// The bytes that a row of hexadecimal digits stands for, for bcontains and bstartswith.
std::optional<std::string> decode_hex(std::string_view digits);

}  // namespace saker::filter
