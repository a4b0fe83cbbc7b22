// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "filter/ast.h"

// Text -> tree. The grammar is that of Falco's conditions (engine 0.62); see docs and parser.cpp.
namespace saker::filter {

// What keeps a hostile or broken text from eating stack and memory.
struct ParseLimits {
    std::size_t depth = 1000;     // parentheses, `not` and transformers inside each other
    std::size_t size = 1u << 20;  // bytes of text
    std::size_t nodes = 200'000;  // expressions, operands and constants together
};

struct ParseError {
    std::string message;
    std::size_t offset = 0;  // byte of the text at which it was noticed
};

// `source` is put into every Span of the tree.
std::expected<ExprPtr, ParseError> parse(std::string_view text, const ParseLimits& limits = {},
                                         std::uint32_t source = 0);

// A field, or a transformer's call, and nothing else: what can stand at the left of an operator.
std::expected<Operand, ParseError> parse_operand(std::string_view text,
                                                 const ParseLimits& limits = {});

}  // namespace saker::filter
