// SPDX-License-Identifier: Apache-2.0
#include "container/service.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "fmt/core.h"

namespace saker::container {

namespace {

ServiceStatus status_of_errno() {
    return errno == EACCES || errno == EPERM ? ServiceStatus::kDenied : ServiceStatus::kAbsent;
}

// Through the descriptor of the socket's file, so that it is the one that was found, however long
// its path is.
ServiceStatus connect_to(int file, int fd) {
    struct stat status{};
    if (fstat(file, &status) != 0 || !S_ISSOCK(status.st_mode)) return ServiceStatus::kAbsent;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = fmt::format("/proc/self/fd/{}", file);
    name.copy(address.sun_path, sizeof address.sun_path - 1);
    // Does not block: a listener whose queue is full gives EAGAIN.
    if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        return ServiceStatus::kDone;
    }
    // It is there, and has more to do than it can.
    return errno == EAGAIN ? ServiceStatus::kLate : status_of_errno();
}

}  // namespace

int Deadline::left() const {
    using std::chrono::milliseconds;
    const auto left = std::chrono::ceil<milliseconds>(end_ - std::chrono::steady_clock::now());
    return static_cast<int>(std::max<milliseconds::rep>(left.count(), 0));
}

ServiceConnection::ServiceConnection(const RootFolder& root, std::string_view path) {
    const int file = root.open_path(path, 0);
    if (file < 0) {
        status_ = status_of_errno();
        return;
    }
    fd_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd_ >= 0) status_ = connect_to(file, fd_);
    close(file);
}

ServiceConnection::~ServiceConnection() {
    if (fd_ >= 0) close(fd_);
}

}  // namespace saker::container
