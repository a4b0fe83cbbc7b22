// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "container/grpc_call.h"
#include "container/protobuf.h"
#include "container/sources.h"

// What only a running containerd tells: its own API for names, images and labels, and its CRI
// service for the addresses of pods. CRI-O's service is the same one.
namespace saker::container {

namespace {

// Where containerd listens unless it is told otherwise.
constexpr std::array kContainerdSockets = {"/run/containerd/containerd.sock",
                                           "/run/k3s/containerd/containerd.sock",
                                           "/run/host-containerd/containerd.sock"};
constexpr std::array kNamespaces = {"k8s.io", "default", "moby"};

// containerd: api/services/containers/v1/containers.proto
constexpr std::string_view kGetContainer = "/containerd.services.containers.v1.Containers/Get";
constexpr std::uint32_t kRequestId = 1;
constexpr std::uint32_t kResponseContainer = 1;
constexpr std::uint32_t kContainerLabels = 2;
constexpr std::uint32_t kContainerImage = 3;

// k8s.io/cri-api: pkg/apis/runtime/v1/api.proto
constexpr std::string_view kPodStatus = "/runtime.v1.RuntimeService/PodSandboxStatus";
constexpr std::uint32_t kRequestVerbose = 2;  // with `info`, which is the service's own
constexpr std::uint32_t kStatus = 1;
constexpr std::uint32_t kInfo = 2;
constexpr std::uint32_t kStatusNetwork = 5;
constexpr std::uint32_t kNetworkIp = 1;
constexpr std::uint32_t kStatusLabels = 7;

class Containerd {
public:
    Containerd(Inquiry& inquiry, std::string socket)
        : inquiry_(inquiry), socket_(std::move(socket)) {}

    // The container as the API has it; empty if there is none.
    std::string get(const std::string& id, std::string_view name_space) {
        std::string request;
        append_proto(request, kRequestId, id);
        std::string answer;
        call({.socket = socket_,
              .method = kGetContainer,
              .metadata_name = "containerd-namespace",
              .metadata_value = name_space,
              .message = request},
             answer);
        return std::string(proto_bytes(answer, kResponseContainer));
    }

    std::string pod_status(const std::string& id) {
        std::string request;
        append_proto(request, kRequestId, id);
        append_proto(request, kRequestVerbose, std::uint64_t{1});
        std::string answer;
        call({.socket = socket_, .method = kPodStatus, .message = request}, answer);
        return answer;
    }

    // Somebody is there and answers: other sockets need not be tried.
    bool answers() const { return answers_; }

private:
    void call(GrpcCall call, std::string& answer) {
        if (!inquiry_.may_ask(socket_)) return;
        call.timeout_ms = inquiry_.sockets.timeout_ms();
        const ServiceStatus status = grpc_call(inquiry_.root, call, answer);
        inquiry_.note(socket_, status);
        if (status == ServiceStatus::kDone || status == ServiceStatus::kError) answers_ = true;
    }

    Inquiry& inquiry_;
    std::string socket_;
    bool answers_ = false;
};

// nerdctl's and CRI's labels are read as annotations are.
void apply_container(std::string_view container, Facts& facts) {
    const std::string_view image = proto_bytes(container, kContainerImage);
    if (facts.image.empty() && !image.empty()) set_image(facts, image);
    Labels labels = proto_labels(container, kContainerLabels);
    apply_annotations(labels, facts);
    facts.labels = std::move(labels);
}

void apply_pod(Containerd& containerd, Facts& facts) {
    if (facts.pod.sandbox_id.empty()) return;
    apply_pod_status(containerd.pod_status(facts.pod.sandbox_id), facts.pod);
}

// What the network plugins have made: {"cniResult":{"Interfaces":{...},...},...} under "info", the
// key of both services.
std::string cni_of(std::string_view response) {
    std::string interfaces;
    for (const auto& [key, text] : proto_labels(response, kInfo)) {
        if (key != "info") continue;
        const JsonFile info(text);
        interfaces = info.root()["cniResult"]["Interfaces"].minified();
    }
    return interfaces == "null" ? "" : interfaces;
}

std::vector<std::string> namespaces_of(const Request& request) {
    if (!request.hint.containerd_namespace.empty()) return {request.hint.containerd_namespace};
    const std::string_view path = request.cgroup;
    for (const std::string_view name : kNamespaces) {
        if (path.starts_with('/') && path.substr(1).starts_with(name)) return {std::string(name)};
    }
    return {kNamespaces.begin(), kNamespaces.end()};
}

std::vector<std::string> sockets_of(const Request& request) {
    constexpr std::string_view kScheme = "unix://";
    std::string hint = request.hint.containerd_socket;
    if (hint.starts_with(kScheme)) hint.erase(0, kScheme.size());
    if (!hint.empty()) return {hint};
    return {kContainerdSockets.begin(), kContainerdSockets.end()};
}

}  // namespace

void apply_pod_status(std::string_view response, Pod& pod) {
    const std::string_view status = proto_bytes(response, kStatus);
    if (pod.labels.empty()) pod.labels = proto_labels(status, kStatusLabels);
    if (pod.ip.empty()) pod.ip = proto_bytes(proto_bytes(status, kStatusNetwork), kNetworkIp);
    if (pod.cni_json.empty()) pod.cni_json = cni_of(response);
}

void read_containerd(Inquiry& inquiry) {
    Facts& facts = inquiry.facts;
    for (const std::string& socket : sockets_of(inquiry.request)) {
        Containerd containerd(inquiry, socket);
        for (const std::string& name_space : namespaces_of(inquiry.request)) {
            const std::string found = containerd.get(inquiry.request.id.full_id, name_space);
            if (!found.empty()) apply_container(found, facts);
            if (!found.empty() || !containerd.answers()) break;
        }
        apply_pod(containerd, facts);
        if (containerd.answers()) break;
    }
    // A container of `ctr` has no other name.
    if (facts.name.empty() && !facts.image.empty()) facts.name = inquiry.request.id.full_id;
}

void read_crio(Inquiry& inquiry) {
    Containerd crio(inquiry, "/run/crio/crio.sock");
    apply_pod(crio, inquiry.facts);
}

}  // namespace saker::container
