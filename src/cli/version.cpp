// SPDX-License-Identifier: Apache-2.0
#include "cli/version.h"

#include "fmt/core.h"

namespace saker::cli {

const char* version() {
    return SAKER_VERSION;
}

std::string version_text() {
    return fmt::format("Saker version: {}\nEngine: 0.63.0", version());
}

}  // namespace saker::cli
