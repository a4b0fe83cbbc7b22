// SPDX-License-Identifier: Apache-2.0
// The libFuzzer program of one target, the function SAKER_FUZZ_TARGET.
#include "targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    saker::fuzz::SAKER_FUZZ_TARGET({data, size});
    return 0;
}
