// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "util/passwd.h"

namespace saker::container {

// Sorted by key, each once.
using Labels = std::vector<std::pair<std::string, std::string>>;

// The value of a label; nullptr if there is none.
const std::string* find_label(const Labels& labels, std::string_view key);
// Sorts, keeps the first of each key, and drops values longer than `max_value` bytes.
void tidy_labels(Labels& labels, std::size_t max_value);

// A folder or file of the host that a container sees.
struct Mount {
    std::string source;
    std::string destination;
    std::string mode;  // as the user wrote it: "ro", "z", ...; often empty
    std::string propagation;
    bool writable = true;

    // source:destination:mode:true:propagation
    std::string text() const;
    bool operator==(const Mount&) const = default;
};

// A port of the container that is reached through one of the host.
struct PortMapping {
    std::string host_ip;  // empty: all addresses
    std::uint16_t host_port = 0;
    std::uint16_t container_port = 0;
    bool operator==(const PortMapping&) const = default;
};

// How much of the machine a container may use. What nobody has limited has the kernel's value.
struct Limits {
    std::int64_t cpu_shares = 1024;    // its weight beside others
    std::int64_t cpu_period = 100000;  // us
    std::int64_t cpu_quota = 0;        // us of each period; 0: all
    std::int64_t cpuset_cpus = 0;      // how many it is bound to; 0: to none
    std::int64_t memory = 0;           // bytes; 0: all
    std::int64_t swap = 0;             // bytes, with those of memory; 0: all, or as much as memory
    bool operator==(const Limits&) const = default;
};

struct Pod {
    std::string name;
    std::string name_space;
    std::string uid;
    std::string sandbox_id;  // whole
    std::string ip;
    std::string cni_json;
    Labels labels;
    // False of a container that is of no pod.
    bool is_known() const { return !name.empty() || !uid.empty() || !sandbox_id.empty(); }
    bool operator==(const Pod&) const = default;
};

// What a container's runtime knows of it. An empty text, and nullopt, is what could not be found
// out. All of it was written by the runtime; but names, labels and paths were chosen by whoever
// started the container, and users by the container itself: nothing is escaped yet.
struct Facts {
    static constexpr std::size_t kMaxEnvBytes = std::size_t{8} << 10;

    std::string name;
    std::string image;       // as it was asked for
    std::string repository;  // without tag and digest
    std::string tag;
    std::string digest;    // sha256:...
    std::string image_id;  // without sha256:
    std::string user;      // as it was asked for
    std::string ip;
    std::string cni_json;
    std::string created;  // RFC 3339
    std::optional<bool> privileged;
    std::optional<bool> host_pid;
    std::optional<bool> host_network;
    std::optional<bool> host_ipc;
    bool is_sandbox = false;  // holds a pod's namespaces, runs nothing of the user's
    std::optional<std::vector<Mount>> mounts;
    std::optional<Limits> limits;
    std::vector<PortMapping> ports;
    std::vector<std::string> env;  // NAME=VALUE, the first kMaxEnvBytes
    Labels labels;
    Pod pod;

    // The container's own names of users and groups; nullopt: its files could not be read.
    std::optional<UserTable> users;
    std::optional<GroupTable> groups;

    // Something that might have told more was there, but could not be read for missing rights.
    bool denied = false;
    // A service that might have told more did not answer in time: it is worth another question.
    bool unanswered = false;
};

}  // namespace saker::container
