// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace saker::bench {

// A rules file of that many rules, in the style and over the fields of the default rules, each with
// constants of its own. None of them matches anything that happens. The same for the same count.
std::string generated_rules(std::size_t count);

}  // namespace saker::bench
