// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace saker {

enum class ReadStatus : std::uint8_t {
    kDone,
    kAbsent,   // no such file
    kDenied,   // missing rights
    kRefused,  // there, but no regular file, or larger than the limit
};

// A folder that is the root of everything below it, for files that others may have put there: a
// symbolic link, absolute or with "..", leads to a place inside, never out of it, and links of
// /proc are not followed (openat2(2): RESOLVE_IN_ROOT, RESOLVE_NO_MAGICLINKS). The last element of
// a path must not be a link. Only regular files are opened, so that nothing can block or be set
// off. Moves, does not copy; any thread may read.
class RootFolder {
public:
    enum class Mounts : std::uint8_t {
        kCross,
        kStay,  // a path that leads through another mount is absent: it may be someone's FUSE
    };

    // "" is the root of this process.
    explicit RootFolder(const std::string& path, Mounts mounts = Mounts::kCross);
    // Takes over a descriptor of a folder; -1 for none.
    explicit RootFolder(int fd, Mounts mounts);
    RootFolder(RootFolder&& other) noexcept;
    RootFolder& operator=(RootFolder&& other) noexcept;
    ~RootFolder();

    bool is_open() const { return fd_ >= 0; }

    // Replaces `content` by a file's content, at most `limit` bytes.
    ReadStatus read(std::string_view path, std::size_t limit, std::string& content) const;

    // The names in a folder, at most `limit`, in no order; none where it cannot be read.
    std::vector<std::string> list(std::string_view path, std::size_t limit) const;

    // A folder in this one as a root of its own.
    RootFolder enter(std::string_view path, Mounts mounts) const;

    // Opens `path` with O_PATH, for who needs the thing itself (a socket); -1 and errno if it
    // cannot be. The caller closes it.
    int open_path(std::string_view path, int flags) const;

private:
    int fd_ = -1;
    Mounts mounts_;
};

}  // namespace saker
