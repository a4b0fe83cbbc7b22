// SPDX-License-Identifier: Apache-2.0
#include "container/announcement.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/time/time.h"
#include "util/json.h"

namespace saker::container {

namespace {

// The plugin's numbers of runtimes.
struct RuntimeNumber {
    std::string_view runtime;
    std::int64_t number;
};
constexpr RuntimeNumber kRuntimes[] = {{"docker", 0}, {"lxc", 1},        {"libvirt-lxc", 2},
                                       {"cri", 6},    {"containerd", 7}, {"cri-o", 8},
                                       {"bpm", 9},    {"podman", 11}};
constexpr std::int64_t kOtherRuntime = 0xffff;

std::int64_t number_of(std::string_view runtime) {
    const auto* row = std::ranges::find(kRuntimes, runtime, &RuntimeNumber::runtime);
    return row == std::end(kRuntimes) ? kOtherRuntime : row->number;
}

struct NamedText {
    std::string_view key;
    std::string Facts::* member;
};
constexpr NamedText kTexts[] = {
    {"name", &Facts::name},         {"image", &Facts::image},
    {"imageid", &Facts::image_id},  {"imagerepo", &Facts::repository},
    {"imagetag", &Facts::tag},      {"imagedigest", &Facts::digest},
    {"User", &Facts::user},         {"ip", &Facts::ip},
    {"cni_json", &Facts::cni_json},
};

struct NamedTruth {
    std::string_view key;
    std::optional<bool> Facts::* member;
};
constexpr NamedTruth kTruths[] = {
    {"privileged", &Facts::privileged},
    {"host_pid", &Facts::host_pid},
    {"host_network", &Facts::host_network},
    {"host_ipc", &Facts::host_ipc},
};

struct NamedNumber {
    std::string_view key;
    std::int64_t Limits::* member;
};
constexpr NamedNumber kLimits[] = {
    {"cpu_period", &Limits::cpu_period}, {"cpu_quota", &Limits::cpu_quota},
    {"cpu_shares", &Limits::cpu_shares}, {"cpuset_cpu_count", &Limits::cpuset_cpus},
    {"memory_limit", &Limits::memory},   {"swap_limit", &Limits::swap},
};

class Writer {
public:
    Writer(std::string& out, std::size_t limit) : out_(out), json_(out), limit_(limit) {}

    void write(const Container& container) {
        json_.begin_object().key("container").begin_object();
        json_.key("type").number(number_of(container.runtime));
        json_.key("id").string(container.id);
        json_.key("full_id").string(container.full_id);
        if (container.facts != nullptr) write(*container.facts);
        json_.end_object().end_object();
    }

private:
    void write(const Facts& facts) {
        for (const NamedText& text : kTexts) {
            if (has_room((facts.*text.member).size()))
                json_.key(text.key).string(facts.*text.member);
        }
        if (absl::Time created;
            absl::ParseTime(absl::RFC3339_full, facts.created, &created, nullptr)) {
            json_.key("created_time").number(absl::ToUnixSeconds(created));
        }
        for (const NamedTruth& truth : kTruths) {
            const std::optional<bool>& known = facts.*truth.member;
            if (known) json_.key(truth.key).boolean(*known);
        }
        if (facts.limits) write(*facts.limits);
        json_.key("is_pod_sandbox").boolean(facts.is_sandbox);
        json_.key("pod_sandbox_id").string(facts.pod.sandbox_id);
        write("pod_sandbox_labels", facts.pod.labels);
        write("labels", facts.labels);
        write(facts.ports);
        if (facts.mounts) write(*facts.mounts);
        write_env(facts.env);
    }

    void write(const Limits& limits) {
        for (const NamedNumber& number : kLimits) {
            json_.key(number.key).number(limits.*number.member);
        }
    }

    void write(std::string_view key, const Labels& labels) {
        json_.key(key).begin_object();
        for (const auto& [name, value] : labels) {
            if (has_room(name.size() + value.size())) json_.key(name).string(value);
        }
        json_.end_object();
    }

    void write(const std::vector<Mount>& mounts) {
        json_.key("Mounts").begin_array();
        for (const Mount& mount : mounts) {
            if (!has_room(mount.source.size() + mount.destination.size())) continue;
            json_.begin_object();
            json_.key("Source").string(mount.source);
            json_.key("Destination").string(mount.destination);
            json_.key("Mode").string(mount.mode);
            json_.key("RW").boolean(mount.writable);
            json_.key("Propagation").string(mount.propagation);
            json_.end_object();
        }
        json_.end_array();
    }

    void write(const std::vector<PortMapping>& ports) {
        json_.key("port_mappings").begin_array();
        for (const PortMapping& port : ports) {
            if (!has_room(kPortBytes + port.host_ip.size())) continue;
            json_.begin_object();
            json_.key("HostIp").string(port.host_ip);
            json_.key("HostPort").number(std::int64_t{port.host_port});
            json_.key("ContainerPort").number(std::int64_t{port.container_port});
            json_.end_object();
        }
        json_.end_array();
    }

    void write_env(const std::vector<std::string>& env) {
        json_.key("env").begin_array();
        for (const std::string& one : env) {
            if (has_room(one.size())) json_.string(one);
        }
        json_.end_array();
    }

    // Of a port's keys and numbers.
    static constexpr std::size_t kPortBytes = 16;

    // Escaped, a byte takes up to six; brackets and keys are reckoned with generously.
    bool has_room(std::size_t bytes) const { return out_.size() + 6 * bytes + 1024 < limit_; }

    std::string& out_;
    json::Writer json_;
    std::size_t limit_;
};

}  // namespace

std::string announcement(const Container& container, std::size_t limit) {
    std::string out;
    Writer(out, limit).write(container);
    return out;
}

}  // namespace saker::container
