// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "field/context.h"

// Names for the ids of users and groups. Names are the host's; a container has its own, which the
// host's files would get wrong: there only root is named.
namespace saker::field {

// True if the event's process is in no container, as far as is known.
bool on_host(const Context& context);

// Empty if there is none. Valid until the next look-up in the context's users.
std::string_view user_name(const Context& context, std::uint32_t uid);
std::string_view group_name(const Context& context, std::uint32_t gid);

}  // namespace saker::field
