// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "field/context.h"

// Names for the ids of users and groups: the host's, or, of a process in a container, the
// container's own. Where those are not known, only root is named: the host's would be wrong.
namespace saker::field {

// nullptr if there is none. Valid as long as the event.
const User* find_user(const Context& context, std::uint32_t uid);

// Empty if there is none. Valid until the next look-up in the context's users.
std::string_view user_name(const Context& context, std::uint32_t uid);
std::string_view group_name(const Context& context, std::uint32_t gid);

}  // namespace saker::field
