// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "field/scratch.h"
#include "field/value.h"

// Functions over values that a condition may apply to a field: tolower(proc.name).
namespace saker::filter {

enum class Transformer : std::uint8_t {
    kTolower,  // ASCII letters
    kToupper,
    kB64,       // decodes; padding is not needed
    kBasename,  // what follows the last slash
    kLen,       // bytes of a text, elements of a list
    kJoin,      // a separator, and a list
    kConcat,
    kGetopt,  // a list of arguments, and what getopt(3) calls optstring
};

// How many arguments a transformer takes at most.
inline constexpr std::size_t kMaxArguments = 32;

std::string_view name(Transformer transformer);
std::optional<Transformer> find_transformer(std::string_view name);

// One argument: the values, and whether they are a list.
struct Argument {
    field::Values values;
    bool list = false;
};

// Applies a transformer to arguments of the types that check() allows. No values if an argument
// has none, or where there is no result (invalid base64). The result lives in `scratch`, or points
// into the arguments. `selector` is getopt's option letter, or 0. Linear in the arguments' size.
//
// getopt reads options as most programs do: it goes on behind words that are no options, up to a
// `--`, and skips long options. An unknown letter gives `?`. The result is every letter found, each
// followed by its value if it takes one; with a selector it is the last value of that letter, or
// the letter itself if it takes none.
field::Values apply(Transformer transformer, char selector, std::span<const Argument> arguments,
                    field::Scratch& scratch);

}  // namespace saker::filter
