// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "event/event.h"

namespace saker::event {

// True if the memory that a call's arguments point to held something else when the call returned
// than what the kernel had used: another thread, or a shared page, has rewritten it meanwhile.
//
// Compared is what must be equal whatever links and mounts there are, of calls that succeeded and
// whose truth the record has:
//   - the last part of a path, where the call does not follow a link there: unlink, rmdir, mkdir,
//     rename, symlink's and link's new name, link's old one unless the call asks to follow it. Not
//     on filesystems with comparisons of their own (folded case, FAT).
//   - symlink's target and mount's device, as texts.
//   - connect's address and port with those of the socket's peer. (A BPF program of a cgroup may
//     change these too, in the kernel.)
// What cannot be read any more is not taken for a difference.
bool is_rewritten(const Event& event);

}  // namespace saker::event
