// SPDX-License-Identifier: Apache-2.0
#include "cli/repairs.h"

#include "catch.h"

namespace saker::cli {
namespace {

constexpr std::uint64_t kMs = 1'000'000;
constexpr std::uint64_t kStart = 500'000 * kMs;

TEST_CASE("The table is read anew only if something was lost, and then at once") {
    Repairs repairs;
    CHECK_FALSE(repairs.is_due(kStart));
    repairs.want();
    CHECK(repairs.is_due(kStart));
    repairs.note(kStart, kStart + kMs);
    CHECK_FALSE(repairs.is_due(kStart + 100'000 * kMs));
}

TEST_CASE("After a repair that was quick, the next one is a second later") {
    Repairs repairs;
    repairs.want();
    repairs.note(kStart, kStart + 2 * kMs);
    repairs.want();
    CHECK_FALSE(repairs.is_due(kStart + 1001 * kMs));
    CHECK(repairs.is_due(kStart + 1002 * kMs));
}

TEST_CASE(
    "After a repair that took long, the next one is ten times as long later, and not forgotten") {
    Repairs repairs;
    repairs.want();
    repairs.note(kStart, kStart + 3000 * kMs);
    repairs.want();
    CHECK_FALSE(repairs.is_due(kStart + 32'999 * kMs));
    CHECK(repairs.is_due(kStart + 33'000 * kMs));
}

}  // namespace
}  // namespace saker::cli
