// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "container/http_get.h"
#include "container/resources.h"
#include "container/sources.h"
#include "fmt/core.h"

// What only a running Docker or Podman tells: GET /containers/ID/json of Docker's API
// (docs.docker.com/reference/api/engine), which Podman's service has too. Podman's files know of no
// labels and no address; Docker's know all, but may be out of reach.
namespace saker::container {

namespace {

constexpr std::array kDockerSockets = {"/run/docker.sock", "/var/run/docker.sock"};
constexpr const char* kPodmanSocket = "/run/podman/podman.sock";

// Takes what is not known yet.
void fill(std::string& known, std::string&& told) {
    if (known.empty()) known = std::move(told);
}

void fill(std::optional<bool>& known, std::optional<bool> told) {
    if (!known) known = told;
}

std::vector<Mount> mounts_of(Json mounts) {
    std::vector<Mount> all;
    mounts.each([&](Json json) {
        all.push_back({.source = json["Source"].text(),
                       .destination = json["Destination"].text(),
                       .mode = json["Mode"].text(),
                       .propagation = json["Propagation"].text(),
                       .writable = json["RW"].boolean().value_or(true)});
    });
    return all;
}

std::string without_prefix(std::string text, std::string_view prefix) {
    if (text.starts_with(prefix)) text.erase(0, prefix.size());
    return text;
}

std::string address_of(Json settings) {
    std::string address = settings["IPAddress"].text();
    settings["Networks"].each_member([&](std::string_view, Json network) {
        if (address.empty()) address = network["IPAddress"].text();
    });
    return address;
}

void apply_host_config(Json config, Facts& facts) {
    if (!config) return;
    fill(facts.privileged, config["Privileged"].boolean());
    fill(facts.host_pid, config["PidMode"].view() == "host");
    fill(facts.host_network, config["NetworkMode"].view() == "host");
    fill(facts.host_ipc, config["IpcMode"].view() == "host");
    if (!facts.limits) facts.limits = limits_of_host_config(config);
    if (facts.ports.empty()) facts.ports = ports_of(config["PortBindings"]);
}

// The service's socket of the user in whose part of the cgroups' tree a rootless container lives
// (/user.slice/user-1000.slice/...).
std::string users_socket(std::string_view cgroup, std::string_view name) {
    constexpr std::string_view kSlice = "/user-";
    const auto at = cgroup.find(kSlice);
    if (at == cgroup.npos) return {};
    const char* begin = cgroup.data() + at + kSlice.size();
    unsigned uid = 0;
    const auto [end, error] = std::from_chars(begin, cgroup.data() + cgroup.size(), uid);
    const bool is_slice =
        std::string_view(end, cgroup.data() + cgroup.size()).starts_with(".slice/");
    return error == std::errc{} && is_slice ? fmt::format("/run/user/{}/{}", uid, name) : "";
}

// True if the service answered, whatever it said.
bool ask(Inquiry& inquiry, const std::string& socket) {
    if (socket.empty() || !inquiry.may_ask(socket)) return false;
    const std::string target = fmt::format("/containers/{}/json", inquiry.request.id.full_id);
    std::string answer;
    const ServiceStatus status = http_get(
        inquiry.root,
        {.socket = socket, .target = target, .timeout_ms = inquiry.sockets.timeout_ms()}, answer);
    inquiry.note(socket, status);
    if (status == ServiceStatus::kDone) apply_inspection(JsonFile(answer).root(), inquiry.facts);
    return status == ServiceStatus::kDone || status == ServiceStatus::kError;
}

}  // namespace

void apply_inspection(Json container, Facts& facts) {
    const Json config = container["Config"];
    fill(facts.name, without_prefix(container["Name"].text(), "/"));
    if (facts.image.empty()) set_image(facts, config["Image"].view());
    fill(facts.image_id, without_prefix(container["Image"].text(), "sha256:"));
    fill(facts.user, config["User"].text());
    fill(facts.created, container["Created"].text());
    fill(facts.ip, address_of(container["NetworkSettings"]));
    if (facts.labels.empty()) facts.labels = config["Labels"].labels();
    if (facts.env.empty()) facts.env = config["Env"].texts(Facts::kMaxEnvBytes);
    if (facts.ports.empty()) facts.ports = ports_of(container["NetworkSettings"]["Ports"]);
    if (!facts.mounts && container["Mounts"]) facts.mounts = mounts_of(container["Mounts"]);
    apply_host_config(container["HostConfig"], facts);
    apply_annotations(facts.labels, facts);
}

void read_docker_service(Inquiry& inquiry) {
    for (const char* socket : kDockerSockets) {
        if (ask(inquiry, socket)) return;
    }
    ask(inquiry, users_socket(inquiry.request.cgroup, "docker.sock"));
}

void read_podman_service(Inquiry& inquiry) {
    const std::string users = users_socket(inquiry.request.cgroup, "podman/podman.sock");
    ask(inquiry, users.empty() ? kPodmanSocket : users);
}

}  // namespace saker::container
