// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>

#include "catch.h"
#include "state/live_process.h"
#include "state/temp_folder.h"
#include "world.h"

// Fields that are read from /proc when a rule asks for them, and those that the configuration
// gives.
namespace saker::field {
namespace {

using test::by_cat;
using test::by_sh;
using test::kNothing;
using test::Record;
using test::RecordBuilder;
using test::TempFolder;
using test::World;

// /proc/PID/stat of a process with so many threads.
std::string stat_line(std::uint32_t pid, int threads, std::uint64_t start_time) {
    return std::to_string(pid) + " (x) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 " +
           std::to_string(threads) + " 0 " + std::to_string(start_time / 10'000'000) + " 0 0\n";
}

// A world whose /proc knows cat and sh.
struct Machine {
    TempFolder root;
    state::LiveProcesses live{root.path()};
    World world;

    Machine() {
        root.write("proc/1000/stat", stat_line(World::kCat, 3, World::kCatStart));
        root.write("proc/3000/stat", stat_line(World::kSh, 1, World::kShStart));
        root.write("proc/3000/task/3001/status", "Name:\tsh\nNSpid:\t3001\t44\t8\nFDSize:\t64\n");
        world.set_live(&live);
    }
};

TEST_CASE_METHOD(Machine, "threads are those of /proc") {
    CHECK(world.show("proc.nthreads", by_cat("setsid").build()) == "3");
    CHECK(world.show("proc.nchilds", by_cat("setsid").build()) == "2");
    CHECK(world.show("proc.nchilds", by_sh("setsid").build()) == "0");
}

TEST_CASE_METHOD(Machine, "a pid that is another process by now has no value") {
    root.write("proc/1000/stat", stat_line(World::kCat, 3, World::kCatStart + 10'000'000));
    CHECK(world.show("proc.nthreads", by_cat("setsid").build()) == kNothing);
}

TEST_CASE_METHOD(Machine, "without /proc there is no value") {
    for (const char* field :
         {"proc.nthreads", "proc.nchilds", "proc.fdopencount", "proc.fdusage"}) {
        CAPTURE(field);
        world.set_live(&live);
        CHECK(world.show(field, test::by_stranger("setsid").build()) == kNothing);
        world.set_live(nullptr);
        CHECK(world.show(field, by_cat("setsid").build()) == kNothing);
    }
}

TEST_CASE_METHOD(Machine, "a further thread's id in its namespace is read from /proc") {
    CHECK(world.show("thread.vtid", by_sh("setsid").tid(3001).build()) == "8");
    CHECK(world.show("thread.vtid", by_sh("setsid").tid(3002).build()) == kNothing);
}

// Of this process, since only a real /proc has the number of descriptors.
TEST_CASE("open descriptors are counted, and compared with their limit") {
    std::ifstream stat("/proc/self/stat");
    const std::string line{std::istreambuf_iterator<char>(stat), {}};
    const auto self = state::parse_live_stat(line);
    REQUIRE(self);
    const state::LiveProcesses live;
    World world;
    world.set_live(&live);
    test::Image image;
    image.facts.fdlimit = 1000;
    const auto record = [&] {
        return RecordBuilder("execve")
            .time(self->start_time + 1)
            .pid(static_cast<std::uint32_t>(getpid()))
            .start_time(self->start_time)
            .process(image)
            .build();
    };
    const std::uint64_t before = std::stoull(world.show("proc.fdopencount", record()));
    const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    REQUIRE(fd >= 0);
    CHECK(world.show("proc.fdopencount", record()) == std::to_string(before + 1));
    const field::FieldUse use = test::use_of("proc.fdusage");
    const field::Values usage = use.info->extract(use, world.look(record()));
    REQUIRE(usage.size() == 1);
    CHECK(usage[0].real == 100.0 * static_cast<double>(before + 1) / 1000.0);
    close(fd);
}

TEST_CASE("a static field has the configuration's value") {
    const StaticFields values = {{"stage", "prod"}};
    const Registry fields = Registry::native().with(values);
    const auto use = fields.bind("static.stage", {});
    REQUIRE(use);
    World world;
    world.set_static_fields(&values);
    CHECK(test::shown(use->type, use->info->extract(*use, world.look(by_cat("setsid").build()))) ==
          "prod");
    world.set_static_fields(nullptr);
    CHECK(test::shown(use->type, use->info->extract(*use, world.look(by_cat("setsid").build()))) ==
          kNothing);
}

}  // namespace
}  // namespace saker::field
