// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <cstdio>

#include "util/result.h"

// Whether what the commands print arrives. They write to stdout and leave its errors to main(),
// which asks for them once.
namespace saker::cli {

// An error if nothing can be written to standard output, because it was closed or is open only for
// reading. To be asked before anything is opened: a file could get the number of a closed one, and
// alerts would be written into it. `fd` is for tests.
Result<void> check_standard_output(int fd = STDOUT_FILENO);

// Hands over what is buffered. The error tells why this, or any write before it, failed. `stream`
// is for tests.
Result<void> flush_standard_output(std::FILE* stream = stdout);

}  // namespace saker::cli
