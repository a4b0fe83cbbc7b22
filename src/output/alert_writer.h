// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/alert.h"
#include "output/options.h"
#include "output/sink.h"
#include "output/statistics.h"
#include "util/result.h"

namespace saker::output {

// Turns each alert into a line, once, and gives it to all sinks in order. One thread: whatever
// queue is wanted stands before it.
class AlertWriter {
public:
    AlertWriter(const Options& options, std::vector<std::unique_ptr<Sink>> sinks);

    // Every sink gets the line, also when one before it failed; the error is the first one. The
    // alert counts in any case.
    Result<void> write(const engine::Alert& alert);

    Result<void> flush();

    // Alerts that the worst of the sinks did not write, for whatever reason.
    std::uint64_t lost() const;

    const Statistics& statistics() const { return statistics_; }

private:
    Options options_;
    std::vector<std::unique_ptr<Sink>> sinks_;
    Statistics statistics_;
    std::string line_;  // kept for its memory
};

}  // namespace saker::output
