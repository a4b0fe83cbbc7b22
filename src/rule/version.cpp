// SPDX-License-Identifier: Apache-2.0
#include "rule/version.h"

#include <charconv>

#include "fmt/core.h"

namespace saker::rule {
namespace {

// Takes a number from the beginning of `text`; false if there is none, or it is too large.
bool take_number(std::string_view& text, std::uint32_t& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

bool take_dot(std::string_view& text) {
    if (!text.starts_with('.')) return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

std::optional<Version> parse_version(std::string_view text) {
    Version version;
    const bool good = take_number(text, version.major) && take_dot(text) &&
                      take_number(text, version.minor) && take_dot(text) &&
                      take_number(text, version.patch) && text.empty();
    return good ? std::optional(version) : std::nullopt;
}

std::optional<Version> parse_engine_version(std::string_view text) {
    Version version;
    std::string_view rest = text;
    if (take_number(rest, version.minor) && rest.empty()) return version;
    return parse_version(text);
}

std::string to_text(const Version& version) {
    return fmt::format("{}.{}.{}", version.major, version.minor, version.patch);
}

}  // namespace saker::rule
