// SPDX-License-Identifier: Apache-2.0
#include "output/stdout_sink.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>
#include <thread>

#include "catch.h"

using saker::output::StdoutSink;
using Buffering = StdoutSink::Buffering;

namespace {

class Pipe {
public:
    Pipe() { REQUIRE(pipe2(fds_.data(), O_CLOEXEC) == 0); }
    ~Pipe() {
        close_end(0);
        close_end(1);
    }
    int reader() const { return fds_[0]; }
    int writer() const { return fds_[1]; }
    void close_end(int end) {
        if (fds_[end] >= 0) close(fds_[end]);
        fds_[end] = -1;
    }

    // What is in the pipe now.
    std::string read_some() const {
        std::array<char, 4096> block;
        const ssize_t size = read(fds_[0], block.data(), block.size());
        return size > 0 ? std::string(block.data(), static_cast<std::size_t>(size)) : std::string();
    }

    // Everything until the other end is closed.
    std::string read_all() const {
        std::string all;
        for (std::string part = read_some(); !part.empty(); part = read_some()) all += part;
        return all;
    }

private:
    std::array<int, 2> fds_{-1, -1};
};

void set_nonblocking(int fd) {
    REQUIRE(fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
}

}  // namespace

TEST_CASE("an unbuffered line is there at once") {
    const Pipe pipe;
    StdoutSink sink(Buffering::kNone, pipe.writer());
    REQUIRE(sink.write("first"));
    CHECK(pipe.read_some() == "first\n");
    REQUIRE(sink.write(""));
    CHECK(pipe.read_some() == "\n");
}

TEST_CASE("buffered lines wait for flush, for a full buffer, or for the end") {
    Pipe pipe;
    set_nonblocking(pipe.reader());
    {
        StdoutSink sink(Buffering::kLines, pipe.writer());
        REQUIRE(sink.write("one"));
        CHECK(pipe.read_some().empty());
        REQUIRE(sink.flush());
        CHECK(pipe.read_some() == "one\n");
        REQUIRE(sink.write("two"));
    }
    CHECK(pipe.read_some() == "two\n");
}

TEST_CASE("a buffer that is full is written") {
    Pipe pipe;
    REQUIRE(fcntl(pipe.writer(), F_SETPIPE_SZ, 4 * StdoutSink::kBufferSize) > 0);
    StdoutSink sink(Buffering::kLines, pipe.writer());
    REQUIRE(sink.write(std::string(StdoutSink::kBufferSize, 'x')));
    CHECK(pipe.read_some().size() == 4096);
}

TEST_CASE("a line larger than the pipe goes through whole, though the descriptor does not block") {
    Pipe pipe;
    set_nonblocking(pipe.writer());
    const std::string line(1'000'000, 'x');
    std::string got;
    std::thread reader([&] { got = pipe.read_all(); });
    {
        StdoutSink sink(Buffering::kNone, pipe.writer());
        CHECK(sink.write(line));
        CHECK(sink.write("end"));
    }
    pipe.close_end(1);
    reader.join();
    CHECK((got == line + "\nend\n"));
}

TEST_CASE("a reader that has gone away is an error in words") {
    std::signal(SIGPIPE, SIG_IGN);
    Pipe pipe;
    pipe.close_end(0);
    StdoutSink sink(Buffering::kNone, pipe.writer());
    const auto result = sink.write("line");
    REQUIRE_FALSE(result);
    CHECK(result.error().message == "cannot write to standard output: its reader has gone away");
}

TEST_CASE("a full disk is an error in words, for each line") {
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    REQUIRE(full >= 0);
    {
        StdoutSink sink(Buffering::kNone, full);
        for (int i = 0; i < 2; ++i) {
            const auto result = sink.write("line");
            REQUIRE_FALSE(result);
            CHECK(result.error().message ==
                  "cannot write to standard output: No space left on device");
        }
    }
    close(full);
}
