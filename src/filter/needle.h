// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace saker::filter {

// A text that is searched for in many others: what a search has to know of it is found out once.
// Immutable; any thread may ask it.
class Needle {
public:
    // Not empty.
    explicit Needle(std::string_view text);

    // In steps of the needle's length, where the other text has little in common with it
    // (Horspool's way); in time linear in both in any case.
    bool within(std::string_view text) const;

private:
    std::string text_;
    std::array<std::uint8_t, 256> steps_;  // by the byte that stands under the needle's last one
};

}  // namespace saker::filter
