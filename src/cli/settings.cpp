// SPDX-License-Identifier: Apache-2.0
#include "cli/settings.h"

#include <unistd.h>

#include <array>
#include <filesystem>

namespace saker::cli {

namespace {

constexpr const char* kDefaultConfig = "/etc/saker/saker.yaml";
constexpr std::array kDefaultRules = {"/etc/saker/saker_rules.yaml",
                                      "/etc/saker/saker_rules.local.yaml", "/etc/saker/rules.d"};

void choose_rules_files(const CommandLine& line, Config& config) {
    if (!line.rules_files.empty()) {
        config.rules_files = line.rules_files;
        return;
    }
    const bool names_some = !config.rules_files.empty();
    std::erase_if(config.rules_files, [&](const std::string& path) {
        const bool missing = !std::filesystem::exists(path);
        if (missing) config.missing_rules_files.push_back(path);
        return missing;
    });
    if (names_some) return;
    for (const char* path : kDefaultRules) {
        if (std::filesystem::exists(path)) config.rules_files.emplace_back(path);
    }
}

}  // namespace

std::string config_path(const CommandLine& line) {
    if (!line.config_file.empty()) return line.config_file;
    return access(kDefaultConfig, R_OK) == 0 ? kDefaultConfig : "";
}

Result<Config> read_config(const CommandLine& line) {
    Config config;
    if (const std::string path = config_path(line); !path.empty()) {
        if (auto done = config.read_file(path); !done) return std::unexpected(done.error());
    }
    for (const std::string& assignment : line.assignments) {
        if (auto done = config.set(assignment); !done) return std::unexpected(done.error());
    }
    choose_rules_files(line, config);
    if (line.unbuffered) config.buffered_outputs = false;
    return config;
}

}  // namespace saker::cli
