// SPDX-License-Identifier: Apache-2.0
#include "field/user_names.h"

#include <string>

namespace saker::field {

namespace {

// Of both, 0 is root's wherever nothing else is known.
std::string_view fallback(std::uint32_t id) {
    return id == 0 ? "root" : "";
}

}  // namespace

bool on_host(const Context& context) {
    return context.container == nullptr || context.container->id == "host";
}

std::string_view user_name(const Context& context, std::uint32_t uid) {
    const state::User* user = on_host(context) ? context.users->user(uid) : nullptr;
    return user == nullptr ? fallback(uid) : std::string_view(user->name);
}

std::string_view group_name(const Context& context, std::uint32_t gid) {
    const std::string* name = on_host(context) ? context.users->group(gid) : nullptr;
    return name == nullptr ? fallback(gid) : std::string_view(*name);
}

}  // namespace saker::field
