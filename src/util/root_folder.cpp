// SPDX-License-Identifier: Apache-2.0
#include "util/root_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "fmt/core.h"

namespace saker {
namespace {

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) close(fd_);
    }
    int get() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }

private:
    int fd_;
};

ReadStatus status_of_errno() {
    switch (errno) {
        case EACCES:
        case EPERM:
            return ReadStatus::kDenied;
        case ELOOP:  // a link where none may be
            return ReadStatus::kRefused;
        default:
            return ReadStatus::kAbsent;
    }
}

// What O_PATH found, opened for reading: now it is known to be harmless.
int reopen(int path_fd, int flags) {
    return open(fmt::format("/proc/self/fd/{}", path_fd).c_str(), flags | O_RDONLY | O_CLOEXEC);
}

// A file may grow or shrink while it is read; never more than `limit` bytes are taken.
ReadStatus read_all(int fd, std::size_t size, std::size_t limit, std::string& content) {
    content.resize(std::min(size + 1, limit + 1));
    std::size_t used = 0;
    while (used < content.size()) {
        const ssize_t got = ::read(fd, content.data() + used, content.size() - used);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return status_of_errno();
        if (got == 0) break;
        used += static_cast<std::size_t>(got);
    }
    content.resize(used);
    return used > limit ? ReadStatus::kRefused : ReadStatus::kDone;
}

}  // namespace

RootFolder::RootFolder(const std::string& path, Mounts mounts)
    : fd_(open(path.empty() ? "/" : path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)),
      mounts_(mounts) {}

RootFolder::RootFolder(int fd, Mounts mounts) : fd_(fd), mounts_(mounts) {}

RootFolder::RootFolder(RootFolder&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), mounts_(other.mounts_) {}

RootFolder& RootFolder::operator=(RootFolder&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(mounts_, other.mounts_);
    return *this;
}

RootFolder::~RootFolder() {
    if (fd_ >= 0) close(fd_);
}

// openat2 is there since Linux 5.6, and ring buffers of BPF since 5.8: no kernel that the sensor
// runs on lacks it, and no fallback with weaker promises is needed.
int RootFolder::open_path(std::string_view path, int flags) const {
    open_how how{};
    how.flags = static_cast<std::uint64_t>(O_PATH | O_CLOEXEC | flags);
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    if (mounts_ == Mounts::kStay) how.resolve |= RESOLVE_NO_XDEV;
    const std::string name = path.empty() ? "." : std::string(path);
    for (;;) {
        const long fd = syscall(SYS_openat2, fd_, name.c_str(), &how, sizeof how);
        // EAGAIN: something was renamed on the way, so the kernel could not be sure.
        if (fd >= 0 || errno != EAGAIN) return static_cast<int>(fd);
    }
}

ReadStatus RootFolder::read(std::string_view path, std::size_t limit, std::string& content) const {
    content.clear();
    const Descriptor found(open_path(path, O_NOFOLLOW));
    if (found.get() < 0) return status_of_errno();
    struct stat status{};
    if (fstat(found.get(), &status) != 0) return status_of_errno();
    if (!S_ISREG(status.st_mode) || status.st_size > static_cast<off_t>(limit)) {
        return ReadStatus::kRefused;
    }
    const Descriptor file(reopen(found.get(), O_NONBLOCK | O_NOCTTY));
    if (file.get() < 0) return status_of_errno();
    return read_all(file.get(), static_cast<std::size_t>(status.st_size), limit, content);
}

std::vector<std::string> RootFolder::list(std::string_view path, std::size_t limit) const {
    std::vector<std::string> names;
    const Descriptor found(open_path(path, O_DIRECTORY));
    if (found.get() < 0) return names;
    Descriptor folder(reopen(found.get(), O_DIRECTORY));
    if (folder.get() < 0) return names;
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(fdopendir(folder.get()), closedir);
    if (stream == nullptr) return names;
    folder.release();  // the stream's now
    while (names.size() < limit) {
        const dirent* entry = readdir(stream.get());
        if (entry == nullptr) break;
        names.emplace_back(entry->d_name);
    }
    return names;
}

RootFolder RootFolder::enter(std::string_view path, Mounts mounts) const {
    return RootFolder(open_path(path, O_DIRECTORY), mounts);
}

}  // namespace saker
