// SPDX-License-Identifier: Apache-2.0
#include "output/stdout_sink.h"

#include <fcntl.h>
#include <sys/time.h>
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

// A signal every 10 ms, which interrupts whatever blocks.
class Ticking {
public:
    explicit Ticking(void (*handler)(int)) {
        struct sigaction action{};
        action.sa_handler = handler;
        REQUIRE(sigaction(SIGALRM, &action, nullptr) == 0);
        const itimerval often{.it_interval = {0, 10'000}, .it_value = {0, 10'000}};
        REQUIRE(setitimer(ITIMER_REAL, &often, nullptr) == 0);
    }
    ~Ticking() {
        const itimerval never{};
        setitimer(ITIMER_REAL, &never, nullptr);
        std::signal(SIGALRM, SIG_DFL);
    }
    Ticking(const Ticking&) = delete;
    Ticking& operator=(const Ticking&) = delete;
};

}  // namespace

TEST_CASE("an unbuffered line is there at once") {
    const Pipe pipe;
    StdoutSink sink(Buffering::kNone, nullptr, pipe.writer());
    REQUIRE(sink.write("first"));
    CHECK(pipe.read_some() == "first\n");
    REQUIRE(sink.write(""));
    CHECK(pipe.read_some() == "\n");
}

TEST_CASE("buffered lines wait for flush, for a full buffer, or for the end") {
    Pipe pipe;
    set_nonblocking(pipe.reader());
    {
        StdoutSink sink(Buffering::kLines, nullptr, pipe.writer());
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
    StdoutSink sink(Buffering::kLines, nullptr, pipe.writer());
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
        StdoutSink sink(Buffering::kNone, nullptr, pipe.writer());
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
    StdoutSink sink(Buffering::kNone, nullptr, pipe.writer());
    const auto result = sink.write("line");
    REQUIRE_FALSE(result);
    CHECK(result.error().message == "cannot write to standard output: its reader has gone away");
}

TEST_CASE("a reader that takes nothing is waited for, until that is to end") {
    static volatile std::sig_atomic_t rung = 0;
    static const StdoutSink::GiveUp give_up = [] { return rung >= 3; };
    Pipe pipe;
    SECTION("on a descriptor that blocks") {}
    SECTION("on one that does not") {
        set_nonblocking(pipe.writer());
    }
    rung = 0;
    const Ticking ticking([](int) { rung = rung + 1; });
    {
        StdoutSink sink(Buffering::kLines, give_up, pipe.writer());
        const std::string line(StdoutSink::kBufferSize / 2 - 1, 'x');
        REQUIRE(sink.write(line));
        REQUIRE(sink.write(line));  // the pipe is full
        REQUIRE(sink.write("one"));
        REQUIRE(sink.write("two"));
        const auto result = sink.flush();
        REQUIRE_FALSE(result);
        CHECK(result.error().message ==
              "cannot write to standard output: its reader takes nothing, and the end is due");
        CHECK(rung >= 3);
        CHECK(sink.lost() == 2);

        // Nobody waits for each line anew, not even if there is room by now.
        CHECK(pipe.read_some().size() == 4096);
        REQUIRE(sink.write("three"));
        CHECK_FALSE(sink.flush());
        CHECK(sink.lost() == 3);
    }
    pipe.close_end(1);
    CHECK(pipe.read_all().size() == StdoutSink::kBufferSize - 4096);
}

TEST_CASE("a full disk is an error in words, for each line") {
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    REQUIRE(full >= 0);
    {
        StdoutSink sink(Buffering::kNone, nullptr, full);
        for (unsigned i = 0; i < 2; ++i) {
            const auto result = sink.write("line");
            REQUIRE_FALSE(result);
            CHECK(result.error().message ==
                  "cannot write to standard output: No space left on device");
            CHECK(sink.lost() == i + 1);
        }
    }
    close(full);
}
