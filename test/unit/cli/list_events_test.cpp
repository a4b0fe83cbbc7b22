// SPDX-License-Identifier: Apache-2.0
#include "cli/list_events.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include "event/table.h"
// Last: its CAPTURE is not the event table's.
#include "catch.h"

namespace saker::cli {

TEST_CASE("an event is listed with its parameters") {
    CHECK(events_text("mkdirat") ==
          "mkdirat(errno res, fd dirfd, path path, u32 mode)  [path arg1]\n");
    CHECK(events_text("sync") == "sync()\n");
    CHECK(events_text("groupadded") ==
          "groupadded(gid gid, string name, string container_id)  (never reported)\n");
    CHECK(events_text("ppoll") ==
          "ppoll(errno res, fds fds, duration timeout, signals sigmask)  "
          "[pollfds arg0, struct arg2, struct arg3]\n");
    CHECK(events_text("getcwd") == "getcwd(errno res, string path)  [string arg0?]\n");
    CHECK(events_text("brk") ==
          "brk(u64 res, u32 vm_size, u32 vm_rss, u32 vm_swap, u64 addr)  [memory]\n");
    CHECK(events_markdown("kill") ==
          "| Event | Category | Parameters | Captured |\n|---|---|---|---|\n"
          "| `kill` | signal | errno `res`, pid `pid`, signal `sig` |  |\n");
    CHECK(events_markdown("read").find("| by descriptor |") != std::string::npos);
    CHECK(events_json("shutdown") ==
          R"({"events":[{"name":"shutdown","category":"net","syscall":true,"number":48,)"
          R"("reported":true,"params":[{"name":"res","type":"errno"},{"name":"fd","type":"fd"},)"
          R"({"name":"how","type":"enum","values":["SHUT_RD","SHUT_WR","SHUT_RDWR"]}],)"
          R"("captures":["fd arg0"]}]})"
          "\n");
    CHECK(events_json("procexit").find(R"("syscall":false,"reported":true)") != std::string::npos);
}

TEST_CASE("docs/events.md is what the program prints") {
    std::ifstream file(SAKER_DOCS "/events.md");
    std::stringstream page;
    page << file.rdbuf();
    INFO("saker list events --format markdown > docs/events.md");
    CHECK(page.str() == events_markdown(""));
}

TEST_CASE("all events that a condition may name are listed, and no others") {
    const std::string names = event_names("");
    const auto internal = std::ranges::count_if(event::events(), [](const auto& info) {
        return info.category == event::Category::kInternal;
    });
    CHECK(std::ranges::count(names, '\n') ==
          static_cast<std::ptrdiff_t>(event::events().size()) - internal);
    CHECK(names.find("sched_fork\n") == std::string::npos);
    CHECK(event_names("openat2") == "openat2\n");
    CHECK(event_names("nope").empty());
}

}  // namespace saker::cli
