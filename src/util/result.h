// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace saker {

// Why something could not be done, in words for a user: what is wrong and, where it can be said,
// what to do about it. No trailing full stop or newline.
struct Error {
    std::string message;
};

// The result of whatever can fail. No exception crosses a room's border.
template <typename T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(std::string message) {
    return std::unexpected<Error>(Error{std::move(message)});
}

}  // namespace saker
