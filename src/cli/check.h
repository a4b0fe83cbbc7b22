// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

namespace saker::cli {

// `saker check FILES...`: loads rules files, in order, and says of each whether it is right.
// Without files, those that `saker run` would load. Results go to stdout, as text or (json_output)
// as one object that tools read; warnings in files that are right go to stderr. Exit status 1 if a
// file is wrong.
Command check_command();

}  // namespace saker::cli
