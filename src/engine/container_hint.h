// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "container/request.h"
#include "state/process.h"

namespace saker::engine {

// Where the facts of a container can be found, by the runtime's processes among a process and its
// ancestors: runc and crun are given the bundle, conmon too; containerd's shim has it as its
// working directory, and is given containerd's socket. Only processes of the host are believed: a
// container could call its own programs so.
container::Hint container_hint(const state::Process& process, const std::string& full_id);

}  // namespace saker::engine
