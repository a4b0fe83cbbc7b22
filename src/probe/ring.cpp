// SPDX-License-Identifier: Apache-2.0
#include "probe/ring.h"

#include <linux/bpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "fmt/core.h"

namespace saker::probe {

namespace {

constexpr std::size_t kHeader = BPF_RINGBUF_HDR_SZ;
// Memory is given back after so many bytes: each time is a write to a page that producers read.
constexpr std::uint64_t kReleaseBytes = 64 * 1024;

std::uint64_t record_end(std::uint64_t position, std::uint32_t length) {
    return position + ((kHeader + length + 7) & ~std::uint64_t{7});
}

}  // namespace

Result<Ring> Ring::map(int fd, std::size_t size) {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    void* consumer = mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (consumer == MAP_FAILED) {
        return fail(fmt::format("cannot map a ring buffer: {}", std::strerror(errno)));
    }
    void* producer =
        mmap(nullptr, page + size, PROT_READ, MAP_SHARED, fd, static_cast<off_t>(page));
    if (producer == MAP_FAILED) {
        const int error = errno;
        munmap(consumer, page);
        return fail(fmt::format("cannot map a ring buffer's data: {}", std::strerror(error)));
    }
    return Ring(static_cast<std::byte*>(consumer), static_cast<std::byte*>(producer), size);
}

Ring::Ring(std::byte* consumer, std::byte* producer, std::size_t size)
    : consumer_(consumer), producer_(producer), size_(size) {}

Ring::Ring(Ring&& other) noexcept
    : consumer_(std::exchange(other.consumer_, nullptr)),
      producer_(std::exchange(other.producer_, nullptr)),
      size_(other.size_),
      limit_(other.limit_),
      taken_(other.taken_),
      released_(other.released_),
      length_(other.length_) {}

Ring::~Ring() {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    if (consumer_ != nullptr) munmap(consumer_, page);
    if (producer_ != nullptr) munmap(producer_, page + size_);
}

void Ring::refresh() {
    limit_ = position(producer_).load(std::memory_order_acquire);
}

bool Ring::empty() const {
    return position(producer_).load(std::memory_order_acquire) == taken_;
}

// A record without bytes is passed over too: to first(), no bytes are no record.
bool Ring::find_first() {
    const std::byte* data = producer_ + sysconf(_SC_PAGESIZE);
    while (length_ == 0 && taken_ < limit_) {
        auto* word = reinterpret_cast<const std::uint32_t*>(data + (taken_ & (size_ - 1)));
        const std::uint32_t length = __atomic_load_n(word, __ATOMIC_ACQUIRE);
        if ((length & BPF_RINGBUF_BUSY_BIT) != 0) return false;
        if ((length & BPF_RINGBUF_DISCARD_BIT) != 0 || length == 0) {
            taken_ = record_end(taken_, length & ~BPF_RINGBUF_DISCARD_BIT);
            continue;
        }
        length_ = length;
    }
    return length_ != 0;
}

bool Ring::blocked() {
    return !find_first() && taken_ < limit_;
}

event::Bytes Ring::first() {
    if (!find_first()) return {};
    return gather((taken_ + kHeader) & (size_ - 1), length_);
}

event::Bytes Ring::gather(std::size_t offset, std::size_t length) {
    const std::byte* data = producer_ + sysconf(_SC_PAGESIZE);
    if (offset + length <= size_) return {data + offset, length};
    const std::size_t head = size_ - offset;
    wrapped_.resize(length / sizeof(std::uint64_t) + 1);
    auto* copy = reinterpret_cast<std::byte*>(wrapped_.data());
    std::memcpy(copy, data + offset, head);
    std::memcpy(copy + head, data, length - head);
    return {copy, length};
}

void Ring::pop() {
    taken_ = record_end(taken_, length_);
    length_ = 0;
    if (taken_ - released_ >= kReleaseBytes) release();
}

void Ring::release() {
    if (released_ == taken_) return;
    position(consumer_).store(taken_, std::memory_order_release);
    released_ = taken_;
}

}  // namespace saker::probe
