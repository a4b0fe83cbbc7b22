// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "field/field.h"
#include "filter/vm.h"
#include "output/options.h"
#include "rule/output_addition.h"
#include "rule/priority.h"
#include "saker/record.h"
#include "util/result.h"

namespace saker::cli {

// Settings of a run: from the configuration file, then from the command line. The keys are those
// of Falco's configuration where the meaning is the same; docs/configuration.md lists them.
struct Config {
    std::vector<std::string> rules_files;  // files and folders, in order
    output::Options output;
    bool buffered_outputs = false;
    rule::Priority log_level = rule::Priority::kInformational;  // less is not logged
    rule::Priority priority = rule::Priority::kDebug;           // rules below it are not loaded
    filter::MatchMode rule_matching = filter::MatchMode::kFirst;
    std::size_t snap_length = 80;                    // bytes
    std::size_t args_bytes = SAKER_ARGS_DEFAULT;     // of arguments and environment together
    std::size_t bulk_bytes = std::size_t{4} << 20;   // of each bulk ring
    std::size_t vital_bytes = std::size_t{1} << 20;  // of the vital ring
    unsigned cpus_per_ring = 2;
    bool kernel_filter = true;            // what no rule can match is not sent
    std::size_t container_wait_ms = 250;  // longest wait of an event for its container's facts
    std::size_t container_queue_bytes = std::size_t{4} << 20;  // of events that wait
    std::size_t container_label_bytes = 100;                   // of a label that is kept
    bool container_sockets = true;  // ask the runtimes what files do not tell

    field::StaticFields static_fields;  // values of static.KEY

    std::vector<rule::OutputAddition> append_output;  // to outputs of rules

    // Of the file: what this version does not use, and the outputs among it that are switched on;
    // rules files that are not there.
    std::vector<std::string> unknown_keys;
    std::vector<std::string> missing_outputs;
    std::vector<std::string> missing_rules_files;

    // Reads a YAML file. Errors name the file and, for a bad value, the key.
    Result<void> read_file(const std::string& path);

    // Sets one key from text, as `-o key=value` does: "priority=warning".
    Result<void> set(std::string_view assignment);
};

}  // namespace saker::cli
