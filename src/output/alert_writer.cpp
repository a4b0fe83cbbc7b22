// SPDX-License-Identifier: Apache-2.0
#include "output/alert_writer.h"

#include <algorithm>
#include <utility>

#include "output/json.h"
#include "output/text.h"

namespace saker::output {

AlertWriter::AlertWriter(const Options& options, std::vector<std::unique_ptr<Sink>> sinks)
    : options_(options), sinks_(std::move(sinks)) {}

Result<void> AlertWriter::write(const engine::Alert& alert) {
    statistics_.count(alert);
    line_.clear();
    if (options_.json_output) {
        append_json_line(line_, alert, options_);
    } else {
        append_text_line(line_, alert, options_);
    }
    Result<void> result;
    for (const auto& sink : sinks_) {
        Result<void> written = sink->write(line_);
        if (!written && result) result = std::move(written);
    }
    return result;
}

Result<void> AlertWriter::flush() {
    Result<void> result;
    for (const auto& sink : sinks_) {
        Result<void> flushed = sink->flush();
        if (!flushed && result) result = std::move(flushed);
    }
    return result;
}

std::uint64_t AlertWriter::lost() const {
    std::uint64_t most = 0;
    for (const auto& sink : sinks_) most = std::max(most, sink->lost());
    return most;
}

}  // namespace saker::output
