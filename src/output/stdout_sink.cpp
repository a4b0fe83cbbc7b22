// SPDX-License-Identifier: Apache-2.0
#include "output/stdout_sink.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "fmt/core.h"

namespace saker::output {
namespace {

Result<void> reader_hangs() {
    return fail("cannot write to standard output: its reader takes nothing, and the end is due");
}

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
    std::string_view left = pending_;
    const Result<void> result = write_all(left);
    lost_ += static_cast<std::uint64_t>(std::ranges::count(left, '\n'));
    pending_.clear();
    return result;
}

bool StdoutSink::must_give_up() {
    given_up_ = given_up_ || (give_up_ != nullptr && give_up_());
    return given_up_;
}

// What could not be written stays in `bytes`.
Result<void> StdoutSink::write_all(std::string_view& bytes) {
    if (given_up_ && !bytes.empty()) return reader_hangs();
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
        const int error = written < 0 ? errno : 0;
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (error != EAGAIN && error != EINTR) {
            return write_failed(error);
        }
        if (bytes.empty()) break;
        if (must_give_up()) return reader_hangs();
        if (error == EAGAIN) wait_writable(fd_);
    }
    return {};
}

}  // namespace saker::output
