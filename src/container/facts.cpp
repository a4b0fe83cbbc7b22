// SPDX-License-Identifier: Apache-2.0
#include "container/facts.h"

#include <algorithm>

#include "fmt/core.h"

namespace saker::container {

const std::string* find_label(const Labels& labels, std::string_view key) {
    const auto found = std::ranges::lower_bound(labels, key, {}, &Labels::value_type::first);
    return found == labels.end() || found->first != key ? nullptr : &found->second;
}

void tidy_labels(Labels& labels, std::size_t max_value) {
    std::erase_if(labels, [&](const auto& label) { return label.second.size() > max_value; });
    std::ranges::stable_sort(labels, {}, &Labels::value_type::first);
    const auto again = std::ranges::unique(labels, {}, &Labels::value_type::first);
    labels.erase(again.begin(), again.end());
}

std::string Mount::text() const {
    return fmt::format("{}:{}:{}:{}:{}", source, destination, mode, writable, propagation);
}

}  // namespace saker::container
