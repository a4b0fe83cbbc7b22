// SPDX-License-Identifier: Apache-2.0
#include "output/stdout_sink.h"

#include <poll.h>
#include "fmt/core.h"

#include <cerrno>
#include <system_error>

namespace saker::output {
namespace {

Result<void> write_failed(int error) {
    if (error == EPIPE) {
        return fail("cannot write to standard output: its reader has gone away");
    }
    return fail(
        fmt::format("cannot write to standard output: {}", std::generic_category().message(error)));
}

// Waits until a descriptor that does not block takes data again. Its own failures show in the
// write(2) that follows.
void wait_writable(int fd) {
    pollfd waiting{fd, POLLOUT, 0};
    poll(&waiting, 1, -1);
}

Result<void> write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            wait_writable(fd);
        } else if (errno != EINTR) {
            return write_failed(errno);
        }
    }
    return {};
}

}  // namespace

// There is nobody left to tell about an error.
StdoutSink::~StdoutSink() {
    [[maybe_unused]] const Result<void> ignored = flush();
}

Result<void> StdoutSink::write(std::string_view line) {
    pending_ += line;
    pending_ += '\n';
    if (buffering_ == Buffering::kNone || pending_.size() >= kBufferSize) return flush();
    return {};
}

Result<void> StdoutSink::flush() {
    const Result<void> result = write_all(fd_, pending_);
    pending_.clear();
    return result;
}

}  // namespace saker::output
