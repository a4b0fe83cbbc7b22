// SPDX-License-Identifier: Apache-2.0
#include "filter/needle.h"

#include <algorithm>

#include "filter/sets.h"

namespace saker::filter {

Needle::Needle(std::string_view text) : text_(text), steps_() {
    const auto bound = [](std::size_t step) {
        return static_cast<std::uint8_t>(std::min<std::size_t>(step, 255));
    };
    steps_.fill(bound(text_.size()));
    for (std::size_t i = 0; i + 1 < text_.size(); ++i) {
        steps_[static_cast<unsigned char>(text_[i])] = bound(text_.size() - 1 - i);
    }
}

bool Needle::within(std::string_view text) const {
    const std::size_t last = text_.size() - 1;
    // A text made to look like the needle again and again is left to a slower start.
    std::size_t patience = text.size();
    for (std::size_t at = last; at < text.size();) {
        const char byte = text[at];
        if (byte == text_[last]) {
            if (text.compare(at - last, text_.size(), text_) == 0) return true;
            if (patience < text_.size()) return contains(text.substr(at - last + 1), text_);
            patience -= text_.size();
        }
        at += steps_[static_cast<unsigned char>(byte)];
    }
    return false;
}

}  // namespace saker::filter
