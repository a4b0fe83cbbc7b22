// SPDX-License-Identifier: Apache-2.0
#include "probe/ring.h"

#include <linux/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "catch.h"

namespace saker::probe {
namespace {

// The kernel's side of a ring buffer, in a memfd that is laid out as the map is: the consumer's
// page, the producer's page, the data (kernel/bpf/ringbuf.c). The kernel maps the data twice in a
// row; this one writes around the end.
class Kernel {
public:
    explicit Kernel(std::size_t size) : size_(size) {
        fd_ = memfd_create("ring", MFD_CLOEXEC);
        const std::size_t all = 2 * page() + size;
        if (fd_ < 0 || ftruncate(fd_, static_cast<off_t>(all)) != 0) {
            throw std::runtime_error("memfd");
        }
        void* memory = mmap(nullptr, all, PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0);
        if (memory == MAP_FAILED) throw std::runtime_error("mmap");
        memory_ = static_cast<std::byte*>(memory);
    }
    Kernel(const Kernel&) = delete;
    Kernel& operator=(const Kernel&) = delete;
    ~Kernel() {
        munmap(memory_, 2 * page() + size_);
        close(fd_);
    }

    static std::size_t page() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

    // Reserves and fills a record; its position is for commit() and discard(). It stays busy.
    std::uint64_t reserve(std::string_view bytes) {
        const std::uint64_t at = produced_;
        set_length(at, static_cast<std::uint32_t>(bytes.size()) | BPF_RINGBUF_BUSY_BIT);
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            data()[(at + BPF_RINGBUF_HDR_SZ + i) & (size_ - 1)] = std::byte(bytes[i]);
        }
        produced_ += (BPF_RINGBUF_HDR_SZ + bytes.size() + 7) & ~std::size_t{7};
        std::memcpy(memory_ + page(), &produced_, sizeof produced_);
        return at;
    }
    void commit(std::uint64_t at) { set_length(at, length(at) & ~BPF_RINGBUF_BUSY_BIT); }
    void discard(std::uint64_t at) {
        set_length(at, (length(at) & ~BPF_RINGBUF_BUSY_BIT) | BPF_RINGBUF_DISCARD_BIT);
    }
    void send(std::string_view bytes) { commit(reserve(bytes)); }

    std::uint64_t produced() const { return produced_; }
    // How far the consumer has given memory back.
    std::uint64_t consumed() const {
        std::uint64_t position = 0;
        std::memcpy(&position, memory_, sizeof position);
        return position;
    }

    Ring map() const {
        auto ring = Ring::map(fd_, size_);
        if (!ring) throw std::runtime_error(ring.error().message);
        return std::move(*ring);
    }

private:
    std::byte* data() { return memory_ + 2 * page(); }
    std::uint32_t length(std::uint64_t at) {
        std::uint32_t length = 0;
        std::memcpy(&length, data() + (at & (size_ - 1)), sizeof length);
        return length;
    }
    void set_length(std::uint64_t at, std::uint32_t length) {
        std::memcpy(data() + (at & (size_ - 1)), &length, sizeof length);
    }

    std::size_t size_;
    int fd_ = -1;
    std::byte* memory_ = nullptr;
    std::uint64_t produced_ = 0;
};

constexpr std::size_t kSize = 4096;

std::string text(event::Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Takes the first record; "-" if there is none.
std::string take(Ring& ring) {
    const event::Bytes first = ring.first();
    if (first.empty()) return "-";
    const std::string copy = text(first);
    ring.pop();
    return copy;
}

TEST_CASE("records come in the order in which they were reserved") {
    Kernel kernel(kSize);
    Ring ring = kernel.map();
    kernel.send("one");
    kernel.send("two, which is longer");
    ring.refresh();
    CHECK(text(ring.first()) == "one");
    CHECK(text(ring.first()) == "one");  // looking does not take
    CHECK(take(ring) == "one");
    CHECK(take(ring) == "two, which is longer");
    CHECK(take(ring) == "-");
}

TEST_CASE("what is sent after a refresh waits for the next") {
    Kernel kernel(kSize);
    Ring ring = kernel.map();
    CHECK(ring.empty());
    kernel.send("one");
    CHECK(take(ring) == "-");
    CHECK_FALSE(ring.empty());  // but it is known to be there
    ring.refresh();
    kernel.send("two");
    CHECK(take(ring) == "one");
    CHECK(take(ring) == "-");
    CHECK_FALSE(ring.empty());
    ring.refresh();
    CHECK(take(ring) == "two");
    CHECK(ring.empty());
}

TEST_CASE("a record that is still being written holds up those behind it") {
    Kernel kernel(kSize);
    Ring ring = kernel.map();
    const auto slow = kernel.reserve("slow");
    kernel.send("quick");
    ring.refresh();
    CHECK(ring.blocked());
    CHECK(ring.first().empty());
    CHECK_FALSE(ring.empty());
    kernel.commit(slow);
    CHECK_FALSE(ring.blocked());
    CHECK(take(ring) == "slow");
    CHECK(take(ring) == "quick");
    CHECK_FALSE(ring.blocked());  // nothing there is not the same as not ready
}

TEST_CASE("records that the kernel gave up are skipped") {
    Kernel kernel(kSize);
    Ring ring = kernel.map();
    const auto first = kernel.reserve("given up");
    kernel.send("kept");
    const auto last = kernel.reserve("given up too");
    kernel.discard(first);
    kernel.discard(last);
    ring.refresh();
    CHECK(take(ring) == "kept");
    CHECK(take(ring) == "-");
    CHECK_FALSE(ring.blocked());
    CHECK(ring.empty());
    ring.release();
    CHECK(kernel.consumed() == kernel.produced());
}

TEST_CASE("a record without bytes does not stop the reader") {
    Kernel kernel(kSize);
    Ring ring = kernel.map();
    kernel.send("");
    kernel.send("after");
    ring.refresh();
    CHECK(take(ring) == "after");
    CHECK(ring.empty());
}

TEST_CASE("records of all lengths come out whole, around the end of the buffer too") {
    Kernel kernel(kSize);
    Ring ring = kernel.map();
    std::size_t wrapped = 0;
    for (std::size_t round = 0; round < 2000; ++round) {
        const std::string sent(1 + round * 37 % 3000, static_cast<char>('a' + round % 26));
        const std::uint64_t at = kernel.produced() & (kSize - 1);
        wrapped += at + BPF_RINGBUF_HDR_SZ + sent.size() > kSize ? 1 : 0;
        kernel.send(sent);
        ring.refresh();
        const event::Bytes first = ring.first();
        REQUIRE(text(first) == sent);
        // As an event needs it.
        REQUIRE(reinterpret_cast<std::uintptr_t>(first.data()) % 8 == 0);
        ring.pop();
        ring.release();
        REQUIRE(kernel.consumed() == kernel.produced());
    }
    CHECK(wrapped > 100);
}

TEST_CASE("a record that ends with the buffer and one that begins there are not mixed up") {
    Kernel kernel(kSize);
    Ring ring = kernel.map();
    kernel.send(std::string(kSize - BPF_RINGBUF_HDR_SZ, 'x'));
    ring.refresh();
    CHECK(take(ring) == std::string(kSize - BPF_RINGBUF_HDR_SZ, 'x'));
    ring.release();
    kernel.send("y");
    ring.refresh();
    CHECK(take(ring) == "y");
    // Now one whose header alone fits before the end.
    kernel.send(std::string(kSize - 16 - 8 - BPF_RINGBUF_HDR_SZ, 'p'));
    ring.refresh();
    take(ring);
    ring.release();
    REQUIRE((kernel.produced() & (kSize - 1)) == kSize - 8);
    kernel.send("split after its header");
    ring.refresh();
    CHECK(take(ring) == "split after its header");
}

TEST_CASE("memory is given back when it is asked for, or when much has been taken") {
    constexpr std::size_t kLarge = 1 << 18;
    Kernel kernel(kLarge);
    Ring ring = kernel.map();
    const std::string record(8192 - BPF_RINGBUF_HDR_SZ, 'r');
    for (int i = 0; i < 9; ++i) kernel.send(record);
    ring.refresh();
    for (int i = 0; i < 7; ++i) take(ring);
    CHECK(kernel.consumed() == 0);
    take(ring);
    CHECK(kernel.consumed() == 64 * 1024);
    take(ring);
    CHECK(kernel.consumed() == 64 * 1024);
    // A record that was only looked at is not given back.
    kernel.send("looked at");
    ring.refresh();
    CHECK(text(ring.first()) == "looked at");
    ring.release();
    CHECK(kernel.consumed() == 9 * 8192);
    CHECK(text(ring.first()) == "looked at");
}

TEST_CASE("a ring that was moved reads on where it was") {
    Kernel kernel(kSize);
    Ring ring = kernel.map();
    kernel.send("one");
    kernel.send("two");
    ring.refresh();
    CHECK(take(ring) == "one");
    CHECK(text(ring.first()) == "two");
    Ring other = std::move(ring);
    CHECK(take(other) == "two");
    other.release();
    CHECK(kernel.consumed() == kernel.produced());
}

TEST_CASE("what is no ring buffer cannot be mapped") {
    const auto ring = Ring::map(-1, kSize);
    REQUIRE_FALSE(ring);
    CHECK(ring.error().message.starts_with("cannot map a ring buffer: "));
}

}  // namespace
}  // namespace saker::probe
