// SPDX-License-Identifier: Apache-2.0
#include "container/resolver.h"

#include <sys/stat.h>

#include <map>
#include <string>
#include <string_view>

#include "as_nobody.h"
#include "catch.h"
#include "fmt/core.h"
#include "state/temp_folder.h"

// Facts from the files of real runtimes (fixtures/README.md), and from files that are none.
namespace saker::container {
namespace {

const std::string kFixtures = SAKER_FIXTURES;

const std::string kTill = "d56aa735f9f18d6c45e0408741d7068752ad946e1935a2479a1ece17f5187266";
const std::string kDockerRich = "7278c8e80a127169bddcae2200a0acb712d8a1085a65d29e499bde6606d7cf41";
const std::string kPool = "ff68897826d18ce0e389506862e7176bda0b10496bc804d6c589ea28ccfd9654";
const std::string kPodmanRich = "4db203d86f345084d762de7f5595c821e5aa4674c46fc2462acc1974d173b690";
const std::string kSandbox = "80fa0e71b1bbe3606ebfebb32480d76a32cf3f4ff3a6afd8c6986b3ab897b1fc";
const std::string kCart = "10f49261289617021c74c0c2c6f1090edbeb1ffb569202b28ca4b41809966797";
const std::string kCrioTill = "63e6148f9af2a484b39e2c12ddd9c51552d6d056c701d2193813465fd56eced7";
const std::string kCrioSandbox = "5d6fd6cd9c3f190a34ee16fe6827a0b42449fbcd5c178260beb9b499d177323d";

Request of(const std::string& id, const std::string& runtime) {
    Request request;
    request.id = {id.substr(0, 12), id, runtime};
    return request;
}

Facts resolve(const std::string& root, const Request& request) {
    ResolverOptions options;
    options.host_root = root;
    options.sockets = false;
    return Resolver(options).resolve(request);
}

std::string shown(const std::optional<bool>& truth) {
    return !truth ? "unknown" : *truth ? "yes" : "no";
}

std::string joined(const Labels& labels) {
    std::string text;
    for (const auto& [key, value] : labels) text += key + "=" + value + " ";
    return text;
}

std::string joined(const std::optional<std::vector<Mount>>& mounts) {
    if (!mounts) return "unknown";
    std::string text;
    for (const Mount& mount : *mounts) text += mount.text() + " ";
    return text;
}

// All facts as text.
std::map<std::string, std::string> table(const Facts& facts) {
    return {{"name", facts.name},
            {"image", facts.image},
            {"repository", facts.repository},
            {"tag", facts.tag},
            {"digest", facts.digest},
            {"image_id", facts.image_id.substr(0, 12)},
            {"user", facts.user},
            {"privileged", shown(facts.privileged)},
            {"host_pid", shown(facts.host_pid)},
            {"host_network", shown(facts.host_network)},
            {"host_ipc", shown(facts.host_ipc)},
            {"mounts", joined(facts.mounts)},
            {"labels", joined(facts.labels)},
            {"pod", facts.pod.name},
            {"namespace", facts.pod.name_space},
            {"uid", facts.pod.uid},
            {"sandbox", facts.pod.sandbox_id.substr(0, 12)},
            {"pod_ip", facts.pod.ip},
            {"pod_labels", joined(facts.pod.labels)}};
}

struct Case {
    std::string_view tree;
    std::string id;
    std::string_view runtime;
    std::map<std::string, std::string> facts;  // those not named must be empty or unknown
};

const Case kCases[] = {
    {"docker",
     kTill,
     "docker",
     {{"name", "till"},
      {"image", "registry.example:5000/team/shop:1.2"},
      {"repository", "registry.example:5000/team/shop"},
      {"tag", "1.2"},
      {"image_id", "b3d9a9c6a876"},
      {"user", "nobody"},
      {"privileged", "no"},
      {"host_pid", "no"},
      {"host_network", "no"},
      {"host_ipc", "no"},
      {"mounts",
       "/etc:/host/etc:ro:false:rprivate "
       "/var/run/docker.sock:/var/run/docker.sock::true:rprivate "},
      {"labels", "app=shop tier=front "}}},
    {"docker",
     kDockerRich,
     "docker",
     {{"name", "rich"},
      {"image", "registry.example/team/cart:3.1"},
      {"repository", "registry.example/team/cart"},
      {"tag", "3.1"},
      {"image_id", "b3d9a9c6a876"},
      {"privileged", "yes"},
      {"host_pid", "yes"},
      {"host_network", "yes"},
      {"host_ipc", "yes"},
      {"mounts", ""}}},
    {"podman",
     kPool,
     "podman",
     {{"name", "pool"},
      {"image", "registry.example/team/pod:2.0"},
      {"repository", "registry.example/team/pod"},
      {"tag", "2.0"},
      {"digest", "sha256:69959f29c46c3780470d6d239acb6396eb3d41cca7767deec0427053dc7ada06"},
      {"image_id", "f3c28a3566f9"},
      {"user", "65534:65534"},
      {"privileged", "no"},
      {"host_pid", "no"},
      {"host_network", "no"},
      {"host_ipc", "no"},
      {"mounts", "/etc:/host/etc:ro:false:rprivate "}}},
    {"podman",
     kPodmanRich,
     "podman",
     {{"name", "rich"},
      {"image", "registry.example/team/pod:2.0"},
      {"repository", "registry.example/team/pod"},
      {"tag", "2.0"},
      {"digest", "sha256:69959f29c46c3780470d6d239acb6396eb3d41cca7767deec0427053dc7ada06"},
      {"image_id", "f3c28a3566f9"},
      {"user", "0"},
      {"privileged", "yes"},
      {"host_pid", "yes"},
      {"host_network", "yes"},
      {"host_ipc", "yes"},
      {"mounts", "/dev/shm:/dev/shm::true:rprivate "}}},
    // Without the socket, containerd's own containers have neither name nor image.
    {"containerd",
     "basket",
     "containerd",
     {{"user", "0"},
      {"privileged", "no"},
      {"host_pid", "no"},
      {"host_network", "no"},
      {"host_ipc", "no"},
      {"mounts", "/etc:/host/etc:ro:false: "},
      {"labels", "app=cart "}}},
    {"containerd",
     kCart,
     "containerd",
     {{"name", "cart"},
      {"image", "registry.example/team/cart:3.1"},
      {"repository", "registry.example/team/cart"},
      {"tag", "3.1"},
      {"user", "0"},
      {"privileged", "no"},
      {"host_pid", "no"},
      {"host_network", "yes"},  // the sandbox's: the container is handed a namespace by name
      {"host_ipc", "no"},
      {"mounts", "/etc:/host/etc:ro:false:rprivate "},
      {"pod", "shop-7d5"},
      {"namespace", "front"},
      {"uid", "0f6a1c52-8e0c-4a36-9f60-2f3f5b1f7d12"},
      {"sandbox", "80fa0e71b1bb"}}},
    {"crio",
     kCrioTill,
     "cri-o",
     {{"name", "till"},
      {"image", "quay.example/team/till:4.0"},
      {"repository", "quay.example/team/till"},
      {"tag", "4.0"},
      {"user", "0"},
      {"privileged", "no"},
      {"host_pid", "no"},
      {"host_network", "no"},
      {"host_ipc", "no"},
      {"mounts",
       "/var/lib/kubelet/pods/0f6a1c52-8e0c-4a36-9f60-2f3f5b1f7d33/etc-hosts:"
       "/etc/hosts::true:rprivate "},
      {"labels",
       "io.kubernetes.container.name=till io.kubernetes.pod.name=shop-9c "
       "io.kubernetes.pod.namespace=back "
       "io.kubernetes.pod.uid=0f6a1c52-8e0c-4a36-9f60-2f3f5b1f7d33 "},
      {"pod", "shop-9c"},
      {"namespace", "back"},
      {"uid", "0f6a1c52-8e0c-4a36-9f60-2f3f5b1f7d33"},
      {"sandbox", "5d6fd6cd9c3f"},
      {"pod_ip", "10.85.0.7"},
      {"pod_labels", "app=shop io.kubernetes.pod.name=shop-9c tier=back "}}},
};

TEST_CASE("Facts come from the files of each runtime") {
    for (const Case& expected : kCases) {
        CAPTURE(expected.tree, expected.id);
        const std::string root = fmt::format("{}/{}", kFixtures, expected.tree);
        const auto found = table(resolve(root, of(expected.id, std::string(expected.runtime))));
        for (const auto& [fact, value] : found) {
            CAPTURE(fact);
            const auto wanted = expected.facts.find(fact);
            CHECK(value == (wanted == expected.facts.end() ? "" : wanted->second));
        }
    }
}

TEST_CASE("A sandbox is known as one") {
    const Facts facts = resolve(kFixtures + "/containerd", of(kSandbox, "containerd"));
    CHECK(facts.is_sandbox);
    CHECK(facts.pod.name == "shop-7d5");
    const Facts crio = resolve(kFixtures + "/crio", of(kCrioSandbox, "cri-o"));
    CHECK(crio.is_sandbox);
    CHECK(crio.pod.name_space == "back");
}

// A folder of Docker's with one container.
class Host {
public:
    Host() {
        write("config.v2.json",
              R"({"Name":"/shop","Config":{"Image":"team/shop:1"},"Image":"sha256:ab"})");
    }
    void write(const std::string& file, std::string_view text) const {
        folder.write(path(file), text);
    }
    std::string path(const std::string& file) const {
        return "var/lib/docker/containers/" + kTill + "/" + file;
    }
    Facts facts() const { return resolve(folder.path(), of(kTill, "docker")); }

    test::TempFolder folder;
};

// A file that gives a container its name.
struct Source {
    std::string runtime;
    std::string path;
    std::string text;
};

const Source kSources[] = {
    {"docker", "var/lib/docker/containers/" + kTill + "/config.v2.json",
     R"({"Name":"/shop","Config":{"Image":"team/shop:1"}})"},
    {"containerd", "run/containerd/io.containerd.runtime.v2.task/k8s.io/" + kTill + "/config.json",
     R"({"annotations":{"io.kubernetes.cri.container-name":"shop",
                        "io.kubernetes.cri.image-name":"team/shop:1"}})"},
    {"podman", "var/lib/containers/storage/overlay-containers/containers.json",
     R"([{"id":")" + kTill +
         R"(","metadata":"{\"name\":\"shop\",\"image-name\":\"team/shop:1\"}"}])"},
};

TEST_CASE("Files that no runtime has written tell nothing, and hold nobody up") {
    const auto& [runtime, file, text] = kSources[GENERATE(0U, 1U, 2U)];
    CAPTURE(file);
    const test::TempFolder host;
    const std::string path = host.path(file);
    host.write(file, text);
    REQUIRE(resolve(host.path(), of(kTill, runtime)).name == "shop");

    SECTION("garbage") {
        host.write(file, "\xff\xfe{\"Name\": [[[[");
    }
    SECTION("nothing") {
        host.write(file, "");
    }
    SECTION("another type") {
        host.write(file, R"(["Name"])");
    }
    SECTION("nested too deep") {
        host.write(file, std::string(100'000, '[') + std::string(100'000, ']'));
    }
    SECTION("100 MB") {
        std::filesystem::resize_file(path, 100'000'000);
    }
    SECTION("a link to another file") {
        host.write("etc/real.json", text);
        host.link(file, "/etc/real.json");
    }
    SECTION("a pipe that nobody writes to") {
        std::filesystem::remove(path);
        REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    }
    SECTION("a folder") {
        std::filesystem::remove(path);
        std::filesystem::create_directory(path);
    }
    const Facts facts = resolve(host.path(), of(kTill, runtime));
    CHECK(facts.name.empty());
    CHECK(facts.image.empty());
}

TEST_CASE("Values of other types than a runtime writes are passed over") {
    Host host;
    host.write(
        "config.v2.json",
        R"({"Name":7,"Config":{"Image":{},"Labels":{"a":1,"b":"2"}},"MountPoints":[1,"x"]})");
    host.write("hostconfig.json", R"({"Privileged":"yes","PidMode":false})");
    const Facts facts = host.facts();
    CHECK(facts.name.empty());
    CHECK_FALSE(facts.privileged.has_value());
    CHECK(facts.host_pid == false);
    CHECK(joined(facts.labels) == "a= b=2 ");
}

Facts as_nobody(const Host& host) {
    const test::AsNobody somebody;
    return host.facts();
}

TEST_CASE("What may not be read is said to be denied") {
    const Host host;
    REQUIRE(chmod(host.folder.path().c_str(), 0755) == 0);
    CHECK_FALSE(as_nobody(host).denied);
    REQUIRE(chmod(host.folder.path(host.path("config.v2.json")).c_str(), 0) == 0);
    const Facts facts = as_nobody(host);
    CHECK(facts.denied);
    CHECK(facts.name.empty());
}

TEST_CASE("An image that was named by its id gets its name from the list of images") {
    Host host;
    host.write(
        "config.v2.json",
        R"({"Name":"/x","Driver":"overlay2","Config":{"Image":"abcdef"},"Image":"sha256:abcdef012"})");
    host.folder.write("var/lib/docker/image/overlay2/repositories.json",
                      R"({"Repositories":{"busy":{"busy:3":"sha256:abcdef012",
                          "busy@sha256:77":"sha256:abcdef012","busy:4":"sha256:99"}}})");
    const Facts facts = host.facts();
    CHECK(facts.image == "abcdef");
    CHECK(facts.repository == "busy");
    CHECK(facts.tag == "3");
    CHECK(facts.digest == "sha256:77");
}

TEST_CASE("Labels with long values are dropped") {
    Host host;
    host.write("config.v2.json",
               fmt::format(R"({{"Name":"/x","Config":{{"Labels":{{"a":"{}","b":"{}"}}}}}})",
                           std::string(100, 'x'), std::string(101, 'x')));
    CHECK(host.facts().labels.size() == 1);
}

TEST_CASE("A hint leads to a bundle anywhere") {
    test::TempFolder host;
    host.write("data/b/config.json", R"({"root":{"path":"rootfs"},"mounts":[]})");
    host.write("data/b/rootfs/etc/passwd", "ann:x:7:7::/home/ann:/bin/sh\n");
    Request request = of(kTill, "docker");
    request.hint.bundle = "/data/b";
    const Facts facts = resolve(host.path(), request);
    CHECK(facts.mounts.has_value());
    REQUIRE(facts.users.has_value());
    REQUIRE(facts.users->find(7) != nullptr);
    CHECK(facts.users->find(7)->name == "ann");
}

TEST_CASE("A container's files of users cannot lead out of it") {
    test::TempFolder host;
    host.write("etc/passwd", "hostonly:x:7:7::/:/bin/sh\n");
    host.write("b/config.json", R"({"root":{"path":"/b/rootfs"}})");
    host.write("b/rootfs/inner/passwd", "inner:x:7:7::/:/bin/sh\n");
    Request request = of(kTill, "docker");
    request.hint.bundle = "/b";
    SECTION("a file that is a link is not read") {
        host.link("b/rootfs/etc/passwd", "../../../etc/passwd");
        CHECK_FALSE(resolve(host.path(), request).users.has_value());
    }
    SECTION("a folder that is a link is one inside") {
        host.link("b/rootfs/etc", "/../../inner");
        const Facts facts = resolve(host.path(), request);
        REQUIRE(facts.users.has_value());
        CHECK(facts.users->find(7)->name == "inner");
    }
}

TEST_CASE("The pod is found by the cgroup's path and the folders of logs") {
    test::TempFolder host;
    host.write("var/log/pods/kube-system_dns-1_0f6a1c52-8e0c-4a36-9f60-2f3f5b1f7d11/dns/0.log", "");
    Request request = of(kTill, "containerd");
    request.cgroup =
        "/kubepods.slice/kubepods-burstable.slice/"
        "kubepods-burstable-pod0f6a1c52_8e0c_4a36_9f60_2f3f5b1f7d11.slice/"
        "cri-containerd-" +
        kTill + ".scope";
    const Facts facts = resolve(host.path(), request);
    CHECK(facts.pod.uid == "0f6a1c52-8e0c-4a36-9f60-2f3f5b1f7d11");
    CHECK(facts.pod.name_space == "kube-system");
    CHECK(facts.pod.name == "dns-1");
}

}  // namespace
}  // namespace saker::container
