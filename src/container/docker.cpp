// SPDX-License-Identifier: Apache-2.0
#include "container/image_name.h"
#include "container/resources.h"
#include "container/sources.h"
#include "fmt/core.h"

// What dockerd keeps in its data root (moby: daemon/container, image/store.go). Not a promised
// format, but one that has not changed since 2015.
namespace saker::container {

namespace {

constexpr const char* kDefaultRoot = "/var/lib/docker";

std::string_view without_prefix(std::string_view text, std::string_view prefix) {
    return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

std::vector<Mount> mounts_of(Json config) {
    std::vector<Mount> mounts;
    config["MountPoints"].each_member([&](std::string_view, Json json) {
        mounts.push_back({.source = json["Source"].text(),
                          .destination = json["Destination"].text(),
                          .mode = json["Relabel"].text(),  // so is `Mode` called in the file
                          .propagation = json["Propagation"].text(),
                          .writable = json["RW"].boolean().value_or(true)});
    });
    return mounts;
}

std::string address_of(Json config) {
    std::string address;
    config["NetworkSettings"]["Networks"].each_member([&](std::string_view, Json network) {
        if (address.empty()) address = network["IPAddress"].text();
    });
    return address;
}

void apply_config(Json config, Facts& facts) {
    facts.name = without_prefix(config["Name"].view(), "/");
    set_image(facts, config["Config"]["Image"].view());
    facts.image_id = without_prefix(config["Image"].view(), "sha256:");
    facts.user = config["Config"]["User"].text();
    facts.created = config["Created"].text();
    // The bundle's has what Docker adds to it, too.
    if (facts.env.empty()) facts.env = config["Config"]["Env"].texts(Facts::kMaxEnvBytes);
    facts.labels = config["Config"]["Labels"].labels();
    facts.mounts = mounts_of(config);
    facts.ip = address_of(config);
    facts.ports = ports_of(config["NetworkSettings"]["Ports"]);
    apply_annotations(facts.labels, facts);
}

void apply_host_config(Json config, Facts& facts) {
    if (const auto privileged = config["Privileged"].boolean()) facts.privileged = privileged;
    facts.host_pid = config["PidMode"].view() == "host";
    facts.host_network = config["NetworkMode"].view() == "host";
    facts.host_ipc = config["IpcMode"].view() == "host";
    if (!facts.limits) facts.limits = limits_of_host_config(config);
    // Before the container has started, what was asked for.
    if (facts.ports.empty()) facts.ports = ports_of(config["PortBindings"]);
}

// A container that was started by an image's id has no name for it, but the daemon may.
bool is_named_by_id(const Facts& facts) {
    return facts.repository.empty() || facts.image_id.starts_with(facts.repository);
}

// {"Repositories":{"busybox":{"busybox:latest":"sha256:ID","busybox@sha256:DIGEST":"sha256:ID"}}}
void apply_repositories(Json repositories, Facts& facts) {
    const bool by_id = is_named_by_id(facts);
    repositories.each_member([&](std::string_view repository, Json names) {
        if (!by_id && repository != facts.repository) return;
        names.each_member([&](std::string_view name, Json id) {
            if (without_prefix(id.view(), "sha256:") != facts.image_id) return;
            const ImageName parts = parse_image_name(name);
            if (by_id) facts.repository = parts.repository;
            if (facts.tag.empty()) facts.tag = parts.tag;
            if (facts.digest.empty()) facts.digest = parts.digest;
        });
    });
}

}  // namespace

void read_docker(Inquiry& inquiry) {
    const std::string root = inquiry.docker_root.empty() ? kDefaultRoot : inquiry.docker_root;
    const std::string folder = fmt::format("{}/containers/{}", root, inquiry.request.id.full_id);
    const std::string text = inquiry.read(folder + "/config.v2.json");
    const JsonFile config(text);
    if (!config.root()) return;
    apply_config(config.root(), inquiry.facts);
    const JsonFile host(inquiry.read(folder + "/hostconfig.json"));
    if (host.root()) apply_host_config(host.root(), inquiry.facts);
    const std::string images =
        fmt::format("{}/image/{}/repositories.json", root, config.root()["Driver"].view());
    const JsonFile repositories(inquiry.read(images, kMaxListBytes));
    apply_repositories(repositories.root()["Repositories"], inquiry.facts);
}

}  // namespace saker::container
