// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "util/result.h"

namespace saker::output {

// Where alerts go: one for each channel. Used by one thread.
class Sink {
public:
    virtual ~Sink() = default;

    // Takes one whole line, without a newline at its end. An error means that this line may be
    // lost; the sink stays usable.
    virtual Result<void> write(std::string_view line) = 0;

    // Hands on whatever is held back.
    virtual Result<void> flush() { return {}; }

    // Lines that it took and that were lost, whole or in part.
    virtual std::uint64_t lost() const { return 0; }
};

}  // namespace saker::output
