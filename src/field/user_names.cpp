// SPDX-License-Identifier: Apache-2.0
#include "field/user_names.h"

#include <optional>
#include <string>

namespace saker::field {

namespace {

// Of both, 0 is root's wherever nothing else is known.
std::string_view fallback(std::uint32_t id) {
    return id == 0 ? "root" : "";
}

// True if the event's process is in no container, as far as is known.
bool on_host(const Context& context) {
    return context.container == nullptr || context.container->is_host();
}

// What the container's own files say, by the table and its find(). If there is nothing, they are to
// be read again: a user may have been added.
template <typename Table>
auto find_in_container(const container::Container& container,
                       std::optional<Table> container::Facts::* table, std::uint32_t id) {
    const std::optional<Table> none;
    const auto& entries = container.facts == nullptr ? none : (*container.facts).*table;
    const auto* found = entries ? entries->find(id) : nullptr;
    if (found == nullptr) container.is_stale = true;
    return found;
}

}  // namespace

const User* find_user(const Context& context, std::uint32_t uid) {
    if (on_host(context)) return context.users->user(uid);
    return find_in_container(*context.container, &container::Facts::users, uid);
}

std::string_view user_name(const Context& context, std::uint32_t uid) {
    const User* user = find_user(context, uid);
    return user == nullptr ? fallback(uid) : std::string_view(user->name);
}

std::string_view group_name(const Context& context, std::uint32_t gid) {
    const std::string* name =
        on_host(context) ? context.users->group(gid)
                         : find_in_container(*context.container, &container::Facts::groups, gid);
    return name == nullptr ? fallback(gid) : std::string_view(*name);
}

}  // namespace saker::field
