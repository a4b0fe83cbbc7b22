// SPDX-License-Identifier: Apache-2.0
#include "container/resources.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "util/number.h"

namespace saker::container {

namespace {

constexpr std::uint32_t kMaxCpus = 1 << 16;  // more than any kernel knows

// Writers put 0 for what nobody has asked for, and -1 for what is to have no limit.
void take(Json json, std::int64_t& value) {
    const auto told = json.integer();
    if (told && *told > 0) value = *told;
}

std::pair<std::string_view, std::string_view> split(std::string_view text, char separator) {
    const auto at = text.find(separator);
    if (at == text.npos) return {text, {}};
    return {text.substr(0, at), text.substr(at + 1)};
}

// "3" or "0-3"
std::int64_t count_range(std::string_view range) {
    const auto [first, last] = split(range, '-');
    const auto begin = text::parse_number<std::uint32_t>(first);
    const auto end = last.empty() ? begin : text::parse_number<std::uint32_t>(last);
    return !begin || !end || *end < *begin || *end >= kMaxCpus ? 0 : *end - *begin + 1;
}

}  // namespace

std::int64_t count_cpus(std::string_view list) {
    std::int64_t count = 0;
    while (!list.empty()) {
        const auto [range, rest] = split(list, ',');
        count += count_range(range);
        list = rest;
    }
    return std::min<std::int64_t>(count, kMaxCpus);
}

Limits limits_of_bundle(Json resources) {
    Limits limits;
    const Json cpu = resources["cpu"];
    take(cpu["shares"], limits.cpu_shares);
    take(cpu["period"], limits.cpu_period);
    take(cpu["quota"], limits.cpu_quota);
    limits.cpuset_cpus = count_cpus(cpu["cpus"].view());
    take(resources["memory"]["limit"], limits.memory);
    take(resources["memory"]["swap"], limits.swap);
    return limits;
}

Limits limits_of_host_config(Json config) {
    Limits limits;
    take(config["CpuShares"], limits.cpu_shares);
    take(config["CpuPeriod"], limits.cpu_period);
    take(config["CpuQuota"], limits.cpu_quota);
    // `docker run --cpus`, in billionths; the period that goes with it is always that of Limits.
    if (const auto nano = config["NanoCpus"].integer(); nano && *nano > 0) {
        limits.cpu_quota = *nano / (1'000'000'000 / Limits{}.cpu_period);
    }
    limits.cpuset_cpus = count_cpus(config["CpusetCpus"].view());
    take(config["Memory"], limits.memory);
    take(config["MemorySwap"], limits.swap);
    return limits;
}

std::vector<PortMapping> ports_of(Json bindings) {
    std::vector<PortMapping> ports;
    bindings.each_member([&](std::string_view name, Json hosts) {
        const auto inner = text::parse_number<std::uint16_t>(split(name, '/').first);
        hosts.each([&](Json host) {
            const auto outer = text::parse_number<std::uint16_t>(host["HostPort"].view());
            if (!inner || !outer || ports.size() >= kMaxPorts) return;
            ports.push_back({host["HostIp"].text(), *outer, *inner});
        });
    });
    return ports;
}

}  // namespace saker::container
