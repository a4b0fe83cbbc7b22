// SPDX-License-Identifier: Apache-2.0
#include "event/rewritten.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string_view>

#include "event/socket.h"

namespace saker::event {
namespace {

constexpr std::uint64_t kFollows = AT_SYMLINK_FOLLOW | AT_EMPTY_PATH;

// A path argument at whose end the call follows no link.
struct UnfollowedPath {
    EventType event;
    std::uint8_t slot;
    std::uint8_t flags = 0;     // the argument with flags that change this
    std::uint64_t follows = 0;  // which; 0: none do
};

constexpr UnfollowedPath kUnfollowed[] = {
    {SAKER_EVENT_unlink, 0},    {SAKER_EVENT_unlinkat, 0}, {SAKER_EVENT_rmdir, 0},
    {SAKER_EVENT_mkdir, 0},     {SAKER_EVENT_mkdirat, 0},  {SAKER_EVENT_mknod, 0},
    {SAKER_EVENT_mknodat, 0},   {SAKER_EVENT_rename, 0},   {SAKER_EVENT_rename, 1},
    {SAKER_EVENT_renameat, 0},  {SAKER_EVENT_renameat, 1}, {SAKER_EVENT_renameat2, 0},
    {SAKER_EVENT_renameat2, 1}, {SAKER_EVENT_symlink, 1},  {SAKER_EVENT_symlinkat, 1},
    {SAKER_EVENT_link, 0},      {SAKER_EVENT_link, 1},     {SAKER_EVENT_linkat, 0, 4, kFollows},
    {SAKER_EVENT_linkat, 1},
};

// The last part of a path as it was passed; a directory's may have slashes behind it.
std::string_view last_part(std::string_view path) {
    const auto end = path.find_last_not_of('/');
    path = path.substr(0, end == path.npos ? 0 : end + 1);
    return path.substr(path.rfind('/') + 1);
}

bool path_differs(const Event& event, std::size_t slot) {
    const Bytes real = event.real(slot);
    const auto path = event.path(slot);
    if (real.empty() || !path || (event.header().flags & SAKER_LOOSE_NAMES) != 0) return false;
    return last_part(path->asked) != text_in(real);
}

bool a_path_differs(const Event& event) {
    return std::ranges::any_of(kUnfollowed, [&event](const UnfollowedPath& path) {
        if (path.event != event.type()) return false;
        if ((event.header().args[path.flags] & path.follows) != 0) return false;
        return path_differs(event, path.slot);
    });
}

// A string that was too long for its capture ends without being equal.
bool string_differs(const Event& event, std::size_t slot) {
    const auto captures = event.info().captures;
    if (slot >= captures.size() || captures[slot].kind != SAKER_CAPTURE_STRING) return false;
    if (event.real(slot).empty() || event.capture(slot).empty()) return false;
    const std::string_view real = text_in(event.real(slot));
    const std::string_view asked = event.text(slot);
    const bool cut = (event.header().flags & SAKER_TRUNCATED) != 0;
    return cut ? !asked.starts_with(real) && !real.starts_with(asked) : asked != real;
}

bool name_differs(const Event& event) {
    if (event.ret() < 0) return false;
    return a_path_differs(event) || string_differs(event, 0);
}

bool is_unspecified(const Endpoint& endpoint) {
    const auto zero = [](std::uint8_t byte) { return byte == 0; };
    const auto begin = endpoint.address.v6 ? 0 : 12;
    return std::all_of(endpoint.address.bytes.begin() + begin, endpoint.address.bytes.end(), zero);
}

// The kernel connects to itself where no address is asked for, and a mapped address is IPv4's.
bool peer_differs(const Event& event) {
    if (event.type() != SAKER_EVENT_connect) return false;
    if (event.ret() != 0 && event.ret() != -EINPROGRESS) return false;
    const auto fd = event.fd(0);
    const auto asked = inet_address(event.capture(1));
    if (!fd || !asked) return false;
    const auto real = connection(*fd);
    if (!real || real->remote.is_unset()) return false;
    if (asked->port != real->remote.port) return true;
    return !is_unspecified(*asked) && asked->address.bytes != real->remote.address.bytes;
}

}  // namespace

bool is_rewritten(const Event& event) {
    if (event.is_process_record()) return false;
    return peer_differs(event) || name_differs(event);
}

}  // namespace saker::event
