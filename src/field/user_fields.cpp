// SPDX-License-Identifier: Apache-2.0
#include "field/make.h"
#include "field/native.h"
#include "field/row.h"
#include "field/user_names.h"

// user.* and group.*: who acts, by the credentials at the event.
namespace saker::field {

namespace {

constexpr std::string_view kUnknown = "<NA>";
constexpr std::uint32_t kNoLogin = UINT32_MAX;

Values name_or_unknown(const Context& context, std::string_view name) {
    return text_copy(context, name.empty() ? kUnknown : name);
}

Values uid(const FieldUse& /*use*/, const Context& context) {
    return unsigned_number(context, context.event->header().uid);
}

Values name(const FieldUse& /*use*/, const Context& context) {
    return name_or_unknown(context, user_name(context, context.event->header().uid));
}

Values home(const FieldUse& /*use*/, const Context& context) {
    const std::uint32_t id = context.event->header().uid;
    if (const User* user = find_user(context, id)) return text_copy(context, user->home);
    return text(context, id == 0 ? "/root" : kUnknown);
}

Values shell(const FieldUse& /*use*/, const Context& context) {
    const User* user = find_user(context, context.event->header().uid);
    return user == nullptr ? text(context, kUnknown) : text_copy(context, user->shell);
}

Values login_uid(const FieldUse& /*use*/, const Context& context) {
    const std::uint32_t id = context.process->facts.loginuid;
    return signed_number(context, id == kNoLogin ? -1 : static_cast<std::int64_t>(id));
}

Values login_name(const FieldUse& /*use*/, const Context& context) {
    const std::uint32_t id = context.process->facts.loginuid;
    return name_or_unknown(context, id == kNoLogin ? kUnknown : user_name(context, id));
}

Values gid(const FieldUse& /*use*/, const Context& context) {
    return unsigned_number(context, context.event->header().gid);
}

Values group(const FieldUse& /*use*/, const Context& context) {
    return name_or_unknown(context, group_name(context, context.event->header().gid));
}

using namespace row;

// clang-format off
const FieldInfo kRows[] = {
    {"user.uid", kUint, kNone, kOne, 0, uid, nullptr, "Effective user id."},
    {"user.name", kStr, kNone, kOne, kFewValues, name, nullptr, "Name of the effective user, <NA> if it is unknown."},
    {"user.homedir", kStr, kNone, kOne, 0, home, nullptr, "Home directory of the effective user."},
    {"user.shell", kStr, kNone, kOne, 0, shell, nullptr, "Login shell of the effective user."},
    {"user.loginuid", kInt, kNone, kOne, 0, login_uid, nullptr, "User id of the login (audit), -1 if there was none."},
    {"user.loginname", kStr, kNone, kOne, 0, login_name, nullptr, "Name of the user who logged in."},
    {"group.gid", kUint, kNone, kOne, 0, gid, nullptr, "Effective group id."},
    {"group.name", kStr, kNone, kOne, 0, group, nullptr, "Name of the effective group, <NA> if it is unknown."},
};
// clang-format on

}  // namespace

std::span<const FieldInfo> user_fields() {
    return kRows;
}

}  // namespace saker::field
