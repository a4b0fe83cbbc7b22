// SPDX-License-Identifier: Apache-2.0
#include "state/process.h"

#include <memory>
#include <string>

#include "catch.h"

namespace saker::state {
namespace {

using namespace std::string_literals;

TEST_CASE("The first argument is taken out of its row") {
    struct Case {
        std::string args, argv0;
    };
    const auto [args, argv0] = GENERATE(values<Case>({
        {"", ""},
        {"cat\0"s, "cat"},
        {"cat"s, "cat"},  // cut
        {"cat\0-n\0/etc/shadow\0"s, "cat"},
        {"\0-c\0"s, ""},
        {"\0"s, ""},
    }));
    Image image;
    image.args = args;
    CAPTURE(args);
    CHECK(image.argv0() == argv0);
}

TEST_CASE("A variable is found by its whole name") {
    Image image;
    image.env = "HOMEDIR=/x\0HOME=/root\0EMPTY=\0=odd\0EQUALS=a=b\0HOME=/second\0BARE\0CUT=ha"s;
    CHECK(image.variable("HOME") == "/root");
    CHECK(image.variable("HOMEDIR") == "/x");
    CHECK(image.variable("EMPTY") == "");
    CHECK(image.variable("EQUALS") == "a=b");
    CHECK(image.variable("BARE") == "");
    CHECK(image.variable("CUT") == "ha");
    CHECK(image.variable("HOM") == "");
    CHECK(image.variable("ABSENT") == "");
}

TEST_CASE("A lineage of any length is let go of without recursion") {
    auto process = std::make_shared<Process>();
    for (int i = 0; i < 200'000; ++i) {
        auto child = std::make_shared<Process>();
        child->parent = std::move(process);
        process = std::move(child);
    }
    const std::weak_ptr<Process> grandparent = process->parent->parent;
    process.reset();
    CHECK(grandparent.expired());
}

TEST_CASE("Letting go of a lineage stops where another process needs it") {
    auto grandparent = std::make_shared<Process>();
    auto parent = std::make_shared<Process>();
    parent->parent = grandparent;
    auto child = std::make_shared<Process>();
    child->parent = parent;
    auto sibling = std::make_shared<Process>();
    sibling->parent = std::move(parent);

    child.reset();
    REQUIRE(sibling->parent != nullptr);
    CHECK(sibling->parent->parent == grandparent);
}

}  // namespace
}  // namespace saker::state
