// SPDX-License-Identifier: Apache-2.0
#include "event/name_filter.h"

#include <fcntl.h>

#include <random>
#include <string>
#include <vector>

#include "catch.h"
#include "sensor.h"

// The kernel filter as the rules fill it: it must never hold back what a rule matches.
namespace saker::engine {
namespace {

using test::RecordBuilder;
using test::rule_text;
using test::Sensor;

struct Opening {
    std::string asked;
    std::string base;  // of a relative name
    std::string real;  // empty: it failed
    int flags = O_RDONLY;

    // The file's f_flags: with O_PATH the kernel drops the access mode.
    int opened_with() const { return (flags & O_PATH) != 0 ? flags & ~O_ACCMODE : flags; }

    RecordBuilder record() const {
        RecordBuilder builder("openat");
        builder.arg(2, static_cast<std::uint64_t>(flags)).path(0, asked, base);
        if (real.empty()) return builder.ret(-ENOENT);
        return builder.ret(3).fd(
            1, test::Descriptor::opened(3, real, static_cast<std::uint32_t>(opened_with())));
    }
};

// What the kernel side does before it sends a record (bpf/filter.h).
bool passes(const event::KernelFilter& whole, const Opening& opening) {
    if (opening.real.empty() && whole.only_succeeded[SAKER_EVENT_openat]) return false;
    const event::NameFilter& filter = whole.names;
    std::uint8_t names = filter.pass(SAKER_EVENT_openat);
    const auto scan = [&](const std::string& text) {
        if ((names & SAKER_NAME_ANY) == 0) names |= event::scan_name(filter.table(), text);
    };
    scan(opening.asked + '\0' + test::walked(opening.base));
    if (!opening.real.empty()) scan(test::walked(opening.real));
    const bool writing = opening.real.empty() || (opening.opened_with() & O_ACCMODE) != O_RDONLY;
    return (names & (SAKER_NAME_ANY | (writing ? SAKER_NAME_WRITE : 0))) != 0;
}

bool passes(const std::string& condition, const Opening& opening) {
    Sensor sensor(rule_text("R", "evt.type = openat and " + condition, "x"));
    return passes(sensor.engine().kernel_filter(), opening);
}

TEST_CASE("what a rule cannot match is held back") {
    struct Case {
        const char* condition;
        Opening opening;
        bool passes;
    };
    const Opening passwd{"/etc/passwd", "", "/etc/passwd"};
    const Opening deep{"/a/b/c", "", "/a/b/c"};
    const Opening writes{"/a/b/c", "", "/a/b/c", O_WRONLY};
    const Opening looks{"/a/b/c", "", "/a/b/c", O_PATH | O_WRONLY};
    const Case cases[] = {
        {"fd.name = /etc/shadow", passwd, false},
        {"fd.name = /etc/shadow", {"/etc/shadow", "", "/etc/shadow"}, true},
        {"fd.name = /etc/shadow", {"link", "/tmp", "/etc/shadow"}, true},
        {"fd.name = /etc/shadow", {"/etc/shadow", "", ""}, true},
        {"fd.name in (/etc/shadow, /etc/passwd)", passwd, true},
        {"fd.name startswith /etc/", passwd, true},
        {"fd.name startswith /root/", passwd, false},
        {"fd.name startswith /etc", deep, true},  // no whole component
        {"fd.name glob /home/*/.ssh/*", passwd, false},
        {"fd.name pmatch (/etc, /root)", passwd, true},
        {"fd.name pmatch (/root)", passwd, false},
        {"fd.name endswith /release_agent", passwd, false},
        {"fd.name endswith release_agent", passwd, true},
        {"fd.filename = shadow", passwd, false},
        {"fd.directory = /etc", passwd, true},
        {"fd.directory = /", deep, false},
        {"fd.directory = /", {"/x", "", "/x"}, true},
        {"fd.directory = /", {"x", "/", "/x"}, true},
        {"fd.directory = /", {"/a/../x", "", "/y/x"}, true},
        {"basename(fd.name) = shadow", passwd, false},
        {"tolower(fd.name) = /etc/shadow", passwd, true},
        {"not fd.name = /etc/shadow", passwd, true},
        {"(fd.name = /etc/shadow or fd.name = /etc/group)", passwd, false},
        {"(fd.name = /etc/shadow or proc.name = cat)", passwd, true},
        {"fd.name = /etc/shadow and proc.name = cat", passwd, false},
        {"proc.name = cat", passwd, true},
        {"evt.is_open_write = true", deep, false},
        {"evt.is_open_write = true", writes, true},
        {"evt.is_open_write = true", looks, false},
        {"evt.is_open_write = true and fd.name startswith /a/", deep, false},
        {"evt.is_open_write = true and fd.name startswith /a/", writes, true},
        {"evt.is_open_write = true and fd.name startswith /b/", writes, true},  // has a b
        {"evt.is_open_write = true and fd.name startswith /d/", writes, false},
        {"evt.is_open_write = false and fd.name startswith /a/", deep, true},
        {"fd.name = \"\"", deep, true},
        {"fd.name = /etc/shadow and evt.rawres >= 0", {"/etc/shadow", "", ""}, false},
        {"fd.name = /etc/shadow and evt.rawres >= 0", {"/etc/shadow", "", "/etc/shadow"}, true},
        {"evt.rawres > -1", {"/etc/shadow", "", ""}, false},
        {"evt.rawres >= -1", {"/etc/shadow", "", ""}, true},
        {"evt.rawres = -2", {"/etc/shadow", "", ""}, true},
        {"evt.failed = false", {"/etc/shadow", "", ""}, false},
        {"not evt.failed = true", {"/etc/shadow", "", ""}, false},
        {"evt.failed != false", {"/etc/shadow", "", ""}, true},
        {"evt.res = SUCCESS", {"/etc/shadow", "", ""}, false},
        {"evt.res = ENOENT", {"/etc/shadow", "", ""}, true},
        {"(evt.failed = false or proc.name = cat)", {"/etc/shadow", "", ""}, true},
        {"(evt.failed = false or evt.rawres = 0)", {"/etc/shadow", "", ""}, false},
        {"fs.path.name = /etc/shadow", passwd, false},
        {"fs.path.name = /etc/shadow", {"link", "/tmp", "/etc/shadow"}, true},
        {"fs.path.name startswith /etc/", passwd, true},
        {"fs.path.nameraw = ../shadow", {"../shadow", "/etc/x", ""}, true},
        {"fs.path.nameraw = ../shadow", passwd, false},
        {"fs.path.namereal = /etc/shadow", passwd, false},
        {"fs.path.namereal = /etc/shadow", {"link", "/tmp", "/etc/shadow"}, true},
        {"evt.abspath = /etc/shadow", passwd, false},
        {"evt.abspath = /etc/shadow", {"shadow", "/etc", ""}, true},
    };
    for (const Case& one : cases) {
        INFO(one.condition << " with " << one.opening.asked << ", " << one.opening.real);
        CHECK(passes(one.condition, one.opening) == one.passes);
    }
}

TEST_CASE("only events that open files are held back") {
    Sensor sensor(rule_text("R", "evt.type in (openat, unlinkat) and fd.name = /x/y", "x"));
    CHECK(sensor.engine().kernel_filter().names.pass(SAKER_EVENT_openat) == 0);
    CHECK(sensor.engine().kernel_filter().names.pass(SAKER_EVENT_unlinkat) == SAKER_NAME_ANY);
    CHECK(sensor.engine().kernel_filter().names.pass(SAKER_EVENT_open) == SAKER_NAME_ANY);
}

// Texts from few letters, so that rules and openings meet.
class Chance {
public:
    explicit Chance(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t bound) { return random_() % bound; }

    std::string path() {
        static const char* const kComponents[] = {"a", "b", "etc", "shadow12", ".", "..", ""};
        std::string path;
        for (std::size_t i = below(4) + 1; i > 0; --i) {
            path += std::string("/") + kComponents[below(std::size(kComponents))];
        }
        return path;
    }
    std::string real_path() {
        static const char* const kComponents[] = {"a", "b", "etc", "shadow12"};
        std::string path;
        for (std::size_t i = below(4) + 1; i > 0; --i) {
            path += std::string("/") + kComponents[below(std::size(kComponents))];
        }
        return path;
    }

    std::string test() {
        static const char* const kFields[] = {
            "fd.name",           "fd.directory", "fd.filename",  "fd.nameraw",
            "basename(fd.name)", "fd.realpath",  "fs.path.name", "fs.path.nameraw",
            "fs.path.namereal",  "evt.abspath"};
        static const char* const kOperators[] = {"=",        "startswith", "endswith",
                                                 "contains", "!=",         "glob"};
        static const char* const kOthers[] = {"evt.is_open_write = true", "fd.num >= 0",
                                              "evt.rawres >= 0",          "evt.rawres < 0",
                                              "evt.failed = true",        "evt.res = SUCCESS"};
        if (below(4) == 0) return kOthers[below(std::size(kOthers))];
        const std::string field = kFields[below(std::size(kFields))];
        std::string text = real_path();
        if (below(2) == 0) text = text.substr(below(text.size()));
        if (below(2) == 0) text = text.substr(0, 1 + below(text.size()));
        if (below(8) == 0) return field + " pmatch (" + real_path() + ")";
        if (below(8) == 0) return field + " in (" + text + ", " + real_path() + ", b, /)";
        return field + " " + kOperators[below(std::size(kOperators))] + " " + text;
    }

    std::string condition(int depth = 2) {
        if (depth == 0) return test();
        const std::string left = condition(depth - 1), right = condition(depth - 1);
        static const char* const kJoints[] = {" and ", " or ", " and not "};
        return "(" + left + kJoints[below(std::size(kJoints))] + right + ")";
    }

    Opening opening() {
        Opening one{path(), "", below(5) == 0 ? "" : real_path(), static_cast<int>(below(3))};
        if (below(4) == 0) one.flags |= O_PATH;
        // Only a relative name has a base (end_path in bpf/capture.h).
        const std::size_t relative = one.asked.find_first_not_of('/');
        if (below(3) == 0 && relative != std::string::npos) {
            one.asked.erase(0, relative);
            one.base = below(3) == 0 ? "/" : real_path();
        }
        return one;
    }

private:
    std::mt19937 random_;
};

TEST_CASE("no opening that a rule matches is held back") {
    const unsigned seed = std::random_device()();
    Chance chance(seed);
    std::size_t matched = 0;
    std::size_t held_back = 0;
    for (int i = 0; i < 400; ++i) {
        const std::string condition = chance.condition();
        Sensor sensor(rule_text("R", "evt.type = openat and " + condition, "x"));
        for (int j = 0; j < 25; ++j) {
            const Opening opening = chance.opening();
            INFO("seed " << seed << ": " << condition << "; asked " << opening.asked << " in "
                         << opening.base << ", real " << opening.real << ", flags "
                         << opening.flags);
            const bool wanted = !sensor.feel(opening.record()).empty();
            const bool sent = passes(sensor.engine().kernel_filter(), opening);
            if (wanted) REQUIRE(sent);
            matched += wanted ? 1 : 0;
            held_back += sent ? 0 : 1;
        }
    }
    CHECK(matched > 100);
    CHECK(held_back > 100);
}

}  // namespace
}  // namespace saker::engine
