// SPDX-License-Identifier: Apache-2.0
#include "cli/log.h"

#include <memory>

#include "spdlog/pattern_formatter.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace saker::cli {

void start_log(bool iso) {
    auto logger = spdlog::stderr_logger_st("saker");
    using spdlog::pattern_time_type;
    if (iso) {
        logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(
            "%Y-%m-%dT%H:%M:%S+0000: %v", pattern_time_type::utc));
    } else {
        logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(
            "%a %b %d %H:%M:%S %Y: %v", pattern_time_type::local));
    }
    spdlog::set_default_logger(std::move(logger));
    spdlog::flush_on(spdlog::level::trace);
}

void set_log_level(rule::Priority level) {
    namespace levels = spdlog::level;
    // In the order of rule::Priority, which has more.
    constexpr levels::level_enum kLevels[rule::kPriorities] = {
        levels::critical, levels::critical, levels::critical, levels::err,
        levels::warn,     levels::info,     levels::info,     levels::debug,
    };
    spdlog::set_level(kLevels[static_cast<std::size_t>(level)]);
}

}  // namespace saker::cli
