// SPDX-License-Identifier: Apache-2.0
#include "cli/missing_flags.h"

#include <algorithm>
#include <iterator>

namespace saker::cli {

namespace {

struct MissingFlag {
    std::string_view name;
    std::string_view instead;
};

constexpr std::string_view kRulesOff =
    "turn rules off in a rules file, with `enabled: false` and `override`";
constexpr std::string_view kOneProbe = "leave it out: there is one probe, and it is built in";
constexpr std::string_view kOneSource = "leave it out: `syscall` is the only event source";
constexpr std::string_view kNoCaptures = "capture files cannot be read";
constexpr std::string_view kNoPlugins =
    "leave it out: there are no plugins, the fields of `container` are built in";
constexpr std::string_view kFromFiles =
    "leave it out: facts about containers come from their runtimes' files (docs/containers.md)";

// Those of today, and older ones that still stand in scripts and units.
constexpr MissingFlag kMissing[] = {
    {"--config-schema", "`saker schema config`"},
    {"--rule-schema", "`saker schema rules`"},
    {"--disable-source", kOneSource},
    {"--enable-source", kOneSource},
    {"--format", "`saker list fields --format json`, and likewise of events"},
    {"--list-plugins", kNoPlugins},
    {"--plugin-info", kNoPlugins},
    {"--page-size", "`getconf PAGESIZE`"},
    {"--pidfile", "let the service manager keep the pid"},
    {"-P", "let the service manager keep the pid"},
    {"--support", "`saker --version`, `saker list rules --format json` and the log's first lines"},
    {"--verbose", "leave it out: the summary and the ledger are always shown"},
    {"-v", "leave it out: the summary and the ledger are always shown"},
    {"-i", "leave it out: what the rules need is watched, and nothing else"},
    {"-A", "leave it out: what the rules need is watched, and nothing else"},
    {"-t", kRulesOff},
    {"-T", kRulesOff},
    {"-D", kRulesOff},
    {"-e", kNoCaptures},
    {"--modern-bpf", kOneProbe},
    {"--nodriver", kOneProbe},
    {"--cri", kFromFiles},
    {"--disable-cri-async", kFromFiles},
    {"-k", kFromFiles},
    {"-K", kFromFiles},
};

}  // namespace

std::string_view instead_of(std::string_view argument) {
    const std::string_view name = argument.substr(0, argument.find('='));
    const auto* found = std::ranges::find(kMissing, name, &MissingFlag::name);
    return found == std::end(kMissing) ? std::string_view() : found->instead;
}

}  // namespace saker::cli
