// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>

#include "container/image_name.h"
#include "container/sources.h"

namespace saker::container {

namespace {

using Text = std::string_view;

template <std::string Facts::* member>
void fill(Facts& facts, Text value) {
    if ((facts.*member).empty()) facts.*member = value;
}

template <std::string Pod::* member>
void fill_pod(Facts& facts, Text value) {
    if ((facts.pod.*member).empty()) facts.pod.*member = value;
}

void fill_image(Facts& facts, Text value) {
    if (facts.image.empty()) set_image(facts, value);
}

void set_sandbox(Facts& facts, Text value) {
    facts.is_sandbox = facts.is_sandbox || value == "sandbox";
}

void set_privileged(Facts& facts, Text value) {
    facts.privileged = value == "TRUE" || value == "true";
}

// CRI-O keeps labels as a JSON object in an annotation. Those of a sandbox are the pod's.
void set_crio_labels(Facts& facts, Text value) {
    facts.labels = JsonFile(value).root().labels();
}

// {"name":"nginx","attempt":0}: the name as Kubernetes has it; the runtime's own is longer.
void set_crio_name(Facts& facts, Text value) {
    const JsonFile metadata(value);
    const std::string name = metadata.root()["name"].text();
    if (!name.empty()) facts.name = name;
}

struct Annotation {
    Text key;
    void (*set)(Facts& facts, Text value);
};

// Where two rows set the same, the first that is there counts.
constexpr Annotation kAnnotations[] = {
    // containerd's CRI service (pkg/cri/annotations)
    {"io.kubernetes.cri.container-name", fill<&Facts::name>},
    {"io.kubernetes.cri.container-type", set_sandbox},
    {"io.kubernetes.cri.image-name", fill_image},
    {"io.kubernetes.cri.sandbox-id", fill_pod<&Pod::sandbox_id>},
    {"io.kubernetes.cri.sandbox-name", fill_pod<&Pod::name>},
    {"io.kubernetes.cri.sandbox-namespace", fill_pod<&Pod::name_space>},
    {"io.kubernetes.cri.sandbox-uid", fill_pod<&Pod::uid>},
    // what the kubelet itself sets, as annotations (CRI-O) or labels (Docker)
    {"io.kubernetes.container.name", fill<&Facts::name>},
    {"io.kubernetes.pod.name", fill_pod<&Pod::name>},
    {"io.kubernetes.pod.namespace", fill_pod<&Pod::name_space>},
    {"io.kubernetes.pod.uid", fill_pod<&Pod::uid>},
    {"io.kubernetes.sandbox.id", fill_pod<&Pod::sandbox_id>},
    {"io.kubernetes.docker.type", set_sandbox},
    // CRI-O (pkg/annotations)
    {"io.kubernetes.cri-o.Metadata", set_crio_name},
    {"io.kubernetes.cri-o.ContainerType", set_sandbox},
    {"io.kubernetes.cri-o.ImageName", fill_image},
    {"io.kubernetes.cri-o.UserRequestedImage", fill_image},
    {"io.kubernetes.cri-o.SandboxID", fill_pod<&Pod::sandbox_id>},
    {"io.kubernetes.cri-o.KubeName", fill_pod<&Pod::name>},
    {"io.kubernetes.cri-o.Namespace", fill_pod<&Pod::name_space>},
    {"io.kubernetes.cri-o.IP.0", fill_pod<&Pod::ip>},
    {"io.kubernetes.cri-o.CNIResult", fill_pod<&Pod::cni_json>},
    {"io.kubernetes.cri-o.Labels", set_crio_labels},
    {"io.kubernetes.cri-o.Created", fill<&Facts::created>},
    // podman
    {"io.podman.annotations.privileged", set_privileged},
    // nerdctl
    {"nerdctl/name", fill<&Facts::name>},
};

// What runtimes write into annotations for themselves.
constexpr Text kRuntimesOwn[] = {"io.kubernetes.", "io.podman.",          "io.container.",
                                 "nerdctl/",       "org.opencontainers.", "org.systemd."};

bool is_runtimes_own(Text key) {
    return std::ranges::any_of(kRuntimesOwn, [&](Text prefix) { return key.starts_with(prefix); });
}

constexpr std::size_t kUidLength = 36;  // of a UUID as text

// The uid at the end of "kubepods-burstable-pod<uid>.slice" (with underscores) or "pod<uid>".
std::string uid_of_element(Text element) {
    if (element.ends_with(".slice")) element.remove_suffix(6);
    if (element.size() < kUidLength + 3) return {};
    const Text uid = element.substr(element.size() - kUidLength);
    const Text before = element.substr(0, element.size() - kUidLength);
    if (!before.ends_with("pod")) return {};
    std::string text(uid);
    std::ranges::replace(text, '_', '-');
    const bool is_uid = std::ranges::all_of(
        text, [](unsigned char c) { return std::isxdigit(c) != 0 || c == '-'; });
    return is_uid ? text : std::string();
}

}  // namespace

void set_image(Facts& facts, std::string_view image) {
    const ImageName parts = parse_image_name(image);
    facts.image = image;
    facts.repository = parts.repository;
    facts.tag = parts.tag;
    if (!parts.digest.empty()) facts.digest = parts.digest;
}

void apply_annotations(const Labels& annotations, Facts& facts) {
    for (const Annotation& row : kAnnotations) {
        for (const auto& [key, value] : annotations) {
            if (key == row.key && !value.empty()) row.set(facts, value);
        }
    }
    // containerd's clients put a container's labels there.
    if (!facts.labels.empty()) return;
    for (const auto& label : annotations) {
        if (!is_runtimes_own(label.first)) facts.labels.push_back(label);
    }
}

std::string pod_uid_of_cgroup(std::string_view path) {
    while (!path.empty()) {
        const auto slash = path.find('/');
        std::string uid = uid_of_element(path.substr(0, slash));
        if (!uid.empty()) return uid;
        path.remove_prefix(slash == path.npos ? path.size() : slash + 1);
    }
    return {};
}

// The folders are named NAMESPACE_POD_UID.
void read_pod_logs(Inquiry& inquiry) {
    constexpr std::size_t kMaxPods = 4096;
    constexpr Text kFolder = "/var/log/pods";
    Pod& pod = inquiry.facts.pod;
    if (pod.uid.empty()) pod.uid = pod_uid_of_cgroup(inquiry.request.cgroup);
    if (pod.uid.empty() || !pod.name.empty()) return;
    for (const std::string& name : inquiry.root.list(kFolder, kMaxPods)) {
        const auto end = name.rfind('_');
        const auto begin = name.find('_');
        if (end == name.npos || begin == end || Text(name).substr(end + 1) != pod.uid) continue;
        pod.name_space = name.substr(0, begin);
        pod.name = name.substr(begin + 1, end - begin - 1);
        return;
    }
}

}  // namespace saker::container
