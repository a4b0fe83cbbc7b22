// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/config.h"
#include "engine/engine.h"
#include "output/alert_writer.h"
#include "probe/probe.h"
#include "util/result.h"

namespace saker::cli {

// Runs events from the probe through the engine until a signal or the deadline ends it, then
// detaches, handles what is still in the rings, and logs the ledger. `seconds` 0: no deadline.
//
// SIGINT and SIGTERM end it; the caller has called catch_signals() before.
Result<void> watch(probe::Probe& probe, engine::Engine& engine, output::AlertWriter& alerts,
                   unsigned seconds, const Result<void>& write_error);

// From now on SIGINT, SIGTERM and SIGHUP (unless it is ignored already) only set a flag. SIGPIPE is
// ignored: a write to a pipe that nobody reads is an error like any other. So is SIGUSR1, by which
// others tell a sensor to open its files anew: there are none. None restarts a call that it
// interrupts. Two seconds after the first, and each second from then on, SIGALRM interrupts
// whatever still blocks.
void catch_signals();

// True when a stop was asked for and the grace for what blocks is over, at once with a second
// signal.
bool stop_is_overdue();

}  // namespace saker::cli
