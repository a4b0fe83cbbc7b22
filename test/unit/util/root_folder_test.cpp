// SPDX-License-Identifier: Apache-2.0
#include "util/root_folder.h"

#include <sys/stat.h>
#include <sys/types.h>

#include <algorithm>
#include <string>

#include "catch.h"
#include "unit/state/temp_folder.h"

namespace saker {
namespace {

struct Tree {
    Tree() { folder.write("root/etc/file", "inside"); }

    ReadStatus read(const std::string& path, std::size_t limit = 100) {
        return RootFolder(folder.path("root")).read(path, limit, content);
    }

    test::TempFolder folder;
    std::string content;
};

TEST_CASE("a regular file is read, wherever the path starts") {
    Tree tree;
    CHECK(tree.read("/etc/file") == ReadStatus::kDone);
    CHECK(tree.content == "inside");
    CHECK(tree.read("etc/file") == ReadStatus::kDone);
    CHECK(tree.read("/etc/file", 6) == ReadStatus::kDone);
    CHECK(tree.read("/etc/file", 5) == ReadStatus::kRefused);
    CHECK(tree.read("/etc/none") == ReadStatus::kAbsent);
    CHECK(tree.content.empty());
}

TEST_CASE("no path and no link leads out of the root") {
    Tree tree;
    tree.folder.write("etc/file", "outside");
    tree.folder.link("root/up", "../etc");
    tree.folder.link("root/absolute", "/etc");
    CHECK(tree.read("/../etc/file") == ReadStatus::kDone);
    CHECK(tree.content == "inside");
    CHECK(tree.read("/up/file") == ReadStatus::kDone);
    CHECK(tree.content == "inside");
    CHECK(tree.read("/absolute/file") == ReadStatus::kDone);
    CHECK(tree.content == "inside");
}

TEST_CASE("what is no regular file is not opened") {
    Tree tree;
    tree.folder.link("root/link", "etc/file");
    REQUIRE(mkfifo(tree.folder.path("root/fifo").c_str(), 0600) == 0);
    for (const char* path : {"/link", "/fifo", "/etc"}) {
        CAPTURE(path);
        CHECK(tree.read(path) == ReadStatus::kRefused);
    }
    CHECK(RootFolder("/").read("/dev/zero", 100, tree.content) == ReadStatus::kRefused);
    CHECK(RootFolder("/").read("/proc/self/root/etc/passwd", 1 << 20, tree.content) ==
          ReadStatus::kRefused);  // through a link of /proc
}

TEST_CASE("a root that stays on its mount does not see others") {
    std::string content;
    const RootFolder crossing("/", RootFolder::Mounts::kCross);
    const RootFolder staying("/", RootFolder::Mounts::kStay);
    CHECK(crossing.read("/proc/version", 1000, content) == ReadStatus::kDone);
    CHECK(staying.read("/proc/version", 1000, content) == ReadStatus::kAbsent);
}

TEST_CASE("the names in a folder are listed, up to a number") {
    Tree tree;
    tree.folder.write("root/etc/other", "");
    const RootFolder root(tree.folder.path("root"));
    const auto names = root.list("/etc", 100);
    CHECK(std::ranges::count(names, "file") == 1);
    CHECK(std::ranges::count(names, "other") == 1);
    CHECK(root.list("/etc", 1).size() == 1);
    CHECK(root.list("/none", 100).empty());
    CHECK(RootFolder("/no/such/root").list("/", 100).empty());
}

}  // namespace
}  // namespace saker
