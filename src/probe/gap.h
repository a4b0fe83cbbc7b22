// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace saker::probe {

// Something that this kernel or this process cannot do, and that Saker goes on without.
struct Gap {
    std::string line;    // what is lost, in words, for the log
    std::string detail;  // what the verifier or libbpf said, in lines; empty where nothing
};

}  // namespace saker::probe
