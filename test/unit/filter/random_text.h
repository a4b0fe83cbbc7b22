// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <string_view>

namespace saker::filter {

// A text of `shortest` to `longest` letters of an alphabet.
inline std::string random_text(std::mt19937& random, std::string_view alphabet, std::size_t longest,
                               std::size_t shortest = 0) {
    std::string text;
    for (std::size_t size = shortest + random() % (longest - shortest + 1); size > 0; --size) {
        text += alphabet[random() % alphabet.size()];
    }
    return text;
}

}  // namespace saker::filter
