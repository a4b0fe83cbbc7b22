// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "container/containers.h"

namespace saker::container {

// What the event `container` carries (evt.arg.json): one JSON object {"container":{...}} with the
// keys that Falco's container plugin uses. At most `limit` bytes: labels and mounts beyond it are
// left out. The environment is not in it: secrets are often kept there.
std::string announcement(const Container& container, std::size_t limit);

}  // namespace saker::container
