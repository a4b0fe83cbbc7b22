// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>

#include "util/result.h"

// What libbpf and the kernel say while programs are loaded. One thread.
namespace saker::probe {

// Keeps what libbpf reports from now on instead of printing it: of use when loading fails, and
// noise when it does not. The log begins empty.
void begin_loading();

// The end of what was reported since, the verifier's words among it; whole lines.
std::string loading_log();

// What a user can do about an error (errno) of bpf().
std::unexpected<Error> refused(const char* what, int error);

}  // namespace saker::probe
