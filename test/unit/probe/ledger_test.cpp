// SPDX-License-Identifier: Apache-2.0
#include "probe/ledger.h"

#include "catch.h"

namespace saker::probe {
namespace {

TEST_CASE("a class is balanced if nothing is missing") {
    CHECK(Ledger::Class{}.balanced());
    CHECK(Ledger::Class{.produced = 5, .consumed = 3, .lost = 2}.balanced());
    CHECK_FALSE(Ledger::Class{.produced = 5, .consumed = 3, .lost = 1}.balanced());
    CHECK_FALSE(Ledger::Class{.produced = 5, .consumed = 6, .lost = 0}.balanced());
}

TEST_CASE("the sums are over all classes") {
    Ledger ledger;
    ledger.classes[SAKER_RING_BULK] = {.produced = 100, .consumed = 90, .lost = 10};
    ledger.classes[SAKER_RING_VITAL] = {.produced = 7, .consumed = 6, .lost = 1};
    CHECK(ledger.produced() == 107);
    CHECK(ledger.consumed() == 96);
    CHECK(ledger.lost() == 11);
}

}  // namespace
}  // namespace saker::probe
