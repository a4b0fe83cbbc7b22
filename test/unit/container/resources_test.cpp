// SPDX-License-Identifier: Apache-2.0
#include "container/resources.h"

#include <string>
#include <string_view>

#include "catch.h"

namespace saker::container {
namespace {

struct CpuList {
    std::string_view list;
    std::int64_t count;
};

TEST_CASE("A list of processors is counted") {
    for (const CpuList& one : {CpuList{"", 0},
                               {"3", 1},
                               {"0-3", 4},
                               {"0-3,7", 5},
                               {"7,0-1", 3},
                               {"3-0", 0},
                               {"-", 0},
                               {"x,2", 1},
                               {"0-4294967295", 0},
                               {"99999999999999999999", 0},
                               {",,,", 0}}) {
        CAPTURE(one.list);
        CHECK(count_cpus(one.list) == one.count);
    }
    std::string many;
    for (int i = 0; i < 4; ++i) many += "0-65535,";
    CHECK(count_cpus(many) == 65536);
}

struct LimitsCase {
    Limits (*read)(Json json);
    std::string_view json;
    Limits limits;
};

TEST_CASE("Limits are those that a runtime was given, or none") {
    const LimitsCase cases[] = {
        {limits_of_bundle, R"({})", {}},
        {limits_of_bundle, R"({"cpu":{"shares":0},"memory":{"limit":"all"}})", {}},
        {limits_of_bundle,
         R"({"cpu":{"shares":512,"period":50000,"quota":25000,"cpus":"0-1"},
             "memory":{"limit":1048576,"swap":-1}})",
         {512, 50000, 25000, 2, 1048576, 0}},
        {limits_of_host_config, R"({"CpuShares":0,"Memory":0,"CpusetCpus":""})", {}},
        {limits_of_host_config,
         R"({"CpuShares":2,"CpuPeriod":20000,"CpuQuota":10000,"CpusetCpus":"1,3",
             "Memory":4096,"MemorySwap":8192})",
         {2, 20000, 10000, 2, 4096, 8192}},
        {limits_of_host_config, R"({"NanoCpus":1500000000})", {1024, 100000, 150000, 0, 0, 0}},
        {limits_of_host_config, R"([1])", {}},
    };
    for (const LimitsCase& one : cases) {
        CAPTURE(one.json);
        const JsonFile file(one.json);
        CHECK(one.read(file.root()) == one.limits);
    }
}

TEST_CASE("Ports are those that can be reached from outside") {
    const JsonFile file(R"({"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"8080"},
                                      {"HostIp":"::","HostPort":"8081"}],
                            "53/udp":[{"HostIp":"","HostPort":"53"}],
                            "81/tcp":null, "82/tcp":[], "83/tcp":[{"HostPort":""}],
                            "tcp":[{"HostPort":"1"}], "99999/tcp":[{"HostPort":"1"}], "84":[7]})");
    const std::vector<PortMapping> expected = {
        {"127.0.0.1", 8080, 80}, {"::", 8081, 80}, {"", 53, 53}};
    CHECK(ports_of(file.root()) == expected);
}

TEST_CASE("More ports than a container has are passed over") {
    std::string list = R"({"80/tcp":[)";
    for (int i = 0; i < 1000; ++i) list += R"({"HostPort":"1"},)";
    const JsonFile file(list + R"({"HostPort":"1"}]})");
    CHECK(ports_of(file.root()).size() == kMaxPorts);
}

}  // namespace
}  // namespace saker::container
