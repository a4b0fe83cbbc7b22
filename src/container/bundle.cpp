// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "container/resources.h"
#include "container/sources.h"
#include "fmt/core.h"

// The OCI runtime specification's config.json (github.com/opencontainers/runtime-spec, config.md).
namespace saker::container {

namespace {

// Where runtimes put bundles unless they are told otherwise; {} is the whole id.
constexpr std::array kBundles = {
    "/run/containerd/io.containerd.runtime.v2.task/k8s.io/{}",
    "/run/containerd/io.containerd.runtime.v2.task/moby/{}",
    "/run/containerd/io.containerd.runtime.v2.task/default/{}",
    "/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/{}",
    "/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/{}",
    "/run/containers/storage/overlay-containers/{}/userdata",
    "/var/lib/containers/storage/overlay-containers/{}/userdata",
    "/var/lib/containers/storage/vfs-containers/{}/userdata",
    "/var/lib/containers/storage/btrfs-containers/{}/userdata",
};

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> all) {
    return std::ranges::find(all, text) != all.end();
}

bool is_propagation(std::string_view option) {
    return is_one_of(option, {"private", "rprivate", "shared", "rshared", "slave", "rslave",
                              "unbindable", "runbindable"});
}

struct BoundMount {
    Mount mount;
    bool is_bind = false;
};

BoundMount mount_of(Json json) {
    BoundMount bound;
    bound.mount.source = json["source"].text();
    bound.mount.destination = json["destination"].text();
    bound.is_bind = json["type"].view() == "bind";
    json["options"].each([&](Json option) {
        const std::string_view name = option.view();
        if (name == "bind" || name == "rbind") bound.is_bind = true;
        if (name == "ro") bound.mount.mode = "ro";
        if (name == "ro") bound.mount.writable = false;
        if (is_propagation(name)) bound.mount.propagation = name;
    });
    return bound;
}

// Folders of the host, without what the runtime makes for each container (hosts, resolv.conf):
// their paths hold its id, or that of its pod's sandbox.
std::vector<Mount> mounts_of(Json config, const std::string& id, const std::string& sandbox) {
    std::vector<Mount> mounts;
    config["mounts"].each([&](Json json) {
        BoundMount bound = mount_of(json);
        const std::string& source = bound.mount.source;
        const bool own = source.find(id) != source.npos ||
                         (!sandbox.empty() && source.find(sandbox) != source.npos);
        if (bound.is_bind && !own) mounts.push_back(std::move(bound.mount));
    });
    return mounts;
}

// A namespace is the host's if the container gets no other: none of its own, and none by name but
// that of init.
bool shares_with_host(Json config, std::string_view type) {
    bool shares = true;
    config["linux"]["namespaces"].each([&](Json json) {
        const std::string_view path = json["path"].view();
        if (json["type"].view() == type && !path.starts_with("/proc/1/ns/")) shares = false;
    });
    return shares;
}

bool is_empty(Json array) {
    bool empty = true;
    array.each([&](Json) { empty = false; });
    return empty;
}

// The specification has no word for it. It means: the capability that stands for most others, all
// devices, and nothing of /proc and /sys hidden or read-only.
bool is_privileged(Json config) {
    bool admin = false;
    config["process"]["capabilities"]["bounding"].each(
        [&](Json name) { admin = admin || name.view() == "CAP_SYS_ADMIN"; });
    bool all_devices = false;
    config["linux"]["resources"]["devices"].each([&](Json rule) {
        const bool every =
            is_one_of(rule["type"].view(), {"", "a"}) && rule["access"].view() == "rwm";
        if (every) all_devices = rule["allow"].boolean().value_or(false);
    });
    return admin && all_devices && is_empty(config["linux"]["maskedPaths"]) &&
           is_empty(config["linux"]["readonlyPaths"]);
}

std::string user_of(Json config) {
    const std::string uid = config["process"]["user"]["uid"].minified();
    const std::string gid = config["process"]["user"]["gid"].minified();
    return gid.empty() || gid == "0" ? uid : fmt::format("{}:{}", uid, gid);
}

// Docker binds hosts and hostname from its folder of the container: so its data root is known.
std::string docker_root_of(Json config, const std::string& id) {
    const std::string inside = "/containers/" + id + "/";
    std::string root;
    config["mounts"].each([&](Json json) {
        const std::string_view source = json["source"].view();
        const auto at = source.find(inside);
        if (root.empty() && at != source.npos) root = source.substr(0, at);
    });
    return root;
}

void apply_config(Json config, Inquiry& inquiry) {
    Facts& facts = inquiry.facts;
    const std::string& id = inquiry.request.id.full_id;
    facts.privileged = is_privileged(config);
    facts.host_pid = shares_with_host(config, "pid");
    facts.host_network = shares_with_host(config, "network");
    facts.host_ipc = shares_with_host(config, "ipc");
    facts.user = user_of(config);
    facts.limits = limits_of_bundle(config["linux"]["resources"]);
    facts.env = config["process"]["env"].texts(Facts::kMaxEnvBytes);
    apply_annotations(config["annotations"].labels(), facts);
    facts.mounts = mounts_of(config, id, facts.pod.sandbox_id);
    inquiry.docker_root = docker_root_of(config, id);
    inquiry.root_path = config["root"]["path"].text();
    if (!inquiry.root_path.empty() && !inquiry.root_path.starts_with('/')) {
        inquiry.root_path = inquiry.bundle + "/" + inquiry.root_path;
    }
}

std::string config_in(Inquiry& inquiry, const std::string& bundle) {
    return inquiry.read(bundle + "/config.json");
}

// The text of config.json, from the first bundle that has one.
std::string find_config(Inquiry& inquiry) {
    const Request& request = inquiry.request;
    std::vector<std::string> folders;
    if (!request.hint.bundle.empty()) folders.push_back(request.hint.bundle);
    for (const char* pattern : kBundles) {
        folders.push_back(fmt::format(fmt::runtime(pattern), request.id.full_id));
    }
    for (const std::string& folder : folders) {
        std::string text = config_in(inquiry, folder);
        if (text.empty()) continue;
        inquiry.bundle = folder;
        return text;
    }
    return {};
}

// A container of a pod is handed the namespaces of the pod's sandbox: only the sandbox's own
// bundle, beside that of the container, tells whether they are the host's; and it has the pod's
// labels.
void apply_sandbox(Inquiry& inquiry) {
    Facts& facts = inquiry.facts;
    const std::string& id = inquiry.request.id.full_id;
    const auto at = inquiry.bundle.find(id);
    if (facts.pod.sandbox_id.empty() || facts.pod.sandbox_id == id || at == std::string::npos) {
        return;
    }
    std::string folder = inquiry.bundle;
    folder.replace(at, id.size(), facts.pod.sandbox_id);
    const JsonFile file(config_in(inquiry, folder));
    if (!file.root()) return;
    facts.host_network = shares_with_host(file.root(), "network");
    Facts sandbox;
    apply_annotations(file.root()["annotations"].labels(), sandbox);
    if (facts.pod.labels.empty()) facts.pod.labels = std::move(sandbox.labels);
    if (facts.pod.ip.empty()) facts.pod.ip = sandbox.pod.ip;
    if (facts.pod.cni_json.empty()) facts.pod.cni_json = sandbox.pod.cni_json;
}

}  // namespace

void read_bundle(Inquiry& inquiry) {
    const std::string text = find_config(inquiry);
    if (text.empty()) return;
    const JsonFile file(text);
    if (!file.root()) return;
    apply_config(file.root(), inquiry);
    if (inquiry.facts.is_sandbox) inquiry.facts.pod.labels = inquiry.facts.labels;
    apply_sandbox(inquiry);
}

}  // namespace saker::container
