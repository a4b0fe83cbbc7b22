// SPDX-License-Identifier: Apache-2.0
#include "event/name_filter.h"

#include <string>

#include "catch.h"

namespace saker::event {
namespace {

// As a record has it: with its last NUL.
std::uint8_t scan(const NameFilter& filter, std::string name) {
    name += '\0';
    return scan_name(filter.table(), name);
}

TEST_CASE("a name is wanted for any component, wherever it stands") {
    NameFilter filter;
    filter.add("shadow", SAKER_NAME_ANY);
    for (const char* name : {"/etc/shadow", "shadow", "/shadow/x", "//shadow//", "a/shadow/b/c",
                             "12345678/shadow", "/1234567/shadow", "/12345678shadow/shadow"}) {
        INFO(name);
        CHECK(scan(filter, name) == SAKER_NAME_ANY);
    }
    for (const char* name : {"", "/", "/etc/passwd", "/etc/shadow-", "/etc/xshadow", "/shado/w",
                             "/Shadow", "12345678shadow"}) {
        INFO(name);
        CHECK(scan(filter, name) == 0);
    }
}

TEST_CASE("components of every length are found, and only as a whole") {
    for (std::size_t length = 1; length <= 60; ++length) {
        const std::string component(length, 'x');
        NameFilter filter;
        filter.add(component, SAKER_NAME_WRITE);
        INFO(length);
        CHECK(scan(filter, "/a/" + component) == SAKER_NAME_WRITE);
        CHECK(scan(filter, component + "/bb") == SAKER_NAME_WRITE);
        CHECK(scan(filter, "/a/" + component + "x") == 0);
        CHECK(scan(filter, "/a/" + component.substr(1)) == 0);
    }
}

TEST_CASE("walked names end their components with NUL") {
    NameFilter filter;
    filter.add("etc", SAKER_NAME_ANY);
    CHECK(scan_name(filter.table(), std::string_view("shadow\0etc\0", 11)) == SAKER_NAME_ANY);
    CHECK(scan_name(filter.table(), std::string_view("shadow\0usr\0", 11)) == 0);
}

TEST_CASE("bytes beyond ASCII are bytes like others") {
    NameFilter filter;
    filter.add("\xff\x80\xaf\x2e", SAKER_NAME_ANY);
    CHECK(scan(filter, "/a/\xff\x80\xaf\x2e") == SAKER_NAME_ANY);
    CHECK(scan(filter, "/a/\xff\x80\xaf\x2d") == 0);
}

TEST_CASE("classes are kept apart") {
    NameFilter filter;
    filter.add("any", SAKER_NAME_ANY);
    filter.add("bin", SAKER_NAME_WRITE);
    CHECK(scan(filter, "/any/x") == SAKER_NAME_ANY);
    CHECK(scan(filter, "/x/bin") == SAKER_NAME_WRITE);
    CHECK(scan(filter, "/any/bin") == (SAKER_NAME_ANY | SAKER_NAME_WRITE));
}

TEST_CASE("a shallow name is wanted, and one that may become shallow") {
    NameFilter filter;
    filter.add_shallow(SAKER_NAME_WRITE);
    for (const char* name : {"/x", "/", "x", "//x", "./x", "/a/../x", "/a/."}) {
        INFO(name);
        CHECK(scan(filter, name) == SAKER_NAME_WRITE);
    }
    CHECK(scan(filter, "/a/b") == 0);
}

TEST_CASE("a name that is too long to be looked at is wanted") {
    NameFilter filter;
    CHECK(scan(filter, std::string(400, 'x')) == 0);
    CHECK(scan(filter, std::string(8 * SAKER_NAME_WORDS + 1, 'x')) == SAKER_NAME_ANY);
    CHECK(scan(filter, std::string(SAKER_NAME_WORDS + 1, '/')) == SAKER_NAME_ANY);
}

TEST_CASE("a filter lets everything pass until it is told otherwise") {
    NameFilter filter;
    CHECK(filter.pass(SAKER_EVENT_openat) == SAKER_NAME_ANY);
    filter.restrict(SAKER_EVENT_openat, SAKER_NAME_WRITE);
    CHECK(filter.pass(SAKER_EVENT_openat) == SAKER_NAME_WRITE);
    CHECK(filter.pass(SAKER_EVENT_open) == SAKER_NAME_ANY);
}

}  // namespace
}  // namespace saker::event
