// SPDX-License-Identifier: Apache-2.0
#include "container/container_id.h"

#include <string>
#include <vector>

#include "catch.h"

namespace saker::container {
namespace {

// Two ids of 64 digits; in the tables below %1 and %2 stand for them.
const std::string kFirst = "4f1c0a9be37d5c268af0b1d2e3f405162738495a6b7c8d9eaf0b1c2d3e4f5061";
const std::string kSecond = "b00b1e5deadbeef0123456789abcdef0fedcba9876543210f00dfeedc0ffee42";

std::string expand(std::string text) {
    for (const auto& [mark, id] : {std::pair{"%1", kFirst}, std::pair{"%2", kSecond}}) {
        for (auto at = text.find(mark); at != text.npos; at = text.find(mark)) {
            text.replace(at, 2, id);
        }
    }
    return text;
}

struct Case {
    std::string path;
    std::string full_id;
    std::string runtime;
};

TEST_CASE("A container's cgroup path gives its id and runtime") {
    const std::string pod =
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod6c_1.slice";
    const auto [path, full_id, runtime] = GENERATE_COPY(values<Case>({
        // docker
        {"/docker/%1", "%1", "docker"},
        {"/system.slice/docker-%1.scope", "%1", "docker"},
        {"/user.slice/user-1000.slice/user@1000.service/user.slice/docker-%1.scope", "%1",
         "docker"},
        {"/my-parent/%1", "%1", "docker"},
        {"/ecs/task/%1", "%1", "docker"},
        {"/system.slice:docker:%1", "%1", "docker"},
        {"/../../docker/%1", "%1", "docker"},
        {"/docker/%1/", "%1", "docker"},
        {"docker/%1", "%1", "docker"},
        {"/%1", "%1", "docker"},
        {"/moby/%1", "%1", "docker"},
        {"/docker/buildkit/x7k2m9", "x7k2m9", "buildkit"},
        // what runs inside does not hide the container
        {"/docker/%1/system.slice/nginx.service", "%1", "docker"},
        {"/docker/%1/init.scope", "%1", "docker"},
        // containers in containers: the innermost
        {"/docker/%1/docker/%2", "%2", "docker"},
        {"/docker/%1/kubepods/besteffort/podabc/%2", "%2", "containerd"},
        {"/docker/%1/kubelet.slice" + pod + "/cri-containerd-%2.scope", "%2", "containerd"},
        // Kubernetes: containerd, CRI-O, docker
        {pod + "/cri-containerd-%1.scope", "%1", "containerd"},
        {pod + "/crio-%1.scope", "%1", "cri-o"},
        {pod + "/crio-%1.scope/container", "%1", "cri-o"},
        {pod + "/docker-%1.scope", "%1", "docker"},
        {"/kubepods/burstable/pod6c1/%1", "%1", "containerd"},
        {"/kubepods/pod6c1/%1", "%1", "containerd"},
        {"/kubepods/besteffort/pod6c1/crio-%1", "%1", "cri-o"},
        {"/system.slice/containerd.service/kubepods-burstable-pod6c1.slice:cri-containerd:%1", "%1",
         "containerd"},
        // containerd's own tools
        {"/default/redis", "redis", "containerd"},
        {"/default/%1", "%1", "containerd"},
        {"/k8s.io/web-1", "web-1", "containerd"},
        {"/system.slice/nerdctl-%1.scope", "%1", "containerd"},
        // podman
        {"/machine.slice/libpod-%1.scope", "%1", "podman"},
        {"/machine.slice/libpod-%1.scope/container", "%1", "podman"},
        {"/libpod_parent/libpod-%1", "%1", "podman"},
        {"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-%1.scope/container", "%1",
         "podman"},
        {"/system.slice/web.service/libpod-payload-%1", "%1", "podman"},
        // lxc
        {"/lxc/alpine", "alpine", "lxc"},
        {"/lxc.payload/alpine", "alpine", "lxc"},
        {"/lxc.payload.alpine", "alpine", "lxc"},
        {"/lxc.payload.alpine/system.slice/ssh.service", "alpine", "lxc"},
        {"/machine.slice/machine-lxc\\x2d7\\x2dweb.scope", "7\\x2dweb", "libvirt-lxc"},
        {"/libvirt/lxc/web", "web", "libvirt-lxc"},
        {"/machine/web.libvirt-lxc", "web", "libvirt-lxc"},
        {"/machine.slice/machine-lxc\\x2d7\\x2dweb.scope/libvirt", "7\\x2dweb", "libvirt-lxc"},
        {"/system.slice/runit.service/bpm-uaa", "uaa", "bpm"},
    }));
    CAPTURE(path);
    const ContainerId container = container_of_cgroup(expand(path));
    const std::string expected = expand(full_id);
    CHECK(container.full_id == expected);
    CHECK(container.id == (expected.size() == 64 ? expected.substr(0, 12) : expected));
    CHECK(container.runtime == runtime);
}

TEST_CASE("The host's cgroups are no containers") {
    const std::string path = GENERATE(values<std::string>({
        "",
        "/",
        "//",
        "/init.scope",
        "/system.slice",
        "/system.slice/docker.service",
        "/system.slice/containerd.service",
        "/system.slice/system-getty.slice/getty@tty1.service",
        "/user.slice/user-1000.slice/session-3.scope",
        "/user.slice/user-1000.slice/user@1000.service/app.slice/app-firefox-1234.scope",
        "/machine.slice/machine-qemu\\x2d1\\x2dvm.scope",
        "/kubepods",
        "/kubepods/besteffort",
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod6c.slice",
        "/docker",
        "/docker/buildkit",
        "/lxc",
        "/lxc/..",
        "/lxc.payload.",
        "/lxc.monitor.alpine",
        "/default",
        "/default/web.service",
        "/jobs/f8988484972c1ab0c3f00cd20d770f06",  // 32 digits
        "/system.slice/default/redis",
        // monitors beside a container
        "/machine.slice/libpod-conmon-%1.scope",
        "/libpod_parent/libpod-conmon-%1",
        "/kubepods.slice/crio-conmon-%1.scope",
        "/kubepods/burstable/pod6c/crio-conmon-%1",
        // almost an id
        "/system.slice/docker-%1.service",
        "/system.slice/docker-%10.scope",
        "/docker/%1a",
        "/docker/g%1",
        "/system.slice/docker-.scope",
        "/system.slice/-%1.scope",
        "/system.slice/x:%1",
    }));
    CAPTURE(path);
    const ContainerId container = container_of_cgroup(expand(path));
    CHECK(container.id == "host");
    CHECK(container.full_id == "host");
    CHECK(container.runtime == "host");
}

TEST_CASE("A very long path takes no more than a walk over it") {
    std::string path;
    for (int i = 0; i < 100000; ++i) path += "/kubepods";
    CHECK(container_of_cgroup(path).id == "host");
    CHECK(container_of_cgroup(path + "/" + kFirst).runtime == "containerd");
}

}  // namespace
}  // namespace saker::container
