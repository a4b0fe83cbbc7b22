// SPDX-License-Identifier: Apache-2.0
#include "tool/problem.h"

#include "fmt/core.h"

namespace saker::tool {

std::string to_text(const rule::Place& place) {
    const rule::Position at = place.file->position(place.offset);
    return fmt::format("{}:{}:{}", place.file->name(), at.line, at.column);
}

std::string to_text(const Problem& problem) {
    return fmt::format("{}: {}\n{}", to_text(problem.place), problem.message,
                       problem.place.file->snippet(problem.place.offset));
}

}  // namespace saker::tool
