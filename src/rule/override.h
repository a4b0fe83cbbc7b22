// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string_view>

#include "rule/item.h"

namespace saker::rule {

// What may be done to a key of an older definition.
enum class OverrideOp : std::uint8_t { kAppend, kReplace };

struct OverridableKey {
    std::string_view key;
    bool append;
    bool replace;
};

// The `override` of an item: for each of its keys, what is done with it. Empty if the item has
// none, and so is a definition.
using Overrides = std::map<std::string_view, OverrideOp>;

// Reads it and checks it against the item's other keys: each key that can be overridden must be
// listed, and what is listed must be there. After a mistake, the item is no longer good().
Overrides read_overrides(Item& item, std::span<const OverridableKey> keys);

}  // namespace saker::rule
