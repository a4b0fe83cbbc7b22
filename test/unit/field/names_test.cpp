// SPDX-License-Identifier: Apache-2.0
#include "field/file_names.h"

#include <string>
#include <vector>

#include "catch.h"
#include "field/event_file.h"
#include "world.h"

// The names of files: what a call asked for, and what the kernel opened.
namespace saker::field {
namespace {

using test::by_cat;
using test::by_sh;
using test::kNothing;
using test::Record;
using test::World;

constexpr auto kAsked = NameView::kAsked;
constexpr auto kReal = NameView::kReal;

Record opened_link() {
    return by_sh("openat")
        .ret(3)
        .path(0, "/tmp/link")
        .fd(1, 3, SAKER_FD_FILE, "/etc/shadow")
        .build();
}

struct Names {
    std::string name, directory, filename, with_container;
    bool operator==(const Names&) const = default;
};

Names names_of(World& world, const Record& record, NameView view) {
    return {world.show("fd.name", record, view), world.show("fd.directory", record, view),
            world.show("fd.filename", record, view), world.show("fd.containername", record, view)};
}

TEST_CASE("where the descriptor and the path of an event stand") {
    CHECK(fd_slot(SAKER_EVENT_open) == 1);
    CHECK(fd_slot(SAKER_EVENT_open_by_handle_at) == 0);
    CHECK(fd_slot(SAKER_EVENT_read) == 0);
    CHECK(fd_slot(SAKER_EVENT_mmap) == 1);
    CHECK(fd_slot(SAKER_EVENT_socketpair) == 0);
    CHECK(fd_slot(SAKER_EVENT_setuid) == -1);
    CHECK(fd_slot(SAKER_EVENT_close) == -1);
    CHECK(opened_path_slot(SAKER_EVENT_openat2) == 0);
    CHECK(opened_path_slot(SAKER_EVENT_open_by_handle_at) == -1);
    CHECK(opened_path_slot(SAKER_EVENT_unlink) == -1);  // it names a path and opens nothing
}

TEST_CASE("the captures of a process record are never taken for a descriptor") {
    const Record record = by_cat("execve").process({}).build();
    CHECK_FALSE(event_fd(record.event()));
}

TEST_CASE("both names of a file are found in the record") {
    World world;
    const Context& context = world.look(opened_link());
    CHECK(context.asked_name == "/tmp/link");
    CHECK(context.real_name == "/etc/shadow");
    CHECK(file_name(context) == "/tmp/link");

    const Context& other =
        world.look(by_cat("read").fd(0, 3, SAKER_FD_FILE, "/etc/shadow").build());
    CHECK(other.asked_name.empty());
    CHECK(other.real_name.empty());
}

TEST_CASE("fields that show a file's name follow the view") {
    World world;
    CHECK(names_of(world, opened_link(), kAsked) ==
          Names{"/tmp/link", "/tmp", "link", "0123456789ab:/tmp/link"});
    CHECK(names_of(world, opened_link(), kReal) ==
          Names{"/etc/shadow", "/etc", "shadow", "0123456789ab:/etc/shadow"});
    // These two do not.
    CHECK(world.show("fd.realpath", opened_link(), kAsked) == "/etc/shadow");
    CHECK(world.show("fd.nameraw", opened_link(), kReal) == "/tmp/link");
}

TEST_CASE("a call that names no file has only the real name, a failed one only the asked one") {
    World world;
    const Record by_handle =
        by_cat("open_by_handle_at").ret(3).fd(0, 3, SAKER_FD_FILE, "/etc/shadow").build();
    const Record failed = by_cat("open").ret(-13).path(0, "shadow", "/etc").build();
    for (const NameView view : {kAsked, kReal}) {
        CHECK(names_of(world, by_handle, view) ==
              Names{"/etc/shadow", "/etc", "shadow", "host:/etc/shadow"});
        CHECK(names_of(world, failed, view) ==
              Names{"/etc/shadow", "/etc", "shadow", "host:/etc/shadow"});
    }
    CHECK(world.show("fd.num", failed) == kNothing);
}

TEST_CASE("directory and file name of paths of every shape") {
    struct Case {
        std::uint8_t type;
        std::string_view path;
        std::string_view directory;
        std::string_view filename;
    };
    const std::vector<Case> cases = {
        {SAKER_FD_FILE, "/a", "/", "a"},
        {SAKER_FD_FILE, "/a/b/c", "/a/b", "c"},
        {SAKER_FD_CHAR, "/dev/null", "/dev", "null"},
        {SAKER_FD_DIRECTORY, "/a/b", "/a/b", kNothing},
        {SAKER_FD_DIRECTORY, "", "/", kNothing},
        {SAKER_FD_FIFO, "/run/fifo", "/run", "fifo"},
        {SAKER_FD_FIFO, "", kNothing, kNothing},  // pipe:[4242]
    };
    World world;
    for (const Case& test : cases) {
        CAPTURE(int(test.type), std::string(test.path));
        const Record record = by_cat("fchmod").fd(0, 3, test.type, test.path).build();
        CHECK(world.show("fd.directory", record) == test.directory);
        CHECK(world.show("fd.filename", record) == test.filename);
    }
}

TEST_CASE("a name that is cut has no slash at its beginning") {
    World world;
    const Record record = by_cat("fchmod")
                              .flags(SAKER_PATH_CUT)
                              .fd(0, 3, SAKER_FD_FILE, "/etc/shadow", SAKER_FD_CUT)
                              .build();
    CHECK(world.show("fd.name", record) == "etc/shadow");
    CHECK(world.show("fd.directory", record) == "etc");
    const Record single = by_cat("fchmod").fd(0, 3, SAKER_FD_FILE, "/shadow", SAKER_FD_CUT).build();
    CHECK(world.show("fd.name", single) == "shadow");
    CHECK(world.show("fd.directory", single) == kNothing);
    CHECK(world.show("fd.filename", single) == "shadow");
}

TEST_CASE("fd.nameraw is what was passed, doubled slashes made one") {
    World world;
    const auto raw = [&](std::string_view asked) {
        return world.show("fd.nameraw", by_cat("open").path(0, asked, "/").build());
    };
    CHECK(raw("///etc//passwd///") == "/etc/passwd/");
    CHECK(raw("../a/./b") == "../a/./b");
    CHECK(raw("") == "");
    CHECK(world.show("fd.nameraw", by_cat("open").build()) == kNothing);
}

// Which parameter is which, for every call that has one.
TEST_CASE("fs.path fields take the right one of two paths") {
    struct Case {
        std::string_view event;
        std::string_view name, source, target;
    };
    const std::vector<Case> cases = {
        {"rename", kNothing, "/d/one", "/d/two"},     {"renameat2", kNothing, "/d/one", "/d/two"},
        {"link", kNothing, "/d/two", "/d/one"},       {"linkat", kNothing, "/d/two", "/d/one"},
        {"mkdirat", "/d/one", kNothing, kNothing},    {"rmdir", "/d/one", kNothing, kNothing},
        {"unlink", "/d/one", kNothing, kNothing},     {"unlinkat", "/d/one", kNothing, kNothing},
        {"chmod", "/d/one", kNothing, kNothing},      {"fchmodat", "/d/one", kNothing, kNothing},
        {"chown", "/d/one", kNothing, kNothing},      {"lchown", "/d/one", kNothing, kNothing},
        {"fchownat", "/d/one", kNothing, kNothing},   {"umount2", "/d/one", kNothing, kNothing},
        {"openat2", "/d/one", kNothing, kNothing},    {"creat", "/d/one", kNothing, kNothing},
        {"truncate", "/d/one", kNothing, kNothing},   {"mknodat", "/d/one", kNothing, kNothing},
        {"fchmodat2", "/d/one", kNothing, kNothing},  {"setxattr", "/d/one", kNothing, kNothing},
        {"move_mount", kNothing, "/d/one", "/d/two"}, {"umount", "/d/one", kNothing, kNothing},
        {"chdir", kNothing, kNothing, kNothing},
    };
    World world;
    for (const Case& test : cases) {
        CAPTURE(std::string(test.event));
        const Record record = by_cat(test.event).path(0, "one", "/d").path(1, "two", "/d").build();
        CHECK(world.show("fs.path.name", record) == test.name);
        CHECK(world.show("fs.path.source", record) == test.source);
        CHECK(world.show("fs.path.target", record) == test.target);
    }
}

TEST_CASE("fs.path of links, mounts and descriptors") {
    World world;
    // What a symbolic link leads to is text, whatever it means.
    const Record link = by_cat("symlink").text(0, "../shadow").path(1, "l", "/tmp").build();
    CHECK(world.show("fs.path.source", link) == "/tmp/l");
    CHECK(world.show("fs.path.sourceraw", link) == "l");
    CHECK(world.show("fs.path.target", link) == "../shadow");
    CHECK(world.show("fs.path.targetraw", link) == "../shadow");

    const Record mount = by_cat("mount").text(0, "/dev/sda1").path(1, "mnt", "/").build();
    CHECK(world.show("fs.path.source", mount) == "/dev/sda1");
    CHECK(world.show("fs.path.target", mount) == "/mnt");
    const Record no_device = by_cat("mount").path(1, "mnt", "/").build();
    CHECK(world.show("fs.path.source", no_device) == kNothing);

    const Record by_fd = by_cat("fchown").fd(0, 3, SAKER_FD_FILE, "/etc/shadow").build();
    CHECK(world.show("fs.path.name", by_fd) == "/etc/shadow");
    CHECK(world.show("fs.path.name", by_cat("fchown").build()) == kNothing);
}

TEST_CASE("fs.path needs a call that succeeded, but for the opening ones") {
    World world;
    CHECK(world.show("fs.path.name", by_cat("unlink").ret(-1).path(0, "/x").build()) == kNothing);
    CHECK(world.show("fs.path.source", by_cat("rename").ret(-1).path(0, "/x").build()) == kNothing);
    CHECK(world.show("fs.path.name", by_cat("open").ret(-2).path(0, "/x").build()) == "/x");
}

TEST_CASE("the longest names fit") {
    World world;
    const std::string asked(SAKER_STRING_MAX - 1, 'a');
    std::string base;
    for (int i = 0; i < SAKER_PATH_STEPS; ++i) base += "/" + std::string(100, 'b');
    const Record record = by_cat("open").ret(3).path(0, asked, base).build();
    CHECK(world.show("fd.name", record) == base + "/" + asked);
    CHECK(world.show("fd.directory", record) == base);
    CHECK(world.show("fd.filename", record) == asked);
}

}  // namespace
}  // namespace saker::field
