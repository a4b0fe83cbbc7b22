// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "container/request.h"

namespace saker::container {

// Who is asked for facts and answers later. Neither call blocks; one thread.
class FactsSource {
public:
    virtual ~FactsSource() = default;
    // False if there is no room for the question; then it will not be answered.
    virtual bool ask(Request request) = 0;
    // The next answer; nullopt if there is none yet. Each question gets one that is its last, and
    // before it, perhaps, one with what is known already. Questions are answered in any order.
    virtual std::optional<Answer> poll() = 0;
};

}  // namespace saker::container
