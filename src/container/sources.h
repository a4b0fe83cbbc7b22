// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "container/facts.h"
#include "container/json_file.h"
#include "container/request.h"
#include "container/service.h"
#include "container/sockets.h"
#include "util/root_folder.h"

// The places that tell about a container. Each adds to the facts what it knows; what it knows
// better than those before it, it replaces. A source that is not there leaves the facts as they
// are. Every file is read through the root (the prefix HOST_ROOT) by RootFolder's rules: regular
// files only, of bounded size.
namespace saker::container {

// Of one file. Larger than any that a runtime writes for one container.
inline constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20;
// Of the lists that hold all containers or images of a runtime.
inline constexpr std::size_t kMaxListBytes = std::size_t{8} << 20;

// What the sources share while they work on one request.
struct Inquiry {
    Inquiry(const Request& asked, const RootFolder& host, Sockets& services, Facts& found)
        : request(asked), root(host), sockets(services), facts(found) {}

    const Request& request;
    const RootFolder& root;
    Sockets& sockets;
    Facts& facts;
    // Found on the way, for those that come later.
    std::string bundle;       // the folder whose config.json was read
    std::string root_path;    // the container's root as the host sees it
    std::string docker_root;  // Docker's data root

    // A file's text; empty where it cannot be read. Remembers what was denied.
    std::string read(std::string_view path, std::size_t limit = kMaxFileBytes);

    // Whether a service is worth a question now: not if it was too slow just before.
    bool may_ask(const std::string& socket);
    // What came of one: remembers what was denied, and who was too slow.
    void note(const std::string& socket, ServiceStatus status);
};

// OCI bundle: config.json of the runtime specification, with what the annotations of containerd's
// CRI service, CRI-O, podman and nerdctl add.
void read_bundle(Inquiry& inquiry);
// Docker: config.v2.json, hostconfig.json, and repositories.json for the image's digest.
void read_docker(Inquiry& inquiry);
// Podman and CRI-O (containers/storage): containers.json and images.json.
void read_storage(Inquiry& inquiry);
// Kubernetes: /var/log/pods, whose folders are named after pods, for the pod of the cgroup's path.
void read_pod_logs(Inquiry& inquiry);
// lxc and libvirt: the name is the id.
void read_lxc(Inquiry& inquiry);
// containerd's socket: image and labels, and what its CRI service knows of the pod.
void read_containerd(Inquiry& inquiry);
// CRI-O's socket: the pod's labels and address, where the bundle does not tell.
void read_crio(Inquiry& inquiry);
// Docker's socket: all, where its files cannot be read.
void read_docker_service(Inquiry& inquiry);
// Podman's socket, which is the user's own where Podman is rootless: labels and address.
void read_podman_service(Inquiry& inquiry);
// The container's own passwd and group.
void read_users(Inquiry& inquiry);

// Annotations that Kubernetes' runtimes put into a bundle: names of pod, container and image.
void apply_annotations(const Labels& annotations, Facts& facts);

// A container as Docker's API shows it: adds what is not known yet.
void apply_inspection(Json container, Facts& facts);
// A pod as the CRI service shows it (PodSandboxStatusResponse): likewise.
void apply_pod_status(std::string_view response, Pod& pod);

// The pod's uid in a cgroup path (kubepods-...-pod<uid>.slice, kubepods/.../pod<uid>); empty if
// there is none.
std::string pod_uid_of_cgroup(std::string_view path);

// Fills repository, tag and digest from `image`.
void set_image(Facts& facts, std::string_view image);

}  // namespace saker::container
