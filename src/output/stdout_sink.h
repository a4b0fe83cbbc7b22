// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "output/sink.h"

namespace saker::output {

// Writes lines to standard output. Unbuffered, each line is handed to the kernel at once and, as
// long as it is not longer than PIPE_BUF, in one piece (pipe(7)). Buffered, lines are collected
// until kBufferSize is reached, flush() or the end.
//
// write(2) that was interrupted or took only a part is continued; a descriptor that does not block
// (someone else set O_NONBLOCK on the terminal) is waited for. A reader that has gone away or a
// full disk is an error in words; the process must ignore SIGPIPE.
class StdoutSink : public Sink {
public:
    static constexpr std::size_t kBufferSize = 64 * 1024;

    enum class Buffering { kNone, kLines };

    // `fd` is for tests; it is not closed.
    explicit StdoutSink(Buffering buffering, int fd = STDOUT_FILENO)
        : buffering_(buffering), fd_(fd) {}
    ~StdoutSink() override;
    StdoutSink(const StdoutSink&) = delete;
    StdoutSink& operator=(const StdoutSink&) = delete;

    Result<void> write(std::string_view line) override;

    // What could not be written is dropped, so that an error does not come back with every line.
    Result<void> flush() override;

private:
    Buffering buffering_;
    int fd_;
    std::string pending_;  // whole lines
};

}  // namespace saker::output
