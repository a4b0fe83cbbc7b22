// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "targets.h"
#include "unit/catch.h"

// Runs every target on its corpus, seeds and all crashes that were ever found, without libFuzzer.
namespace saker::fuzz {
namespace {

std::vector<std::uint8_t> read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST_CASE("the fuzz targets come back from their corpus") {
    for (const Target& target : kTargets) {
        std::size_t files = 0;
        const auto folder = std::filesystem::path("test/fuzz/corpus") / target.name;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            INFO(entry.path());
            target.run(read(entry.path()));
            ++files;
        }
        INFO(target.name);
        CHECK(files > 0);
    }
}

}  // namespace
}  // namespace saker::fuzz
