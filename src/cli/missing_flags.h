// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace saker::cli {

// What to do in place of a flag of Falco's that Saker does not have, as the end of a sentence;
// empty for any other argument. `argument` as it stands on the command line: "-P", "--pidfile=x".
std::string_view instead_of(std::string_view argument);

}  // namespace saker::cli
