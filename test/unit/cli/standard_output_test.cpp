// SPDX-License-Identifier: Apache-2.0
#include "cli/standard_output.h"

#include <fcntl.h>

#include <cstddef>
#include <memory>
#include <string>

#include "catch.h"

namespace saker::cli {
namespace {

using Stream = std::unique_ptr<std::FILE, decltype([](std::FILE* file) { std::fclose(file); })>;

TEST_CASE("what a full disk does not take is an error, however much it is") {
    constexpr std::size_t kSizes[] = {1, 1 << 20};  // less and more than stdio's buffer
    for (const std::size_t size : kSizes) {
        CAPTURE(size);
        const Stream full(std::fopen("/dev/full", "w"));
        REQUIRE(full);
        std::fputs(std::string(size, 'x').c_str(), full.get());
        const auto done = flush_standard_output(full.get());
        REQUIRE_FALSE(done);
        CHECK(done.error().message == "cannot write to standard output: No space left on device");
    }
}

TEST_CASE("what was taken is no error, and nothing is added to it") {
    std::string text(2, '\0');
    const Stream taken(fmemopen(text.data(), text.size(), "w"));
    REQUIRE(taken);
    std::fputs("x", taken.get());
    CHECK(flush_standard_output(taken.get()));
    CHECK(text == std::string("x\0", 2));
}

TEST_CASE("nothing can be written to what is closed or only read") {
    const Stream read(std::fopen("/dev/null", "r"));
    const Stream written(std::fopen("/dev/null", "w"));
    REQUIRE((read && written));
    CHECK(check_standard_output(-1).error().message.starts_with("standard output is closed"));
    CHECK_FALSE(check_standard_output(fileno(read.get())));
    CHECK(check_standard_output(fileno(written.get())));
}

}  // namespace
}  // namespace saker::cli
