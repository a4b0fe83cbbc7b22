// SPDX-License-Identifier: Apache-2.0
#include "event/name.h"

#include <random>
#include <vector>

#include "catch.h"
#include "record_builder.h"

namespace saker::event {
namespace {

Bytes as_bytes(std::string_view text) {
    return std::as_bytes(std::span(text));
}

// Each with a buffer of exactly the promised size, so that the sanitizers see a byte too many.
std::string walked(std::string_view walk, bool cut = false) {
    std::vector<char> buffer(walked_bound(as_bytes(walk)));
    return std::string(walked_name(as_bytes(walk), cut, buffer.data()));
}

std::string asked(std::string_view name, std::string_view base, bool cut = false) {
    const std::string walk = test::walked(base);
    const Event::Path path{name, as_bytes(walk), cut};
    std::vector<char> buffer(asked_bound(path));
    return std::string(asked_name(path, buffer.data()));
}

std::string folded(std::string_view base, std::string_view name) {
    std::vector<char> buffer(fold_bound(base, name));
    return std::string(fold_path(base, name, buffer.data()));
}

TEST_CASE("a walk is turned around") {
    using namespace std::string_literals;
    CHECK(walked("") == "/");
    CHECK(walked("etc\0"s) == "/etc");
    CHECK(walked("shadow\0etc\0"s) == "/etc/shadow");
    CHECK(walked("c\0bb\0aaa\0"s) == "/aaa/bb/c");
}

TEST_CASE("a cut walk has no leading slash") {
    using namespace std::string_literals;
    CHECK(walked("c\0b\0"s, true) == "b/c");
    CHECK(walked("", true) == "");
    // The last name lacks its end.
    CHECK(walked("c\0bb"s) == "bb/c");
}

TEST_CASE("a walk with empty names has no doubled slashes") {
    using namespace std::string_literals;
    CHECK(walked("\0"s) == "/");
    CHECK(walked("\0\0a\0\0b\0"s) == "/b/a");
}

struct Fold {
    std::string base, asked, name;
};

TEST_CASE("asked names are folded as text") {
    const std::vector<Fold> folds = {
        {"", "/", "/"},
        {"", "/etc/shadow", "/etc/shadow"},
        {"/home/u", "/etc/shadow", "/etc/shadow"},
        {"", "//etc///shadow", "/etc/shadow"},
        {"", "/etc/", "/etc"},
        {"", "/etc/.", "/etc"},
        {"", "/./etc/./shadow", "/etc/shadow"},
        {"", "/etc/../root/.ssh/id", "/root/.ssh/id"},
        {"", "/../../etc", "/etc"},
        {"", "/..", "/"},
        {"", "/a/b/../..", "/"},
        {"", "/a/...", "/a/..."},
        {"", "/a/..b/.c", "/a/..b/.c"},
        {"/etc", "shadow", "/etc/shadow"},
        {"/etc", "./shadow", "/etc/shadow"},
        {"/etc", "../root//x/", "/root/x"},
        {"/etc", "..", "/"},
        {"/etc", "../../..", "/"},
        {"/etc", "", "/etc"},
        {"/etc", ".", "/etc"},
        {"/", "x", "/x"},
        {"", "x", "/x"},
        {"", "../x", "/x"},
        {"/a/b/c", "../../x/../y", "/a/y"},
        {"/etc", "new\nline", "/etc/new\nline"},
    };
    for (const Fold& fold : folds) {
        CAPTURE(fold.base, fold.asked);
        CHECK(asked(fold.asked, fold.base) == fold.name);
        CHECK(folded(fold.base, fold.asked) == fold.name);
        CHECK(is_folded(fold.name));
        CHECK(is_folded(fold.asked) == (fold.asked == fold.name));
    }
}

TEST_CASE("a relative name below a cut base has no leading slash") {
    CHECK(asked("x", "/b/c", true) == "b/c/x");
    CHECK(asked("../x", "/b/c", true) == "b/x");
    CHECK(asked("../../../x", "/b/c", true) == "x");
    CHECK(asked("../..", "/b/c", true) == "");
    CHECK(folded("b/c", "../x") == "b/x");
    // Only relative names depend on the walk.
    CHECK(asked("/etc/../x", "/b/c", true) == "/x");
    CHECK(folded("b/c", "/x") == "/x");
}

TEST_CASE("a folded absolute name is not copied") {
    const Event::Path path{"/etc/shadow", {}, false};
    CHECK(asked_name(path, nullptr).data() == path.asked.data());
}

TEST_CASE("names are appended") {
    std::string out = "is ";
    const std::string walk = test::walked("/etc/shadow");
    append_walked_name(as_bytes(walk), false, out);
    CHECK(out == "is /etc/shadow");
    append_walked_name({}, false, out);
    CHECK(out == "is /etc/shadow/");
    append_walked_name({}, true, out);
    CHECK(out == "is /etc/shadow/");
    append_asked_name({"../x", as_bytes(walk), false}, out);
    CHECK(out == "is /etc/shadow//etc/x");
    append_asked_name({"/y", as_bytes(walk), false}, out);
    CHECK(out == "is /etc/shadow//etc/x/y");
}

TEST_CASE("what folds is found at any place of a name") {
    for (std::size_t size = 1; size < 40; ++size) {
        CAPTURE(size);
        const std::string head = "/" + std::string(size, 'a');
        CHECK(is_folded(head + "/.b/c"));
        CHECK(is_folded(head + "/..b/c"));
        CHECK_FALSE(is_folded(head + "/../c"));
        CHECK_FALSE(is_folded(head + "/./c"));
        CHECK_FALSE(is_folded(head + "//c"));
        CHECK_FALSE(is_folded(head + "/.."));
    }
}

// Text made of the bytes that folding looks at.
std::string random_text(std::mt19937& random, std::string_view alphabet) {
    std::string text;
    for (std::size_t size = random() % 12; size > 0; --size) {
        text += alphabet[random() % alphabet.size()];
    }
    return text;
}

bool leads_to(std::string_view name, std::string_view base, std::string_view real,
              bool cut = false) {
    const std::string base_walk = test::walked(base);
    const std::string real_walk = test::walked(real);
    return is_name_of(as_bytes(real_walk), Event::Path{name, as_bytes(base_walk), cut});
}

TEST_CASE("a file that was asked for by its real name is known as such") {
    CHECK(leads_to("/etc/shadow", "", "/etc/shadow"));
    CHECK(leads_to("shadow", "/etc", "/etc/shadow"));
    CHECK(leads_to("pam.d/su", "/etc", "/etc/pam.d/su"));
    CHECK(leads_to("etc", "/", "/etc"));
    CHECK(leads_to("...", "/etc", "/etc/..."));
    CHECK_FALSE(leads_to("shadow", "/tmp", "/etc/shadow"));
    CHECK_FALSE(leads_to("shadow", "", "/etc/shadow"));
    CHECK_FALSE(leads_to("shadow", "/etc", "/etc/shadow", true));
    CHECK_FALSE(leads_to("link", "/etc", "/etc/shadow"));
    CHECK_FALSE(leads_to("/shadow", "/etc", "/etc/shadow"));
    CHECK_FALSE(leads_to("./shadow", "/etc", "/etc/shadow"));
    CHECK_FALSE(leads_to("shadow/", "/etc", "/etc/shadow"));
    CHECK_FALSE(leads_to("d/su", "/etc/pam", "/etc/pam.d/su"));
    CHECK_FALSE(leads_to(".", "/etc", "/etc"));
    CHECK_FALSE(leads_to("", "/etc", "/etc"));
    CHECK_FALSE(leads_to("/", "", "/"));
}

TEST_CASE("what is known to be the real name is the asked one") {
    std::mt19937 random(3);
    int found = 0;
    for (int round = 0; round < 50'000; ++round) {
        const std::string name = random_text(random, "//aab");
        const std::string base = folded("", "/" + random_text(random, "/ab"));
        const bool same = round % 2 == 0;
        const std::string real = folded(base, same ? name : random_text(random, "//aab"));
        CAPTURE(name, base, real);
        const bool absolute = name.starts_with('/');
        const bool leads = leads_to(name, absolute ? "" : base, real);
        if (leads) CHECK(asked(name, absolute ? "" : base) == real);
        found += leads ? 1 : 0;
    }
    CHECK(found > 1000);
}

TEST_CASE("whatever the names are, the result is folded") {
    using namespace std::string_view_literals;
    std::mt19937 random(2);
    for (int round = 0; round < 50'000; ++round) {
        const std::string name = random_text(random, "/..a");
        const std::string walk = random_text(random, "\0ab"sv);
        CAPTURE(name, walk);
        const Event::Path path{name, as_bytes(walk), (random() & 1) != 0};
        std::vector<char> buffer(asked_bound(path));
        const std::string_view result = asked_name(path, buffer.data());
        const bool cut = path.cut || (!walk.empty() && walk.back() != '\0');
        if (cut && !name.starts_with('/')) {
            CHECK_FALSE(result.starts_with('/'));
            CHECK(is_folded("/" + std::string(result)));
        } else {
            CHECK(is_folded(result));
            CHECK(result == folded(walked(walk), name));
        }
        CHECK(is_folded(name) == (name.starts_with('/') && folded("", name) == name));
    }
}

}  // namespace
}  // namespace saker::event
