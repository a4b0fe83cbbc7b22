// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <cstdint>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string>
#include <tuple>
#include <utility>

#include "container/protobuf.h"
#include "container/resolver.h"
#include "container/sources.h"
#include "fmt/core.h"
#include "service.h"

// What runtimes tell that are asked, and what is made of their silence.
namespace saker::container {
namespace {

using test::Listener;
using test::say;
using test::Service;
using test::TempFolder;

const std::string kDockerTill = "8eec1282a5fa97b92057cd866bb663ebfbc900b8d462e8a96eaaf0d86b94c3ea";
const std::string kPodmanTill = "b302412ba875831fd6421360965dedcba01d4fdf529a9678f159bb9811c89daa";

// The answer of a real service about its container `till` (fixtures/README.md).
std::string inspection(const std::string& runtime) {
    std::ifstream file(fmt::format("{}/{}/inspection.json", SAKER_FIXTURES, runtime));
    return {std::istreambuf_iterator<char>(file), {}};
}

Facts resolve(const TempFolder& host, const std::string& id, const std::string& runtime,
              const std::string& cgroup = "") {
    ResolverOptions options;
    options.host_root = host.path();
    options.socket_timeout_ms = 60'000;
    Request request;
    request.id = {id.substr(0, 12), id, runtime};
    request.cgroup = cgroup;
    return Resolver(options).resolve(request);
}

// Answers questions about one container, and no others.
Service::Talk about(const std::string& id, const std::string& answer) {
    return [=](int connection) {
        const bool knows = test::hear(connection).starts_with("GET /containers/" + id + "/json ");
        say(connection, knows ? "HTTP/1.0 200 OK\r\n\r\n" + answer : "HTTP/1.0 404 No\r\n\r\n");
    };
}

TEST_CASE("Docker's service tells what its files would") {
    const TempFolder host;
    const Service docker(host, "run/docker.sock", about(kDockerTill, inspection("docker")));
    const Facts facts = resolve(host, kDockerTill, "docker");
    CHECK(facts.name == "till");
    CHECK(facts.image == "registry.example:5000/team/shop:1.2");
    CHECK(facts.repository == "registry.example:5000/team/shop");
    CHECK(facts.tag == "1.2");
    CHECK(facts.image_id.starts_with("cf1dfdddc998"));
    CHECK(facts.user == "nobody");
    CHECK(facts.privileged == false);
    CHECK(facts.host_pid == false);
    CHECK(facts.labels == Labels{{"app", "shop"}, {"tier", "front"}});
    REQUIRE(facts.mounts.has_value());
    REQUIRE(facts.mounts->size() == 1);
    CHECK(facts.mounts->front().text() == "/etc:/host/etc:ro:false:rprivate");

    CHECK(resolve(host, kPodmanTill, "docker").name.empty());
}

TEST_CASE("Docker's service is not asked where its files tell") {
    const TempFolder host;
    host.write("var/lib/docker/containers/" + kDockerTill + "/config.v2.json",
               R"({"Name":"/shop","Config":{"Image":"team/shop:1"}})");
    std::atomic<bool> asked = false;
    const Service docker(host, "run/docker.sock", [&](int) { asked = true; });
    CHECK(resolve(host, kDockerTill, "docker").name == "shop");
    CHECK_FALSE(asked);
}

TEST_CASE("Podman's service adds to its files what these do not tell") {
    const TempFolder host;
    host.write("var/lib/containers/storage/overlay-containers/containers.json",
               fmt::format(R"([{{"id":"{}","image":"ab","metadata":
                   "{{\"image-name\":\"other/image:2\",\"name\":\"shelf\"}}"}}])",
                           kPodmanTill));
    const std::string cgroup = "/machine.slice/libpod-" + kPodmanTill + ".scope";
    const Service podman(host, "run/podman/podman.sock", about(kPodmanTill, inspection("podman")));
    const Facts facts = resolve(host, kPodmanTill, "podman", cgroup);
    CHECK(facts.name == "shelf");
    CHECK(facts.image == "other/image:2");
    CHECK(facts.labels == Labels{{"app", "shop"}, {"tier", "front"}});
}

TEST_CASE("A rootless container is asked about at its user's service") {
    const TempFolder host;
    const std::string user = "/user.slice/user-1000.slice/user@1000.service/user.slice/";
    const auto [id, runtime, unit, socket] =
        GENERATE(values<std::tuple<std::string, std::string, std::string, std::string>>(
            {{kPodmanTill, "podman", "libpod-", "run/user/1000/podman/podman.sock"},
             {kDockerTill, "docker", "docker-", "run/user/1000/docker.sock"}}));
    const Service service(host, socket, about(id, inspection(runtime)));
    CHECK(resolve(host, id, runtime, user + unit + id + ".scope").name == "till");
    CHECK(resolve(host, id, runtime, "/user-1000.slicer/" + id).name.empty());
}

TEST_CASE("An address is that of the first network that has one") {
    Facts facts;
    const JsonFile answer(R"({"NetworkSettings":{"IPAddress":"","Networks":
        {"none":{"IPAddress":""},"shop":{"IPAddress":"10.1.0.7"}}}})");
    apply_inspection(answer.root(), facts);
    CHECK(facts.ip == "10.1.0.7");
    CHECK_FALSE(facts.mounts.has_value());
    CHECK_FALSE(facts.privileged.has_value());
}

TEST_CASE("An answer that is no container adds nothing") {
    const std::string answer =
        GENERATE("", "[]", "{}", "{\"Config\":7,\"Mounts\":{\"a\":1}}", "[[");
    CAPTURE(answer);
    const TempFolder host;
    const Service docker(host, "run/docker.sock", about(kDockerTill, answer));
    const Facts facts = resolve(host, kDockerTill, "docker");
    CHECK(facts.name.empty());
    CHECK(facts.labels.empty());
    CHECK_FALSE(facts.unanswered);
}

TEST_CASE("A service that was too slow is remembered as one that may know more") {
    const TempFolder host;
    const Listener docker(host, "run/docker.sock");
    ResolverOptions options;
    options.host_root = host.path();
    options.socket_timeout_ms = 20;
    Resolver resolver(options);
    Request request;
    request.id = {kDockerTill.substr(0, 12), kDockerTill, "docker"};
    CHECK(resolver.resolve(request).unanswered);
    // Not asked again so soon, but not forgotten.
    CHECK(resolver.resolve(request).unanswered);
}

TEST_CASE("What the files tell is known before a service is asked for the rest") {
    const TempFolder host;
    host.write("var/lib/containers/storage/overlay-containers/containers.json",
               fmt::format(R"([{{"id":"{}","image":"ab","metadata":
                   "{{\"image-name\":\"other/image:2\",\"name\":\"shelf\"}}"}}])",
                           kPodmanTill));
    const Listener podman(host, "run/podman/podman.sock");
    ResolverOptions options;
    options.host_root = host.path();
    options.socket_timeout_ms = 20;
    Request request;
    request.id = {kPodmanTill.substr(0, 12), kPodmanTill, "podman"};
    int told = 0;
    const Facts facts = Resolver(options).resolve(request, [&](const Facts& so_far) {
        ++told;
        CHECK(so_far.name == "shelf");
        CHECK(so_far.repository == "other/image");
        CHECK_FALSE(so_far.unanswered);
    });
    CHECK(told == 1);
    CHECK(facts.name == "shelf");
    CHECK(facts.unanswered);
}

std::string proto(std::initializer_list<std::pair<std::uint32_t, std::string>> fields) {
    std::string message;
    for (const auto& [field, bytes] : fields) append_proto(message, field, bytes);
    return message;
}

TEST_CASE("The CRI service tells a pod's labels, address and network") {
    const std::string status =
        proto({{5, proto({{1, "10.1.0.9"}})}, {7, proto({{1, "app"}, {2, "shop"}})}});
    const std::string info =
        R"({"pid":7,"cniResult":{"Interfaces":{"eth0":{"Mac":"02:00"}},"DNS":[]}})";
    Pod pod;
    apply_pod_status(proto({{1, status}, {2, proto({{1, "info"}, {2, info}})}}), pod);
    CHECK(pod.labels == Labels{{"app", "shop"}});
    CHECK(pod.ip == "10.1.0.9");
    CHECK(pod.cni_json == R"({"eth0":{"Mac":"02:00"}})");

    SECTION("and of a pod of the host's network that it has none") {
        Pod on_host;
        apply_pod_status(proto({{2, proto({{1, "info"}, {2, R"({"cniResult":null})"}})}}), on_host);
        CHECK(on_host == Pod{});
    }
}

}  // namespace
}  // namespace saker::container
