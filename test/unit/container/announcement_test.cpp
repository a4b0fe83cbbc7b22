// SPDX-License-Identifier: Apache-2.0
#include "container/announcement.h"

#include <memory>
#include <string>

#include "catch.h"

namespace saker::container {
namespace {

Container with(Facts facts) {
    Container container;
    container.id = "0123456789ab";
    container.full_id = "0123456789ab0";
    container.runtime = "podman";
    container.facts = std::make_unique<const Facts>(std::move(facts));
    return container;
}

TEST_CASE("An announcement has the keys that consumers know") {
    Facts facts;
    facts.name = "shop";
    facts.image = "a/b:1";
    facts.created = "2026-11-22T00:00:01.5+01:00";
    facts.privileged = false;
    facts.labels = {{"app", "\"shop\""}};
    facts.mounts = {
        {.source = "/a", .destination = "/b", .mode = "", .propagation = "", .writable = false}};
    facts.pod.sandbox_id = "77";
    facts.limits = Limits{.cpu_quota = 50000, .cpuset_cpus = 2, .memory = 64 << 20, .swap = -1};
    facts.ports = {{.host_ip = "127.0.0.1", .host_port = 8080, .container_port = 80}};
    facts.env = {"PATH=/bin", "WORD=\"a\""};
    CHECK(announcement(with(std::move(facts)), 64 << 10) ==
          R"({"container":{"type":11,"id":"0123456789ab","full_id":"0123456789ab0",)"
          R"("name":"shop","image":"a/b:1","imageid":"","imagerepo":"","imagetag":"",)"
          R"("imagedigest":"","User":"","ip":"","cni_json":"","created_time":1795302001,)"
          R"("privileged":false,"cpu_period":100000,"cpu_quota":50000,"cpu_shares":1024,)"
          R"("cpuset_cpu_count":2,"memory_limit":67108864,"swap_limit":-1,)"
          R"("is_pod_sandbox":false,"pod_sandbox_id":"77",)"
          R"("pod_sandbox_labels":{},"labels":{"app":"\"shop\""},)"
          R"("port_mappings":[{"HostIp":"127.0.0.1","HostPort":8080,"ContainerPort":80}],)"
          R"("Mounts":[{"Source":"/a","Destination":"/b","Mode":"","RW":false,)"
          R"("Propagation":""}],"env":["PATH=/bin","WORD=\"a\""]}})");
}

TEST_CASE("A time that is none is left out") {
    Facts facts;
    facts.created = "yesterday";
    CHECK(announcement(with(std::move(facts)), 64 << 10).find("created_time") == std::string::npos);
}

TEST_CASE("What has no room is left out, and the rest is whole") {
    Facts facts;
    facts.name = "shop";
    for (int i = 0; i < 100; ++i)
        facts.labels.emplace_back(std::to_string(i), std::string(99, '"'));
    const std::string text = announcement(with(std::move(facts)), 8 << 10);
    CHECK(text.size() <= 8 << 10);
    CHECK(text.find(R"("name":"shop")") != std::string::npos);
    CHECK(text.ends_with("}}"));
}

}  // namespace
}  // namespace saker::container
