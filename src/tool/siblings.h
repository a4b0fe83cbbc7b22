// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "filter/event_types.h"

namespace saker::tool {

// System calls of one kind of which a rule names some and not all.
struct ForgottenSiblings {
    std::string_view named;  // the first that is named
    std::vector<std::string_view> missing;
};

// Of the types that a condition names. Nothing where it names none: it sees them all.
std::vector<ForgottenSiblings> find_forgotten_siblings(const filter::EventTypes& types);

}  // namespace saker::tool
