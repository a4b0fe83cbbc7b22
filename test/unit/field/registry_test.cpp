// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <set>
#include <string>
#include <vector>

#include "catch.h"
#include "field/field.h"
#include "field/native.h"

namespace saker::field {
namespace {

using Bracket = std::optional<std::string_view>;

std::string error_of(std::string_view text, Bracket argument = {}) {
    const auto use = Registry::native().bind(text, argument);
    return use ? "bound" : use.error().message;
}

FieldUse bound(std::string_view text, Bracket argument = {}) {
    const auto use = Registry::native().bind(text, argument);
    INFO(text << ": " << (use ? "" : use.error().message));
    REQUIRE(use);
    return *use;
}

TEST_CASE("every native field has a name of its own, a description and an extractor") {
    std::set<std::string_view> names;
    for (const FieldInfo& info : Registry::native().fields()) {
        CAPTURE(std::string(info.name));
        CHECK(names.insert(info.name).second);
        CHECK(info.extract != nullptr);
        CHECK(info.description.ends_with('.'));
        CHECK(bool(info.has(kFilterOnly) && info.has(kPrintOnly)) == false);
    }
}

TEST_CASE("the native registry is all tables, in order") {
    std::size_t count = 0;
    for (const auto& table : native_tables()) {
        CHECK_FALSE(table.empty());
        count += table.size();
    }
    REQUIRE(Registry::native().fields().size() == count);
    CHECK(Registry::native().fields().front().name == event_fields().front().name);
    CHECK(Registry::native().fields().back().name == container_fields().back().name);
}

// What tells the two names of a file apart is evaluated twice: a row without the flag would see
// the asked name only, and a link would hide the file.
TEST_CASE("the fields that show the file's name say so") {
    std::set<std::string_view> names;
    for (const FieldInfo& info : Registry::native().fields()) {
        if (info.has(kNamesFile)) names.insert(info.name);
    }
    CHECK(names == std::set<std::string_view>{"fd.name", "fd.directory", "fd.filename",
                                              "fd.containername", "fd.containerdirectory",
                                              "fs.path.name", "fs.path.source", "fs.path.target",
                                              "evt.abspath", "evt.arg"});
}

TEST_CASE("every field can be bound in the way that its argument says") {
    for (const FieldInfo& info : Registry::native().fields()) {
        CAPTURE(std::string(info.name));
        const std::string name(info.name);
        switch (info.argument) {
            case Argument::kNone:
                CHECK(bound(name).info == &info);
                CHECK(error_of(name, "1") == "field " + name + ": takes no argument");
                break;
            case Argument::kIndexOptional:
                CHECK(bound(name).info == &info);
                CHECK(bound(name, "2").index == 2u);
                CHECK(error_of(name, "x") == "field " + name + ": takes a number as its argument");
                break;
            case Argument::kIndexOrKeyOptional:
            case Argument::kKeyOptional:
                CHECK(bound(name).argument.empty());
                CHECK(bound(name, "KEY").argument == "KEY");
                break;
            case Argument::kKeyRequired:
                CHECK(bound(name, "KEY").argument == "KEY");
                CHECK(error_of(name) == "field " + name + ": needs an argument");
                break;
            case Argument::kParam:
                CHECK(bound(name, "flags").argument == "flags");
                CHECK(bound(name, "0").index == 0u);
                CHECK(error_of(name) == "field " + name + ": needs an argument");
                CHECK(error_of(name, "nope") == "field " + name + ": unknown event argument nope");
                break;
            case Argument::kEventType:
                CHECK(bound(name, "open").argument == "open");
                CHECK(error_of(name, "nope") == "field " + name + ": unknown event type nope");
                break;
            case Argument::kTime:
                CHECK(bound(name, "1700000000000000000").argument == "1700000000000000000");
                CHECK(error_of(name) == "field " + name + ": needs an argument");
                CHECK(error_of(name, "now") ==
                      "field " + name + ": takes a time, ns since the epoch");
                break;
            case Argument::kSideOptional:
                CHECK(bound(name).argument.empty());
                CHECK(bound(name, "dst").argument == "dst");
                CHECK(error_of(name, "both") == "field " + name + ": takes src or dst");
                break;
            case Argument::kController:
                CHECK(bound(name, "memory").argument == "memory");
                CHECK(error_of(name) == "field " + name + ": needs an argument");
                break;
        }
    }
}

TEST_CASE("an argument may follow a dot where it names a parameter or an event") {
    CHECK(bound("evt.arg.flags") == bound("evt.arg", "flags"));
    CHECK(bound("evt.rawarg.res").info->name == "evt.rawarg");
    CHECK(bound("evt.type.is.openat").argument == "openat");
    CHECK(bound("evt.arg.0").index == 0u);
    CHECK(bound("evt.abspath.dst").argument == "dst");
    CHECK(bound("thread.cgroup.memory").argument == "memory");
    // The longest name that is a field is one: evt.time.s is not evt.time with an argument.
    CHECK(bound("evt.time.s").argument.empty());
}

TEST_CASE("names that are no fields are errors that name them") {
    const std::vector<std::string> names = {
        "",          "evt",       "evt.",      "evt.nope",     ".",
        "fd.name.",  "FD.NAME",   "fd.name ",  "proc.aname.1", "proc.env.HOME",
        ".evt.type", "evt..type", "evt.type.", "user.name.x"};
    for (const std::string& name : names) {
        CAPTURE(name);
        CHECK(error_of(name) == "nonexistent field " + name);
    }
    CHECK(error_of("evt.arg.nope") == "field evt.arg: unknown event argument nope");
    CHECK(error_of("evt.arg.") == "field evt.arg: unknown event argument ");
    CHECK(error_of("evt.type.is.nope") == "field evt.type.is: unknown event type nope");
    CHECK(error_of("nope", "1") == "nonexistent field nope");
    // With brackets, the dotted part is no argument any more.
    CHECK(error_of("evt.arg.flags", "1") == "nonexistent field evt.arg.flags");
}

TEST_CASE("an index is a whole number of 32 bits") {
    for (const char* text : {"", " 1", "1 ", "-1", "+1", "0x1", "1.0", "4294967296", "1]"}) {
        CAPTURE(text);
        CHECK(error_of("proc.aname", text) == "field proc.aname: takes a number as its argument");
    }
    CHECK(bound("proc.aname", "4294967295").index == 4294967295u);
    CHECK(bound("proc.aname", "007").index == 7u);
}

TEST_CASE("a use gives its name back as it was written") {
    CHECK(bound("fd.name").name() == "fd.name");
    CHECK(bound("proc.aname").name() == "proc.aname");
    CHECK(bound("proc.aname", "2").name() == "proc.aname[2]");
    CHECK(bound("proc.env", "HOME").name() == "proc.env[HOME]");
    CHECK(bound("evt.arg.flags").name() == "evt.arg.flags");
    CHECK(bound("evt.arg", "flags").name() == "evt.arg.flags");
    CHECK(bound("evt.arg", "0").name() == "evt.arg[0]");
    CHECK(bound("evt.type.is", "open").name() == "evt.type.is.open");
    CHECK(bound("evt.abspath", "src").name() == "evt.abspath.src");
}

// As most events with that parameter have it.
TEST_CASE("a raw parameter has the type that the table of events gives it") {
    const std::vector<std::pair<std::string_view, ValueType>> rows = {
        {"evt.rawarg.fd", ValueType::kInt},
        {"evt.rawarg.res", ValueType::kInt},
        {"evt.rawarg.pid", ValueType::kInt},
        {"evt.rawarg.sig", ValueType::kInt},
        {"evt.rawarg.uid", ValueType::kUint},
        {"evt.rawarg.flags", ValueType::kUint},
        {"evt.rawarg.mode", ValueType::kUint},
        {"evt.rawarg.domain", ValueType::kUint},
        {"evt.rawarg.name", ValueType::kPath},
        {"evt.rawarg.comm", ValueType::kString},
        {"evt.rawarg.env", ValueType::kBytes},
        {"evt.rawarg.tuple", ValueType::kString},
        {"evt.rawarg.exe_ino_ctime", ValueType::kAbstime},
        {"evt.rawarg.cap_effective", ValueType::kUint},
        {"evt.rawarg.data", ValueType::kBytes},
        {"evt.rawarg.addr", ValueType::kUint},
        {"evt.arg.fd", ValueType::kString},
    };
    for (const auto& [field, type] : rows) {
        INFO(field);
        CHECK(bound(field).type == type);
    }
    CHECK(bound("evt.rawarg", "0").type == ValueType::kString);
    CHECK(bound("proc.tty").type == ValueType::kUint);
}

TEST_CASE("a registry knows the fields that it was given, and no others") {
    const std::array rows = {FieldInfo{.name = "my.field",
                                       .type = ValueType::kUint,
                                       .argument = Argument::kNone,
                                       .several = Several::kOne,
                                       .flags = 0,
                                       .extract = nullptr,
                                       .fold = nullptr,
                                       .description = "Mine."}};
    const Registry mine(rows);
    CHECK(mine.bind("my.field", {})->info == &rows[0]);
    CHECK_FALSE(mine.bind("fd.name", {}));
    CHECK_FALSE(Registry::native().bind("my.field", {}));
}

}  // namespace
}  // namespace saker::field
