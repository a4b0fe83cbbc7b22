// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>

#include "probe/requirements.h"
#include "util/result.h"

struct bpf_program;          // NOLINT(readability-identifier-naming): libbpf's
struct bpf_object_skeleton;  // NOLINT(readability-identifier-naming): libbpf's

// How objects are loaded, and what libbpf and the kernel say meanwhile. One thread.
namespace saker::probe {

// Keeps what libbpf reports from now on instead of printing it: of use when loading fails, and
// noise when it does not. The log begins empty.
void begin_loading();

// The end of what was reported since, the verifier's words among it; whole lines.
std::string loading_log();

// Opens the object of a skeleton. A type that the kernel does not have (another configuration,
// another version) libbpf would look for in the kernel's modules; where that takes a capability
// that is not there, it would give up. It is told not to look then.
bool open_skeleton(bpf_object_skeleton* skeleton, const Requirements& requirements);

// The kernel's name of what a program is attached to: a tracepoint, or a function.
std::string attach_point(const bpf_program* program);

// What a user can do about an error (errno) of bpf().
std::unexpected<Error> refused(const char* what, int error);

}  // namespace saker::probe
