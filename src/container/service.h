// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "util/root_folder.h"

// What questions to a runtime's service have in common, whichever protocol it talks. A service may
// be an ordinary user's (rootless Podman), so nothing of it is believed: not its speed, and not the
// size of its answers.
namespace saker::container {

enum class ServiceStatus : std::uint8_t {
    kDone,
    kAbsent,  // no such socket, nobody listens, or no answer that makes sense
    kLate,    // no answer in time
    kDenied,  // the socket may not be used
    kError,   // the service answered with an error
};

// Of one answer, in bytes.
inline constexpr std::size_t kMaxAnswerBytes = std::size_t{4} << 20;

// The time that is left for one question, all of it.
class Deadline {
public:
    explicit Deadline(int timeout_ms)
        : end_(std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms)) {}
    // Milliseconds, as poll() takes them; 0: it is over.
    int left() const;

private:
    std::chrono::steady_clock::time_point end_;
};

// A connection to a service's unix socket. Nothing blocks.
class ServiceConnection {
public:
    // Connects to what the path leads to below the root. The status says what came of it.
    ServiceConnection(const RootFolder& root, std::string_view path);
    ServiceConnection(const ServiceConnection&) = delete;
    ServiceConnection& operator=(const ServiceConnection&) = delete;
    ~ServiceConnection();

    ServiceStatus status() const { return status_; }
    int fd() const { return fd_; }

private:
    int fd_ = -1;
    ServiceStatus status_ = ServiceStatus::kAbsent;
};

}  // namespace saker::container
