// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "container/facts.h"
#include "container/json_file.h"

// What a container was given of the machine, as runtimes write it down. Where nothing is said, or
// nonsense, the values are those of a container without limits.
namespace saker::container {

// `linux.resources` of the OCI runtime specification (config-linux.md).
Limits limits_of_bundle(Json resources);
// `HostConfig` of Docker's API (docs.docker.com/reference/api/engine), and of hostconfig.json.
Limits limits_of_host_config(Json config);

// {"80/tcp":[{"HostIp":"","HostPort":"8080"}]}: `PortBindings` of HostConfig and `Ports` of
// NetworkSettings. The first kMaxPorts.
inline constexpr std::size_t kMaxPorts = 256;
std::vector<PortMapping> ports_of(Json bindings);

// How many processors a list such as "0-3,7" names; 0 where it is none.
std::int64_t count_cpus(std::string_view list);

}  // namespace saker::container
