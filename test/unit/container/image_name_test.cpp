// SPDX-License-Identifier: Apache-2.0
#include "container/image_name.h"

#include "catch.h"

namespace saker::container {
namespace {

struct Case {
    std::string_view name, repository, tag, digest;
};

constexpr Case kCases[] = {
    {"busybox", "busybox", "", ""},
    {"busybox:1.36", "busybox", "1.36", ""},
    {"registry:5000/team/shop", "registry:5000/team/shop", "", ""},
    {"registry:5000/team/shop:1.2", "registry:5000/team/shop", "1.2", ""},
    {"shop@sha256:ab", "shop", "", "sha256:ab"},
    {"reg.io/shop:1@sha256:ab", "reg.io/shop", "1", "sha256:ab"},
    {"sha256:0123", "", "", "sha256:0123"},
    {"", "", "", ""},
    {":", "", "", ""},
    {"@", "", "", ""},
    {"/:x", "/", "x", ""},
};

TEST_CASE("An image's name has a repository, a tag and a digest") {
    for (const Case& expected : kCases) {
        CAPTURE(expected.name);
        const ImageName parts = parse_image_name(expected.name);
        CHECK(parts.repository == expected.repository);
        CHECK(parts.tag == expected.tag);
        CHECK(parts.digest == expected.digest);
    }
}

}  // namespace
}  // namespace saker::container
