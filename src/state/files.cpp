// SPDX-License-Identifier: Apache-2.0
#include "state/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <utility>

namespace saker::state {
namespace {

// Closes a descriptor at the end of a scope.
struct Closer {
    int fd;
    ~Closer() { close(fd); }
};

ProcRead outcome_of_errno() {
    return errno == EACCES || errno == EPERM ? ProcRead::kDenied : ProcRead::kAbsent;
}

constexpr std::size_t kFirstRead = 4096;  // nearly always all there is
constexpr std::size_t kGrowth = 4;

// Reads from the beginning what there is and fits: of a regular file, and of those of /proc that
// are read here, a read that gives less than was asked for has met the end. False if nothing could
// be read; then errno tells why.
bool read_up_to(int fd, std::size_t limit, std::string& content) {
    std::size_t size = 0;
    for (std::size_t room = std::min(kFirstRead, limit);; room = std::min(room * kGrowth, limit)) {
        content.resize(room);
        const ssize_t got = ::read(fd, content.data() + size, room - size);
        size += got < 0 ? 0 : static_cast<std::size_t>(got);
        content.resize(size);
        if (got < 0) return size > 0;
        if (size < room || room == limit) return true;
    }
}

}  // namespace

std::optional<std::string> read_regular_file(const std::string& path, std::size_t limit) {
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) return std::nullopt;
    const Closer closer{fd};
    struct stat status{};
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    if (status.st_size > static_cast<off_t>(limit)) return std::nullopt;
    std::string content;
    if (!read_up_to(fd, static_cast<std::size_t>(status.st_size), content)) return std::nullopt;
    return content;
}

Folder::Folder(const std::string& path)
    : fd_(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}

Folder::Folder(const Folder& outer, const char* name)
    : fd_(openat(outer.fd_, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}

Folder::Folder(Folder&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Folder::~Folder() {
    if (fd_ >= 0) close(fd_);
}

ProcRead Folder::read(const char* name, std::size_t limit, std::string& content) const {
    content.clear();
    const int fd = openat(fd_, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return outcome_of_errno();
    const Closer closer{fd};
    return read_up_to(fd, limit, content) ? ProcRead::kDone : outcome_of_errno();
}

ProcRead Folder::read_link(const char* name, std::string& target) const {
    std::array<char, PATH_MAX> text;
    target.clear();
    const ssize_t size = readlinkat(fd_, name, text.data(), text.size());
    if (size < 0) return outcome_of_errno();
    target.assign(text.data(), static_cast<std::size_t>(size));
    return ProcRead::kDone;
}

}  // namespace saker::state
