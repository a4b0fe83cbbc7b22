// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <vector>

#include "event/name.h"
#include "field/file_names.h"
#include "field/make.h"
#include "field/native.h"
#include "field/row.h"

// evt.abspath, and fs.path.*: the file names of the calls that create, change, rename and remove
// files, when they succeed. Which parameter is the name, the source or the target is a row for each
// event.
namespace saker::field {

namespace {

using event::EventType;

struct Names {
    EventType event;
    std::string_view name;
    std::string_view source;
    std::string_view target;
};

// As existing rule files expect: for a hard link the new name is the source and the old one the
// target; for a symbolic link the link is the source.
constexpr Names kNames[] = {
    {SAKER_EVENT_mkdir, "path", "", ""},
    {SAKER_EVENT_mkdirat, "path", "", ""},
    {SAKER_EVENT_rmdir, "path", "", ""},
    {SAKER_EVENT_unlink, "path", "", ""},
    {SAKER_EVENT_unlinkat, "name", "", ""},
    {SAKER_EVENT_open, "name", "", ""},
    {SAKER_EVENT_openat, "name", "", ""},
    {SAKER_EVENT_openat2, "name", "", ""},
    {SAKER_EVENT_creat, "name", "", ""},
    {SAKER_EVENT_open_by_handle_at, "path", "", ""},
    {SAKER_EVENT_chmod, "filename", "", ""},
    {SAKER_EVENT_fchmod, "fd", "", ""},
    {SAKER_EVENT_fchmodat, "filename", "", ""},
    {SAKER_EVENT_chown, "path", "", ""},
    {SAKER_EVENT_lchown, "path", "", ""},
    {SAKER_EVENT_fchown, "fd", "", ""},
    {SAKER_EVENT_fchownat, "pathname", "", ""},
    {SAKER_EVENT_umount, "name", "", ""},
    {SAKER_EVENT_umount2, "name", "", ""},
    {SAKER_EVENT_quotactl, "special", "", ""},
    {SAKER_EVENT_fchmodat2, "filename", "", ""},
    {SAKER_EVENT_mknod, "path", "", ""},
    {SAKER_EVENT_mknodat, "path", "", ""},
    {SAKER_EVENT_truncate, "path", "", ""},
    {SAKER_EVENT_ftruncate, "fd", "", ""},
    {SAKER_EVENT_utime, "filename", "", ""},
    {SAKER_EVENT_utimes, "filename", "", ""},
    {SAKER_EVENT_futimesat, "pathname", "", ""},
    {SAKER_EVENT_utimensat, "pathname", "", ""},
    {SAKER_EVENT_setxattr, "path", "", ""},
    {SAKER_EVENT_lsetxattr, "path", "", ""},
    {SAKER_EVENT_fsetxattr, "fd", "", ""},
    {SAKER_EVENT_setxattrat, "pathname", "", ""},
    {SAKER_EVENT_removexattr, "path", "", ""},
    {SAKER_EVENT_lremovexattr, "path", "", ""},
    {SAKER_EVENT_fremovexattr, "fd", "", ""},
    {SAKER_EVENT_removexattrat, "pathname", "", ""},
    {SAKER_EVENT_file_setattr, "pathname", "", ""},
    {SAKER_EVENT_mount_setattr, "pathname", "", ""},
    {SAKER_EVENT_open_tree, "pathname", "", ""},
    {SAKER_EVENT_open_tree_attr, "pathname", "", ""},
    {SAKER_EVENT_name_to_handle_at, "pathname", "", ""},
    {SAKER_EVENT_swapon, "path", "", ""},
    {SAKER_EVENT_swapoff, "path", "", ""},
    {SAKER_EVENT_acct, "filename", "", ""},
    {SAKER_EVENT_rename, "", "oldpath", "newpath"},
    {SAKER_EVENT_renameat, "", "oldpath", "newpath"},
    {SAKER_EVENT_renameat2, "", "oldpath", "newpath"},
    {SAKER_EVENT_link, "", "newpath", "oldpath"},
    {SAKER_EVENT_linkat, "", "newpath", "oldpath"},
    {SAKER_EVENT_symlink, "", "linkpath", "target"},
    {SAKER_EVENT_symlinkat, "", "linkpath", "target"},
    {SAKER_EVENT_mount, "", "dev", "dir"},
    {SAKER_EVENT_move_mount, "", "from_pathname", "to_pathname"},
    {SAKER_EVENT_pivot_root, "", "new_root", "put_old"},
};

enum class Role : std::uint8_t { kName, kSource, kTarget };
enum class Form : std::uint8_t { kResolved, kRaw, kReal };

std::string_view param_of(const Names& names, Role role) {
    if (role == Role::kName) return names.name;
    return role == Role::kSource ? names.source : names.target;
}

// The source of the parameter that has a role in events of a type.
std::optional<event::Source> find_source(EventType type, Role role) {
    for (const Names& names : kNames) {
        if (names.event != type || param_of(names, role).empty()) continue;
        const auto& info = event::info(type);
        const auto index = event::find_param(info, param_of(names, role));
        return index ? std::optional(info.params[*index].source) : std::nullopt;
    }
    return std::nullopt;
}

template <Role role>
const std::optional<event::Source>& source_of(EventType type) {
    static const std::vector<std::optional<event::Source>> all = [] {
        std::vector<std::optional<event::Source>> rows;
        for (EventType i = 0; i < event::events().size(); ++i) rows.push_back(find_source(i, role));
        return rows;
    }();
    return all[type];
}

Values walked(const Context& context, const std::optional<event::Event::Fd>& fd) {
    if (!fd) return none();
    char* buffer = context.scratch->bytes(event::walked_bound(fd->rest));
    return text(context,
                event::walked_name(fd->rest, (fd->facts.flags & SAKER_FD_CUT) != 0, buffer));
}

std::string_view raw_name(const event::Event& event, std::size_t slot) {
    const bool plain = event.info().captures[slot].kind == SAKER_CAPTURE_STRING;
    if (plain) return event.text(slot);
    const auto path = event.path(slot);
    return path ? path->asked : std::string_view{};
}

Values text_if_any(const Context& context, std::string_view name) {
    return name.empty() ? none() : text(context, name);
}

Values named(const Context& context, std::size_t slot, Form form) {
    switch (form) {
        case Form::kResolved:
            return text_if_any(context, path_name(context, slot));
        case Form::kRaw:
            return text_if_any(context, raw_name(*context.event, slot));
        case Form::kReal:
            return text_if_any(context, real_path_name(context, slot));
    }
    return none();
}

Values opened(const Context& context, Form form) {
    return text_if_any(context, form == Form::kReal ? context.real_name : file_name(context));
}

// Calls that fail have touched nothing; a failed open still names what was tried.
bool counts(const event::Event& event) {
    return event.ret() >= 0 || event.info().has(event::kOpens);
}

template <Role role, Form form>
Values path(const FieldUse& /*use*/, const Context& context) {
    const auto& source = source_of<role>(context.event->type());
    if (!source || !counts(*context.event)) return none();
    const bool opens = context.event->info().has(event::kOpens);
    if (opens && form != Form::kRaw) return opened(context, form);
    if (source->kind == event::SourceKind::kSlot) return named(context, source->a, form);
    // fchmod, ftruncate, open_by_handle_at, ...: what the descriptor is.
    return walked(context, context.event->fd(0));
}

// --- evt.abspath ---

// The paths of a call that takes them with a directory (renameat has two), and what
// open_by_handle_at opened: for the others the plain name is enough.
std::vector<const event::ParamInfo*> based_paths(EventType type) {
    std::vector<const event::ParamInfo*> paths;
    for (const event::ParamInfo& param : event::info(type).params) {
        const bool handle = param.source.kind == event::SourceKind::kRealPath;
        if (handle || param.type == event::ParamType::kRelpath) paths.push_back(&param);
    }
    return paths;
}

// evt.abspath and evt.abspath.src are the first path, evt.abspath.dst is the second.
const event::ParamInfo* based_path(const FieldUse& use, EventType type) {
    static const auto all = [] {
        std::vector<std::vector<const event::ParamInfo*>> rows;
        for (EventType i = 0; i < event::events().size(); ++i) rows.push_back(based_paths(i));
        return rows;
    }();
    const std::size_t wanted = use.argument == "dst" ? 1 : 0;
    return wanted < all[type].size() ? all[type][wanted] : nullptr;
}

Values absolute_path(const FieldUse& use, const Context& context) {
    const event::ParamInfo* param = based_path(use, context.event->type());
    if (param == nullptr) return none();
    if (context.event->info().has(event::kOpens)) return opened(context, Form::kResolved);
    if (param->source.kind == event::SourceKind::kSlot) {
        return named(context, param->source.a, Form::kResolved);
    }
    return walked(context, context.event->fd(param->source.a));
}

std::optional<Values> fold_absolute_path(const FieldUse& use, EventType type) {
    return based_path(use, type) != nullptr ? std::nullopt : std::optional<Values>(Values{});
}

template <Role role>
std::optional<Values> fold(const FieldUse& /*use*/, EventType type) {
    return source_of<role>(type) ? std::nullopt : std::optional<Values>(Values{});
}

using namespace row;
constexpr std::uint16_t kComponents = kNamesFile + kOfFileNames;

// clang-format off
const FieldInfo kRows[] = {
    {"evt.abspath", kPath, Argument::kSideOptional, kOne, kComponents, absolute_path, fold_absolute_path, "The path of a call that takes one with a directory (openat, renameat, ...), made absolute; .src and .dst tell the two of renameat and linkat apart."},
    {"fs.path.name", kPath, kNone, kOne, kComponents, path<Role::kName, Form::kResolved>, fold<Role::kName>, "The file that the call was about, made absolute. Evaluated under the name that was asked for and under the real one, as are the next two and their like."},
    {"fs.path.nameraw", kPath, kNone, kOne, kOfFileNames, path<Role::kName, Form::kRaw>, fold<Role::kName>, "The same as it was passed."},
    {"fs.path.namereal", kPath, kNone, kOne, kOwn + kOfFileNames, path<Role::kName, Form::kReal>, fold<Role::kName>, "The same as the kernel had it, without symbolic links; only where the kernel tells it."},
    {"fs.path.source", kPath, kNone, kOne, kNamesFile, path<Role::kSource, Form::kResolved>, fold<Role::kSource>, "The file that was renamed, the new name of a link, or the device of a mount, made absolute."},
    {"fs.path.sourceraw", kPath, kNone, kOne, 0, path<Role::kSource, Form::kRaw>, fold<Role::kSource>, "The same as it was passed."},
    {"fs.path.sourcereal", kPath, kNone, kOne, kOwn, path<Role::kSource, Form::kReal>, fold<Role::kSource>, "The same as the kernel had it, without symbolic links; only where the kernel tells it."},
    {"fs.path.target", kPath, kNone, kOne, kNamesFile, path<Role::kTarget, Form::kResolved>, fold<Role::kTarget>, "The new name of a renamed file, what a link leads to, or the directory of a mount, made absolute."},
    {"fs.path.targetraw", kPath, kNone, kOne, 0, path<Role::kTarget, Form::kRaw>, fold<Role::kTarget>, "The same as it was passed."},
    {"fs.path.targetreal", kPath, kNone, kOne, kOwn, path<Role::kTarget, Form::kReal>, fold<Role::kTarget>, "The same as the kernel had it, without symbolic links; only where the kernel tells it."},
};
// clang-format on

}  // namespace

std::span<const FieldInfo> path_fields() {
    return kRows;
}

}  // namespace saker::field
