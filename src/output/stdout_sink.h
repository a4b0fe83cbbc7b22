// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <cstddef>
#include <cstdint>
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
//
// A reader that takes nothing is waited for, too, until `give_up` says otherwise. It is asked when
// a signal has interrupted the waiting: O_NONBLOCK is not ours to set on a terminal that is shared.
// After that nothing more is written, so that the end does not wait for each line anew.
class StdoutSink : public Sink {
public:
    static constexpr std::size_t kBufferSize = 64 * 1024;

    enum class Buffering { kNone, kLines };

    using GiveUp = bool (*)();

    // `give_up` may be nullptr: never. `fd` is for tests; it is not closed.
    explicit StdoutSink(Buffering buffering, GiveUp give_up = nullptr, int fd = STDOUT_FILENO)
        : buffering_(buffering), give_up_(give_up), fd_(fd) {}
    ~StdoutSink() override;
    StdoutSink(const StdoutSink&) = delete;
    StdoutSink& operator=(const StdoutSink&) = delete;

    Result<void> write(std::string_view line) override;

    // What could not be written is dropped, so that an error does not come back with every line.
    Result<void> flush() override;

    std::uint64_t lost() const override { return lost_; }

private:
    Result<void> write_all(std::string_view& bytes);
    bool must_give_up();

    Buffering buffering_;
    GiveUp give_up_;
    int fd_;
    bool given_up_ = false;
    std::uint64_t lost_ = 0;
    std::string pending_;  // whole lines
};

}  // namespace saker::output
