// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "cli/command.h"

namespace saker::cli {

// A JSON schema (draft 7) of files that Saker reads, for editors: packaging/schema/NAME.json.
struct Schema {
    std::string_view name;
    std::string_view text;
};

std::span<const Schema> schemas();

// `saker schema rules|tests|config`: prints one.
Command schema_command();

}  // namespace saker::cli
