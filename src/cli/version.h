// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace saker::cli {

// "0.1.0"
const char* version();

// What --version prints: Saker's own version and that of the rule language.
std::string version_text();

}  // namespace saker::cli
