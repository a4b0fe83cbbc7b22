// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace saker::cli {

// One thing that may stand on the command line.
struct Option {
    // Where it is kept, and with it of what kind it is: a flag; one value, a text or a number; a
    // flag that may have a value, empty without one; as many values as there are. Not owned: it
    // lives until the command line has been parsed.
    using Target = std::variant<bool*, std::string*, unsigned*, std::optional<std::string>*,
                                std::vector<std::string>*>;

    const char* name;  // "-r", "-o,--option"; without a dash: what stands in this place
    Target target;
    const char* help;
    const char* type = "";      // what the help calls the value
    bool required = false;      // the command line is wrong without it
    const char* excludes = "";  // an option before this one that must not stand beside it
};

}  // namespace saker::cli
