// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "event/event.h"
#include "util/result.h"

namespace saker::probe {

// The consumer's side of one BPF ring buffer. One thread. Unlike libbpf's reader it can look at
// the first record without taking it, which merging several rings by time needs, and it maps the
// data once instead of twice: a record that wraps around the end is copied together.
//
// Layout: kernel/bpf/ringbuf.c; Documentation/bpf/ringbuf.rst.
class Ring {
public:
    // `fd` is the map's descriptor, which stays the caller's; `size` its max_entries.
    static Result<Ring> map(int fd, std::size_t size);

    Ring(Ring&& other) noexcept;
    Ring& operator=(Ring&&) = delete;
    ~Ring();

    // Makes what has been sent until now visible to first().
    void refresh();

    // The first record that was visible at the last refresh(); empty if there is none, or if it is
    // still being written. Valid until the next call of pop().
    event::Bytes first();

    // Takes the first record. Its memory is given back to the kernel at release() or when much has
    // been taken.
    void pop();
    void release();

    // True if the first record is still being written: what it is, is not known yet.
    bool blocked();

    // True if nothing has been sent that was not taken.
    bool empty() const;

private:
    Ring(std::byte* consumer, std::byte* producer, std::size_t size);

    std::atomic_ref<std::uint64_t> position(std::byte* page) const {
        return std::atomic_ref<std::uint64_t>(*reinterpret_cast<std::uint64_t*>(page));
    }
    // Skips what the kernel gave up; false if nothing is ready.
    bool find_first();
    event::Bytes gather(std::size_t offset, std::size_t length);

    std::byte* consumer_ = nullptr;  // one page, shared with the kernel, ours to write
    std::byte* producer_ = nullptr;  // one page, then the data, read-only
    std::size_t size_ = 0;
    std::uint64_t limit_ = 0;     // the producer's position at the last refresh
    std::uint64_t taken_ = 0;     // our position
    std::uint64_t released_ = 0;  // what the kernel knows of it
    std::uint32_t length_ = 0;    // of the first record, 0: not looked at
    std::vector<std::uint64_t> wrapped_;
};

}  // namespace saker::probe
