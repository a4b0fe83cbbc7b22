// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "sensor.h"

// Calls that remove, rename, link and mount files have the names that user memory holds, and those
// that the kernel used: rules find a file under either.
namespace saker::engine {
namespace {

using test::RecordBuilder;
using test::rule_text;
using test::Sensor;
using Texts = std::vector<std::string>;

const std::string kCalls =
    "evt.type in (unlink, unlinkat, rmdir, mkdir, rename, renameat2, link, symlink, chmod, chown, "
    "mount, umount2, chroot)";

std::string about(std::string_view condition) {
    return rule_text("R", kCalls + " and " + std::string(condition),
                     "%fs.path.name %fs.path.source %fs.path.target");
}

struct Touched {
    std::string call;
    std::string field;  // which a rule asks
    std::size_t slot;   // of the name
    std::string other;  // the value of evt.arg
};

// Every name of every call: asked for below /tmp/link, which leads to /var/log.
const std::vector<Touched> kTouched = {
    {"unlink", "fs.path.name", 0, "path"},        {"unlinkat", "fs.path.name", 0, "name"},
    {"rmdir", "fs.path.name", 0, "path"},         {"mkdir", "fs.path.name", 0, "path"},
    {"chmod", "fs.path.name", 0, "filename"},     {"chown", "fs.path.name", 0, "path"},
    {"umount2", "fs.path.name", 0, "name"},       {"rename", "fs.path.source", 0, "oldpath"},
    {"rename", "fs.path.target", 1, "newpath"},   {"renameat2", "fs.path.target", 1, "newpath"},
    {"link", "fs.path.target", 0, "oldpath"},     {"link", "fs.path.source", 1, "newpath"},
    {"symlink", "fs.path.source", 1, "linkpath"}, {"mount", "fs.path.target", 1, "dir"},
};

TEST_CASE("a link in the path hides a file from no rule") {
    for (const Touched& touched : kTouched) {
        CAPTURE(touched.call, touched.field);
        const auto record = RecordBuilder(touched.call)
                                .path(touched.slot, "/tmp/link/a")
                                .real(touched.slot, "/var/log/a");
        CHECK(Sensor(about(touched.field + " startswith /var/log")).feel(record).size() == 1);
        CHECK(Sensor(about(touched.field + " startswith /tmp/link")).feel(record).size() == 1);
        CHECK(Sensor(about(touched.field + " startswith /var/tmp")).feel(record).empty());
        const std::string parameter = "evt.arg." + touched.other;
        CHECK(Sensor(about(parameter + " pmatch (/var/log)")).feel(record).size() == 1);
        CHECK(Sensor(about(parameter + " pmatch (/tmp/link)")).feel(record).size() == 1);
    }
}

TEST_CASE("the alert shows the name that matched, and the real one at any time") {
    const auto record = RecordBuilder("unlink").path(0, "a", "/tmp").real(0, "/var/log/a");
    const auto shows = [&](std::string_view condition) {
        Sensor sensor(rule_text("R", "evt.type = unlink and " + std::string(condition),
                                "%fs.path.name %evt.arg.path %fs.path.nameraw %fs.path.namereal"));
        return sensor.feel(record);
    };
    CHECK(shows("fs.path.name = /tmp/a") == Texts{"/tmp/a /tmp/a a /var/log/a"});
    CHECK(shows("fs.path.name = /var/log/a") == Texts{"/var/log/a /var/log/a a /var/log/a"});
    CHECK(shows("fs.path.namereal = /var/log/a") == Texts{"/tmp/a /tmp/a a /var/log/a"});
}

TEST_CASE("a transformed name has both") {
    const auto record = RecordBuilder("rename").path(0, "/x").path(1, "/y").real(0, "/a/.history");
    CHECK(Sensor(about("basename(fs.path.source) in (.history)")).feel(record).size() == 1);
}

TEST_CASE("memory that cannot be read any more hides nothing") {
    const auto record = RecordBuilder("unlink").flags(SAKER_FAULT).real(0, "/var/log/a");
    CHECK(Sensor(about("fs.path.name startswith /var/log")).feel(record).size() == 1);
    CHECK(Sensor(about("evt.arg.path startswith /var/log")).feel(record).size() == 1);
}

TEST_CASE("the kernel's copy of a link's target counts as the asked one does") {
    const auto record = RecordBuilder("symlink")
                            .text(0, "/etc/hosts")
                            .path(1, "/tmp/l")
                            .real_text(0, "/etc/shadow")
                            .real(1, "/tmp/l");
    CHECK(Sensor(about("evt.arg.target = /etc/shadow")).feel(record).size() == 1);
    CHECK(Sensor(about("fs.path.target = /etc/shadow")).feel(record).size() == 1);
    CHECK(Sensor(about("evt.arg.target = /etc/hosts")).feel(record).size() == 1);
    CHECK(Sensor(about("evt.toctou = true")).feel(record).size() == 1);
}

TEST_CASE("a rule matches once, and parameters that are no names stay as they are") {
    const auto record =
        RecordBuilder("mkdir").path(0, "/tmp/link/a").arg(1, 0755).real(0, "/var/log/a");
    CHECK(Sensor(about("evt.arg.path startswith /")).feel(record).size() == 1);
    CHECK(
        Sensor(about("fs.path.name startswith /var and evt.arg.mode = 0755")).feel(record).size() ==
        1);
}

TEST_CASE("without the kernel's word there is one name") {
    const auto record = RecordBuilder("unlink").path(0, "/tmp/link/a");
    CHECK(Sensor(about("fs.path.name startswith /var/log")).feel(record).empty());
    CHECK(Sensor(about("fs.path.namereal exists")).feel(record).empty());
    CHECK(Sensor(about("fs.path.name = /tmp/link/a")).feel(record).size() == 1);
}

TEST_CASE("an opened file's path has both names too") {
    const auto record =
        RecordBuilder("open").ret(3).path(0, "/tmp/x").fd(1, 3, SAKER_FD_FILE, "/etc/shadow");
    const auto feels = [&](std::string_view condition) {
        Sensor sensor(rule_text("R", "evt.type = open and " + std::string(condition),
                                "%fs.path.name %fs.path.namereal"));
        return sensor.feel(record);
    };
    CHECK(feels("fs.path.name = /etc/shadow") == Texts{"/etc/shadow /etc/shadow"});
    CHECK(feels("fs.path.name = /tmp/x") == Texts{"/tmp/x /etc/shadow"});
}

}  // namespace
}  // namespace saker::engine
