// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "absl/container/flat_hash_map.h"

namespace saker::container {

// Which services are worth a question. One that did not answer in time is left alone for kRest:
// otherwise each container would pay for a service that hangs. One thread.
class Sockets {
public:
    static constexpr std::chrono::seconds kRest{10};

    explicit Sockets(int timeout_ms) : timeout_ms_(timeout_ms) {}

    int timeout_ms() const { return timeout_ms_; }  // for one question

    bool is_resting(const std::string& socket) const {
        const auto found = until_.find(socket);
        return found != until_.end() && std::chrono::steady_clock::now() < found->second;
    }
    void rest(const std::string& socket) {
        // Their paths come from command lines: no more are remembered than there can be services.
        if (until_.size() >= kMaxServices) until_.clear();
        until_[socket] = std::chrono::steady_clock::now() + kRest;
    }

private:
    static constexpr std::size_t kMaxServices = 64;

    int timeout_ms_;
    absl::flat_hash_map<std::string, std::chrono::steady_clock::time_point> until_;
};

}  // namespace saker::container
