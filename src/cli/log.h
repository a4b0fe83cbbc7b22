// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rule/priority.h"

namespace saker::cli {

// Sends the log (spdlog's default logger) to stderr, a line each: `Sat Nov 21 18:00:00 2026: text`,
// or with `iso` the UTC time as 2026-11-21T18:00:00+0000.
void start_log(bool iso);

// Leaves out what is of less weight.
void set_log_level(rule::Priority level);

}  // namespace saker::cli
