// SPDX-License-Identifier: Apache-2.0
#include "tool/siblings.h"

#include <array>

namespace saker::tool {

namespace {

// Calls that do the same thing: whoever wants to evade a rule about one of them takes another. A
// row ends with empty names. Left out is what only some rules mean too (creat is an open, but never
// one for reading).
constexpr std::array<std::string_view, 6> kSiblings[] = {
    {"open", "openat", "openat2"},
    {"execve", "execveat"},
    {"rename", "renameat", "renameat2"},
    {"unlink", "unlinkat"},
    {"link", "linkat"},
    {"symlink", "symlinkat"},
    {"mkdir", "mkdirat"},
    {"mknod", "mknodat"},
    {"chmod", "fchmod", "fchmodat", "fchmodat2"},
    {"chown", "lchown", "fchown", "fchownat"},
    {"dup", "dup2", "dup3"},
    {"accept", "accept4"},
    {"connect", "sendto", "sendmsg", "sendmmsg"},
    {"truncate", "ftruncate"},
    {"utime", "utimes", "futimesat", "utimensat"},
    {"setxattr", "lsetxattr", "fsetxattr", "setxattrat"},
    {"removexattr", "lremovexattr", "fremovexattr", "removexattrat"},
    {"access", "faccessat", "faccessat2"},
    {"open_tree", "open_tree_attr"},
    {"kexec_load", "kexec_file_load"},
    {"init_module", "finit_module"},
    {"setuid", "setreuid", "setresuid"},
    {"setgid", "setregid", "setresgid"},
    {"kill", "tkill", "tgkill"},
    {"umount", "umount2"},
    {"inotify_init", "inotify_init1"},
    {"pipe", "pipe2"},
    {"eventfd", "eventfd2"},
    {"signalfd", "signalfd4"},
    {"fork", "vfork", "clone", "clone3"},
};

}  // namespace

std::vector<ForgottenSiblings> find_forgotten_siblings(const filter::EventTypes& types) {
    std::vector<ForgottenSiblings> found;
    if (!types.restricts) return found;
    for (const auto& siblings : kSiblings) {
        ForgottenSiblings one;
        for (const std::string_view name : siblings) {
            const auto type = event::find_event(name);
            if (!type || event::info(*type).has(event::kNeverSeen)) continue;
            // What the event's fields rule out was not forgotten.
            if (!types.named[*type]) {
                one.missing.push_back(name);
            } else if (one.named.empty() && types.types[*type]) {
                one.named = name;
            }
        }
        if (!one.named.empty() && !one.missing.empty()) found.push_back(std::move(one));
    }
    return found;
}

}  // namespace saker::tool
