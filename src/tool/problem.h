// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "rule/source_file.h"

namespace saker::tool {

// A mistake in a test file, and where it stands. The file must outlive it.
struct Problem {
    rule::Place place;
    std::string message;
};

// For people: `file:line:column: message`, and the line with a caret below it.
std::string to_text(const Problem& problem);

// `file:line:column` of a place.
std::string to_text(const rule::Place& place);

}  // namespace saker::tool
