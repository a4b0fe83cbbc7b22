// SPDX-License-Identifier: Apache-2.0
#include "cli/run.h"

#include <malloc.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "cli/clock.h"
#include "cli/config.h"
#include "cli/explanation.h"
#include "cli/log.h"
#include "cli/rules.h"
#include "cli/settings.h"
#include "cli/version.h"
#include "cli/watch.h"
#include "container/fetcher.h"
#include "engine/engine.h"
#include "fmt/core.h"
#include "fmt/ranges.h"
#include "output/alert_writer.h"
#include "output/stdout_sink.h"
#include "probe/probe.h"
#include "spdlog/spdlog.h"

namespace saker::cli {

namespace {

// The user's own additions to rules that were installed: most have none.
bool may_be_missing(std::string_view path) {
    return path.ends_with(".local.yaml") || path.ends_with(".local.yml");
}

void log_config(const CommandLine& line, const Config& config) {
    utsname machine{};
    uname(&machine);
    spdlog::info("Saker {} ({})", version(), machine.machine);
    const std::string path = config_path(line);
    spdlog::info("Configuration: {}", path.empty() ? "built-in defaults" : path);
    if (!config.unknown_keys.empty()) {
        spdlog::warn("Configuration keys that this version does not use: {}",
                     fmt::join(config.unknown_keys, ", "));
    }
    if (!config.missing_outputs.empty()) {
        spdlog::warn("Alerts are written to standard output, and not yet to: {}",
                     fmt::join(config.missing_outputs, ", "));
    }
    for (const std::string& file : config.missing_rules_files) {
        spdlog::log(may_be_missing(file) ? spdlog::level::info : spdlog::level::warn,
                    "Rules file {} is not there", file);
    }
}

std::string hostname() {
    if (const char* name = std::getenv("FALCO_HOSTNAME")) return name;
    std::array<char, 256> name{};
    gethostname(name.data(), name.size() - 1);
    return name.data();
}

std::string host_root() {
    const char* root = std::getenv("HOST_ROOT");
    return root == nullptr ? "" : root;
}

// Empty if nothing is to be explained.
decltype(engine::EngineOptions::explain) explainer(const RunOptions& options) {
    if (!options.explain) return {};
    return [wanted = *options.explain](const rule::Rule& rule, const field::Context& context) {
        const bool asked = wanted.empty() || wanted == rule.name;
        return asked ? std::optional(explanation_of(rule, context)) : std::nullopt;
    };
}

engine::EngineOptions engine_options(const Config& config, const RunOptions& options,
                                     container::FactsSource& facts) {
    return {.matching = config.rule_matching,
            .priority = config.priority,
            .hostname = hostname(),
            .host_root = host_root(),
            .epoch_offset_ns = epoch_offset_ns(),
            .static_fields = config.static_fields,
            .containers = {.facts = &facts,
                           .wait_ns = config.container_wait_ms * 1'000'000,
                           .clock = [] { return clock_ns(CLOCK_BOOTTIME); },
                           .queue_bytes = config.container_queue_bytes},
            .explain = explainer(options)};
}

// A rule that is to be explained must be there, and gets its full name in `options`; if it is to
// run alone, the others are disabled.
Result<void> choose_rules(RunOptions& options, rule::RuleSet& rules) {
    if (!options.explain || options.explain->empty()) return {};
    const auto found = find_rule(rules, *options.explain);
    if (!found) return std::unexpected(found.error());
    options.explain = (*found)->name;
    if (!options.alone) return {};
    for (rule::Rule& rule : rules.rules) rule.enabled = &rule == *found;
    return {};
}

std::size_t count_syscalls(const filter::EventTypeSet& events) {
    std::size_t count = 0;
    for (event::EventType type = 0; type < event::events().size(); ++type) {
        if (events[type] && event::info(type).syscall != SAKER_NO_SYSCALL) ++count;
    }
    return count;
}

Result<probe::Probe> open_probe(const Config& config, const engine::Engine& engine) {
    const auto found = probe::check_requirements();
    if (!found) return std::unexpected(found.error());
    for (const std::string& gap : found->gaps) spdlog::warn("{}", gap);
    const probe::ProbeOptions options{
        .events = engine.events(),
        .bulk_bytes = config.bulk_bytes,
        .vital_bytes = config.vital_bytes,
        .cpus_per_ring = config.cpus_per_ring,
        .snap_length = config.snap_length,
        .args_bytes = config.args_bytes,
        .filter = config.kernel_filter ? engine.kernel_filter() : event::KernelFilter()};
    auto probe = probe::Probe::open(options, *found);
    if (!probe) return probe;
    for (const probe::Gap& gap : probe->gaps()) {
        spdlog::warn("{}", gap.line);
        if (!gap.detail.empty()) spdlog::debug("{}", gap.detail);
    }
    spdlog::info(
        "Kernel {}: attached to {}; {} bulk ring buffer{} of {} KiB, a vital one of {} KiB",
        found->kernel, fmt::join(probe->attached(), ", "), probe->rings(),
        probe->rings() == 1 ? "" : "s", config.bulk_bytes >> 10, config.vital_bytes >> 10);
    return probe;
}

// Attached first, then the snapshot: no process falls between the two.
void look_around(engine::Engine& engine) {
    const state::SnapshotResult snapshot = engine.take_snapshot();
    spdlog::info("{} processes were there already{}", snapshot.processes,
                 snapshot.denied == 0
                     ? ""
                     : fmt::format("; of {} something could not be read", snapshot.denied));
}

// As alerts are written: a reader that hangs does not keep the sensor from its end.
Result<void> print(std::string_view lines) {
    output::StdoutSink out(output::StdoutSink::Buffering::kLines, stop_is_overdue);
    if (lines.ends_with('\n')) lines.remove_suffix(1);
    if (auto done = out.write(lines); !done) return done;
    return out.flush();
}

Result<void> start_and_watch(const CommandLine& line, const Config& config,
                             const RunOptions& options, const rule::RuleSet& rules) {
    std::vector<std::unique_ptr<output::Sink>> sinks;
    using output::StdoutSink;
    sinks.push_back(std::make_unique<StdoutSink>(
        config.buffered_outputs ? StdoutSink::Buffering::kLines : StdoutSink::Buffering::kNone,
        stop_is_overdue));
    output::AlertWriter writer(config.output, std::move(sinks));
    Result<void> written;
    container::Fetcher fetcher({.host_root = host_root(),
                                .sockets = config.container_sockets,
                                .label_max_len = config.container_label_bytes});
    engine::Engine engine(rules, engine_options(config, options, fetcher),
                          [&](const engine::Alert& alert) {
                              if (auto done = writer.write(alert); !done && written) written = done;
                          });
    spdlog::info("{} rules enabled, they need {} system calls", engine.enabled_rules(),
                 count_syscalls(engine.events()));
    if (engine.enabled_rules() == 0) spdlog::warn("No rule is enabled: nothing will be reported");
    if (line.dry_run) return {};

    auto probe = open_probe(config, engine);
    if (!probe) return std::unexpected(probe.error());
    look_around(engine);
    if (auto done = probe::drop_privileges(); !done) spdlog::warn("{}", done.error().message);
    // Their threads have the rights that are left. Before the drop there is one thread alone.
    fetcher.start();
    engine.resolve_hosts();
    // What loading took, the types of the kernel above all, is free by now: it goes back.
    malloc_trim(0);
    spdlog::info("watching {} system calls", count_syscalls(engine.events()));

    if (auto done = watch(*probe, engine, writer, line.seconds, written); !done) return done;
    return print(writer.statistics().summary());
}

}  // namespace

Result<void> run(const CommandLine& line, RunOptions options) {
    catch_signals();
    const auto config = read_config(line);
    start_log(config && config->output.time_format_iso_8601);
    if (!config) return std::unexpected(config.error());
    set_log_level(config->log_level);
    log_config(line, *config);
    auto rules = load_rules(*config);
    if (!rules) return std::unexpected(rules.error());
    if (auto done = choose_rules(options, *rules); !done) return done;
    return start_and_watch(line, *config, options, *rules);
}

Command run_command() {
    const auto options = std::make_shared<RunOptions>();
    return {.name = "run",
            .help = "Watch and report (the default)",
            .options = {{"--explain", &options->explain,
                         "Say with each alert, or those of one rule, which tests decided and on "
                         "which values",
                         "[RULE]"}},
            .run = [options](const CommandLine& line) -> Result<int> {
                if (auto done = run(line, *options); !done) return std::unexpected(done.error());
                return 0;
            },
            .watches = true};
}

}  // namespace saker::cli
