// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"
#include "cli/config.h"

namespace saker::cli {

enum class ListFormat : std::uint8_t { kText, kJson, kMarkdown };

// What a topic is asked for.
struct ListRequest {
    const CommandLine& line;
    const Config& config;
    std::string name;         // only the one of that name; empty: all
    bool names_only = false;  // a name a line, nothing else
    ListFormat format = ListFormat::kText;
};

// One row of the table of topics in list.cpp. `run` prints on stdout and returns the exit status.
struct ListTopic {
    std::string_view name;
    Result<int> (*run)(const ListRequest& request);
};

// `saker list TOPIC [NAME]`: shows what the sensor knows, and starts nothing.
Command list_command();

}  // namespace saker::cli
