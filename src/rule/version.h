// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace saker::rule {

// x.y.z
struct Version {
    std::uint32_t major = 0;
    std::uint32_t minor = 0;
    std::uint32_t patch = 0;
    auto operator<=>(const Version&) const = default;

    // The same major version, and not older.
    bool satisfies(const Version& required) const {
        return major == required.major && *this >= required;
    }
};

// The rule language that this is: that of Falco's engine of this version.
inline constexpr Version kEngineVersion{0, 63, 0};

// The fields of Falco's container plugin are built in. Rules files ask for it by version.
inline constexpr std::string_view kContainerPlugin = "container";
inline constexpr Version kContainerPluginVersion{0, 7, 99};  // any 0.7

// Three numbers with dots between them.
std::optional<Version> parse_version(std::string_view text);

// What `required_engine_version` takes: three numbers, or one, which is the minor one.
std::optional<Version> parse_engine_version(std::string_view text);

std::string to_text(const Version& version);

}  // namespace saker::rule
