// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace saker::state {

// Holds /proc/PID/status whole: in the middle of it stand the supplementary groups, at most 65,536
// (NGROUPS_MAX in include/uapi/linux/limits.h) of eleven bytes each.
inline constexpr std::size_t kStatusBytes = 1 << 20;

// A regular file's content; nullopt if it cannot be read, is something else (a pipe would block),
// or is larger than `limit` bytes.
std::optional<std::string> read_regular_file(const std::string& path, std::size_t limit);

// What became of a read below /proc.
enum class ProcRead {
    kDone,
    kAbsent,  // no such thing, or the process is gone
    kDenied,  // missing rights
};

// A folder, open; closed at the end of its life. Moves, does not copy.
class Folder {
public:
    // Opens the folder `path`, or `name` inside another one; is_open() tells whether it worked.
    explicit Folder(const std::string& path);
    Folder(const Folder& outer, const char* name);
    Folder(Folder&& other) noexcept;
    Folder& operator=(Folder&&) = delete;
    ~Folder();

    bool is_open() const { return fd_ >= 0; }
    int fd() const { return fd_; }

    // Replaces `content` by at most `limit` bytes from the beginning of a file in this folder.
    ProcRead read(const char* name, std::size_t limit, std::string& content) const;
    // Replaces `target` by what a symbolic link says.
    ProcRead read_link(const char* name, std::string& target) const;

private:
    int fd_;
};

}  // namespace saker::state
