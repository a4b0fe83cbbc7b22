// SPDX-License-Identifier: Apache-2.0
#include "state/process_record.h"

#include <algorithm>
#include <string_view>

#include "event/fd.h"
#include "event/name.h"

namespace saker::state {
namespace {

constexpr std::uint32_t kExeFlags =
    SAKER_EXE_WRITABLE | SAKER_EXE_UPPER | SAKER_EXE_LOWER | SAKER_EXE_MEMFD;

std::optional<saker_process> read_facts(const event::Event& event) {
    const event::Bytes bytes = event.capture(SAKER_PROCESS_FACTS);
    if (bytes.size() != sizeof(saker_process)) return std::nullopt;
    return event::read_struct<saker_process>(bytes);
}

std::string walk_text(const event::Event& event, event::Bytes walk) {
    std::string path;
    event::append_walked_name(walk, event.is_cut(walk), path);
    return path;
}

StdioFd stdio_of(const event::Event& event, std::size_t slot) {
    const auto fd = event.fd(slot);
    if (!fd) return {};
    StdioFd stdio{std::string(event::type_name(event::fd_kind(*fd))), {}};
    event::append_fd_name(*fd, stdio.name);
    return stdio;
}

}  // namespace

std::optional<saker_process> exec_facts(const event::Event& event) {
    const bool is_exec = event.type() == SAKER_EVENT_execve || event.type() == SAKER_EVENT_execveat;
    if (!is_exec || event.ret() != 0) return std::nullopt;
    return read_facts(event);
}

std::optional<saker_process> fork_facts(const event::Event& event) {
    if (event.type() != SAKER_EVENT_sched_fork) return std::nullopt;
    const auto facts = read_facts(event);
    if (!facts || (facts->flags & SAKER_CLONE_CHILD) == 0) return std::nullopt;
    return facts;
}

std::shared_ptr<const Image> image_of(const event::Event& event, const saker_process& facts) {
    auto image = std::make_shared<Image>();
    const event::Bytes exe = event.capture(SAKER_PROCESS_EXE);
    if (!exe.empty()) image->exe_path = walk_text(event, exe);
    image->filename = event.text(SAKER_PROCESS_FILENAME);
    image->args = event::as_text(event.capture(SAKER_PROCESS_ARGS));
    image->env = event::as_text(event.capture(SAKER_PROCESS_ENV));
    image->args_size = facts.args_size;
    image->env_size = facts.env_size;
    image->exe_ino = facts.exe_ino;
    image->exe_ctime = facts.exe_ctime;
    image->exe_mtime = facts.exe_mtime;
    image->exe_dev = facts.exe_dev;
    image->flags = facts.flags & kExeFlags;
    for (std::size_t i = 0; i < image->stdio.size(); ++i) {
        image->stdio[i] = stdio_of(event, SAKER_PROCESS_STDIN + i);
    }
    return image;
}

std::string walked_path(const event::Event& event, std::size_t slot, const std::string& otherwise) {
    const event::Bytes walk = event.capture(slot);
    if (walk.empty() && (event.header().flags & SAKER_FULL) != 0) return otherwise;
    return walk_text(event, walk);
}

void follow_path(const event::Event& event, std::size_t slot, std::string& path) {
    if (!event::is_name_of(event.capture(slot), path)) path = walked_path(event, slot, path);
}

const std::shared_ptr<const Image>& unknown_image() {
    static const std::shared_ptr<const Image> unknown = std::make_shared<const Image>();
    return unknown;
}

std::string comm_text(const char (&comm)[16]) {
    return {comm, std::find(std::begin(comm), std::end(comm), '\0')};
}

}  // namespace saker::state
