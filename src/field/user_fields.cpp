// SPDX-License-Identifier: Apache-2.0
#include "field/make.h"
#include "field/native.h"

// user.* and group.*: who acts, by the credentials at the event. Names are the host's; a container
// has its own, which the host's files would get wrong: there only root is named.
namespace saker::field {

namespace {

constexpr std::string_view kUnknown = "<NA>";
constexpr std::uint32_t kNoLogin = UINT32_MAX;

bool on_host(const Context& context) {
    return context.container == nullptr || context.container->id == "host";
}

const state::User* find_user(const Context& context, std::uint32_t uid) {
    return on_host(context) ? context.users->user(uid) : nullptr;
}

std::string_view user_name(const Context& context, std::uint32_t uid) {
    if (const state::User* user = find_user(context, uid)) return user->name;
    return uid == 0 ? "root" : kUnknown;
}

Values uid(const FieldUse& /*use*/, const Context& context) {
    return unsigned_number(context, context.event->header().uid);
}

Values name(const FieldUse& /*use*/, const Context& context) {
    return text_copy(context, user_name(context, context.event->header().uid));
}

Values home(const FieldUse& /*use*/, const Context& context) {
    const std::uint32_t id = context.event->header().uid;
    if (const state::User* user = find_user(context, id)) return text_copy(context, user->home);
    return text(context, id == 0 ? "/root" : kUnknown);
}

Values shell(const FieldUse& /*use*/, const Context& context) {
    const state::User* user = find_user(context, context.event->header().uid);
    return user == nullptr ? text(context, kUnknown) : text_copy(context, user->shell);
}

Values login_uid(const FieldUse& /*use*/, const Context& context) {
    const std::uint32_t id = context.process->facts.loginuid;
    return signed_number(context, id == kNoLogin ? -1 : static_cast<std::int64_t>(id));
}

Values login_name(const FieldUse& /*use*/, const Context& context) {
    const std::uint32_t id = context.process->facts.loginuid;
    return text_copy(context, id == kNoLogin ? kUnknown : user_name(context, id));
}

Values gid(const FieldUse& /*use*/, const Context& context) {
    return unsigned_number(context, context.event->header().gid);
}

Values group_name(const FieldUse& /*use*/, const Context& context) {
    const std::uint32_t id = context.event->header().gid;
    const std::string* found = on_host(context) ? context.users->group(id) : nullptr;
    if (found != nullptr) return text_copy(context, *found);
    return text(context, id == 0 ? "root" : kUnknown);
}

constexpr auto kStr = ValueType::kString;
constexpr auto kUint = ValueType::kUint;
constexpr auto kNone = Argument::kNone;
constexpr auto kOne = Several::kOne;

// clang-format off
const FieldInfo kRows[] = {
    {"user.uid", kUint, kNone, kOne, 0, uid, nullptr, "Effective user id."},
    {"user.name", kStr, kNone, kOne, 0, name, nullptr, "Name of the effective user, <NA> if it is unknown."},
    {"user.homedir", kStr, kNone, kOne, 0, home, nullptr, "Home directory of the effective user."},
    {"user.shell", kStr, kNone, kOne, 0, shell, nullptr, "Login shell of the effective user."},
    {"user.loginuid", ValueType::kInt, kNone, kOne, 0, login_uid, nullptr, "User id of the login (audit), -1 if there was none."},
    {"user.loginname", kStr, kNone, kOne, 0, login_name, nullptr, "Name of the user who logged in."},
    {"group.gid", kUint, kNone, kOne, 0, gid, nullptr, "Effective group id."},
    {"group.name", kStr, kNone, kOne, 0, group_name, nullptr, "Name of the effective group, <NA> if it is unknown."},
};
// clang-format on

}  // namespace

std::span<const FieldInfo> user_fields() {
    return kRows;
}

}  // namespace saker::field
