// SPDX-License-Identifier: Apache-2.0
#include "state/procfs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "event/fd.h"
#include "state/process_map.h"

namespace saker::state {
namespace {

// Of a command line, and of an environment: what the kernel side gives each at least.
constexpr std::size_t kArgsBytes = SAKER_ARGS_DEFAULT / 2;

// A page holds each of the small files (stat, limits, loginuid) on any machine; of a longer one the
// rest is left out.
constexpr std::size_t kSmallFile = 4096;
constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
constexpr std::uint32_t kNoLogin = std::numeric_limits<std::uint32_t>::max();
constexpr std::string_view kDeleted = " (deleted)";
constexpr std::string_view kAnonymousInode = "anon_inode:";

template <typename T>
T to_number(std::string_view text, int base = 10) {
    T value{};
    std::from_chars(text.data(), text.data() + text.size(), value, base);
    return value;
}

// Takes the text up to a separator (which goes too) off its beginning.
std::string_view take_until(std::string_view& text, char separator) {
    const auto end = text.find(separator);
    const std::string_view taken = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    return taken;
}

// Takes the next word, whatever blanks are around it; empty at the end.
std::string_view take_word(std::string_view& text) {
    const auto begin = text.find_first_not_of(" \t\n");
    if (begin == text.npos) return text = {};
    const auto end = text.find_first_of(" \t\n", begin);
    const std::string_view word = text.substr(begin, end - begin);
    text.remove_prefix(end == text.npos ? text.size() : end);
    return word;
}

std::string without_deleted(std::string path) {
    if (path.ends_with(kDeleted)) path.resize(path.size() - kDeleted.size());
    return path;
}

// Fields of /proc/PID/stat after the name, by their numbers in proc(5).
constexpr std::size_t kFirstField = 3;
constexpr std::size_t kLastField = 51;
using StatFields = std::array<std::string_view, kLastField + 1>;

struct StatRow {
    std::size_t field;
    void (*set)(saker_process& facts, std::string_view text);
};

constexpr StatRow kStatRows[] = {
    {4, [](auto& facts, auto text) { facts.ptgid = to_number<std::uint32_t>(text); }},
    {5, [](auto& facts, auto text) { facts.pgid = to_number<std::uint32_t>(text); }},
    {6, [](auto& facts, auto text) { facts.sid = to_number<std::uint32_t>(text); }},
    {7,
     [](auto& facts, auto text) { facts.tty = static_cast<std::uint32_t>(to_number<int>(text)); }},
    {10, [](auto& facts, auto text) { facts.pgft_min = to_number<std::uint64_t>(text); }},
    {12, [](auto& facts, auto text) { facts.pgft_maj = to_number<std::uint64_t>(text); }},
    {22, [](auto& facts,
            auto text) { facts.start_time = to_number<std::uint64_t>(text) * kClockTickNs; }},
};

// The size of a range of addresses that two fields give; 0 where they are hidden or broken.
std::uint64_t range_size(const StatFields& fields, std::size_t begin, std::size_t end) {
    const auto from = to_number<std::uint64_t>(fields[begin]);
    const auto to = to_number<std::uint64_t>(fields[end]);
    return to > from ? to - from : 0;
}

// Lines of /proc/PID/status: "Key:\tvalue\tvalue...".
constexpr int kLastValue = std::numeric_limits<int>::max();

struct StatusRow {
    std::string_view key;
    int value;  // which one: 0 is the first
    int base;
    void (*set)(saker_process& facts, std::uint64_t number);
};

// Ids: real, effective, saved, filesystem. Namespace ids: from the reader's to the innermost.
constexpr StatusRow kStatusRows[] = {
    {"Uid", 1, 10, [](auto& facts, auto number) { facts.uid = static_cast<__u32>(number); }},
    {"Gid", 1, 10, [](auto& facts, auto number) { facts.gid = static_cast<__u32>(number); }},
    {"NSpid", kLastValue, 10,
     [](auto& facts, auto number) { facts.vpid = static_cast<__u32>(number); }},
    {"NSpgid", kLastValue, 10,
     [](auto& facts, auto number) { facts.vpgid = static_cast<__u32>(number); }},
    {"NSsid", kLastValue, 10,
     [](auto& facts, auto number) { facts.sid = static_cast<__u32>(number); }},
    {"CapInh", 0, 16, [](auto& facts, auto number) { facts.cap_inheritable = number; }},
    {"CapPrm", 0, 16, [](auto& facts, auto number) { facts.cap_permitted = number; }},
    {"CapEff", 0, 16, [](auto& facts, auto number) { facts.cap_effective = number; }},
    {"VmSize", 0, 10,
     [](auto& facts, auto number) { facts.memory.vm_size = static_cast<__u32>(number); }},
    {"VmRSS", 0, 10,
     [](auto& facts, auto number) { facts.memory.vm_rss = static_cast<__u32>(number); }},
    {"VmSwap", 0, 10,
     [](auto& facts, auto number) { facts.memory.vm_swap = static_cast<__u32>(number); }},
};

std::string_view pick_value(std::string_view values, int index) {
    std::string_view picked;
    for (int i = 0; i <= index; ++i) {
        const std::string_view word = take_word(values);
        if (word.empty()) return index == kLastValue ? picked : std::string_view{};
        picked = word;
    }
    return picked;
}

// What a descriptor's link says where it is no path of a file: "pipe:[1234]", "socket:[1234]",
// "anon_inode:[eventpoll]", "/memfd:name (deleted)".
struct LinkKind {
    std::string_view prefix;
    std::uint8_t type;
};

constexpr LinkKind kLinkKinds[] = {
    {"pipe:", SAKER_FD_FIFO},
    {"socket:", SAKER_FD_SOCKET},
    {kAnonymousInode, SAKER_FD_ANON},
    {"/memfd:", SAKER_FD_MEMFD},
};

// Names a descriptor as event/fd.h does, from its link. A socket's family and addresses are not to
// be seen there: it has neither type nor name.
StdioFd describe_fd(std::string target, bool is_directory) {
    event::Event::Fd fd{};
    fd.facts.type = is_directory ? SAKER_FD_DIRECTORY : SAKER_FD_FILE;
    for (const LinkKind& kind : kLinkKinds) {
        if (target.starts_with(kind.prefix)) fd.facts.type = kind.type;
    }
    if (fd.facts.type == SAKER_FD_ANON) {
        const std::string_view inode = std::string_view(target).substr(kAnonymousInode.size());
        fd.rest = std::as_bytes(std::span(inode));
    }
    const std::string_view type = event::type_name(event::fd_kind(fd));
    if (fd.facts.type == SAKER_FD_SOCKET) target.clear();
    if (fd.facts.type == SAKER_FD_MEMFD) target.erase(0, 1);
    return {std::string(type), without_deleted(std::move(target))};
}

std::uint64_t to_ns(const timespec& time) {
    return static_cast<std::uint64_t>(time.tv_sec) * kNsPerSecond +
           static_cast<std::uint64_t>(time.tv_nsec);
}

// As the kernel has it (saker_fd.dev).
std::uint32_t kernel_dev(dev_t dev) {
    return major(dev) << 20 | minor(dev);
}

// Reads the parts of one process, and remembers whether rights were missing for any.
class ProcessReader {
public:
    ProcessReader(const Folder& folder, Process& process) : folder_(folder), process_(process) {}

    ProcessRead read(std::uint32_t tgid) {
        if (!read_stat(tgid)) return {};
        read_status();
        read_cgroup();
        read_limits();
        read_loginuid();
        read_namespaces();
        read_cwd();
        read_image();
        return {true, denied_};
    }

private:
    const std::string& content(const char* name, std::size_t limit) {
        denied_ |= folder_.read(name, limit, buffer_) == ProcRead::kDenied;
        return buffer_;
    }

    const std::string& link(const char* name) {
        denied_ |= folder_.read_link(name, buffer_) == ProcRead::kDenied;
        return buffer_;
    }

    std::optional<struct stat> status(const char* name) const {
        struct stat status{};
        if (fstatat(folder_.fd(), name, &status, 0) != 0) return std::nullopt;
        return status;
    }

    bool read_stat(std::uint32_t tgid) {
        if (!parse_stat(content("stat", kSmallFile), process_)) return false;
        process_.facts.tgid = process_.key.tgid = tgid;
        return true;
    }

    void read_status() { parse_status(content("status", kStatusBytes), process_.facts); }

    void read_cgroup() {
        const std::string_view path = choose_cgroup(content("cgroup", 4 * kSmallFile));
        process_.cgroup = without_deleted(std::string(path));
    }

    void read_limits() {
        process_.facts.fdlimit = parse_open_files_limit(content("limits", kSmallFile));
    }

    void read_loginuid() {
        const std::string& text = content("loginuid", kSmallFile);
        process_.facts.loginuid = text.empty() ? kNoLogin : to_number<std::uint32_t>(text);
    }

    void read_namespaces() {
        const std::pair<const char*, __u32*> namespaces[] = {
            {"ns/mnt", &process_.facts.ns.mnt},
            {"ns/pid", &process_.facts.ns.pid},
            {"ns/user", &process_.facts.ns.user},
            {"ns/net", &process_.facts.ns.net},
        };
        for (const auto& [name, inode] : namespaces) {
            if (const auto found = status(name)) *inode = static_cast<__u32>(found->st_ino);
        }
    }

    void read_cwd() { process_.cwd = without_deleted(link("cwd")); }

    void read_image() {
        auto image = std::make_shared<Image>();
        if (process_.image != nullptr) *image = *process_.image;  // sizes, from stat
        read_exe(*image);
        image->args = content("cmdline", kArgsBytes);
        image->env = content("environ", kArgsBytes);
        image->args_size = std::max<std::uint64_t>(image->args_size, image->args.size());
        image->env_size = std::max<std::uint64_t>(image->env_size, image->env.size());
        for (std::size_t fd = 0; fd < image->stdio.size(); ++fd) image->stdio[fd] = read_fd(fd);
        copy_facts(*image);
        process_.image = std::move(image);
    }

    void read_exe(Image& image) {
        image.exe_path = link("exe");
        if (image.exe_path.starts_with("/memfd:")) image.flags |= SAKER_EXE_MEMFD;
        image.exe_path = without_deleted(std::move(image.exe_path));
        if (const auto file = status("exe")) {
            image.exe_ino = file->st_ino;
            image.exe_dev = kernel_dev(file->st_dev);
            image.exe_ctime = to_ns(file->st_ctim);
            image.exe_mtime = to_ns(file->st_mtim);
        }
    }

    void copy_facts(const Image& image) {
        process_.facts.exe_ino = image.exe_ino;
        process_.facts.exe_dev = image.exe_dev;
        process_.facts.exe_ctime = image.exe_ctime;
        process_.facts.exe_mtime = image.exe_mtime;
        process_.facts.args_size = image.args_size;
        process_.facts.env_size = image.env_size;
        process_.facts.flags = image.flags;
    }

    StdioFd read_fd(std::size_t number) {
        const std::string name = "fd/" + std::to_string(number);
        std::string target = link(name.c_str());
        if (target.empty()) return {};
        const auto file = target.starts_with('/') ? status(name.c_str()) : std::nullopt;
        return describe_fd(std::move(target), file && S_ISDIR(file->st_mode));
    }

    const Folder& folder_;
    Process& process_;
    std::string buffer_;
    bool denied_ = false;
};

}  // namespace

bool parse_stat(std::string_view text, Process& process) {
    // The name may hold anything; the numbers after it hold no parenthesis.
    const auto name_begin = text.find('(');
    const auto name_end = text.rfind(')');
    if (name_begin == text.npos || name_end == text.npos || name_end < name_begin) return false;
    const std::string_view name = text.substr(name_begin + 1, name_end - name_begin - 1);
    process.comm = name.substr(0, sizeof process.facts.comm - 1);
    process.comm.copy(process.facts.comm, process.comm.size());

    StatFields fields;
    text.remove_prefix(name_end + 1);
    for (std::size_t i = kFirstField; i < fields.size(); ++i) fields[i] = take_word(text);
    if (fields[22].empty()) return false;
    for (const StatRow& row : kStatRows) row.set(process.facts, fields[row.field]);
    process.ptgid = process.facts.ptgid;
    process.key.start_time = process.facts.start_time;
    process.start_rounded = true;

    Image sizes;
    sizes.args_size = range_size(fields, 48, 49);
    sizes.env_size = range_size(fields, 50, 51);
    process.image = std::make_shared<const Image>(std::move(sizes));
    return true;
}

void parse_status(std::string_view text, saker_process& facts) {
    while (!text.empty()) {
        std::string_view line = take_until(text, '\n');
        const std::string_view key = take_until(line, ':');
        for (const StatusRow& row : kStatusRows) {
            if (key != row.key) continue;
            const std::string_view value = pick_value(line, row.value);
            if (!value.empty()) row.set(facts, to_number<std::uint64_t>(value, row.base));
        }
    }
}

std::string_view choose_cgroup(std::string_view text) {
    // In the order of preference; a line is "id:controllers:path", without controllers for v2.
    constexpr std::array<std::string_view, 4> kHierarchies = {"", "memory", "pids", "cpu"};
    std::array<std::string_view, kHierarchies.size()> paths;
    while (!text.empty()) {
        std::string_view path = take_until(text, '\n');
        take_until(path, ':');
        std::string_view controllers = take_until(path, ':');
        do {
            const std::string_view controller = take_until(controllers, ',');
            const auto found = std::ranges::find(kHierarchies, controller);
            if (found != kHierarchies.end()) paths[found - kHierarchies.begin()] = path;
        } while (!controllers.empty());
    }
    const auto chosen = std::ranges::find_if(
        paths, [](std::string_view path) { return !path.empty() && path != "/"; });
    return chosen == paths.end() ? "/" : *chosen;
}

std::uint64_t parse_open_files_limit(std::string_view text) {
    constexpr std::string_view kName = "Max open files";
    while (!text.empty()) {
        std::string_view line = take_until(text, '\n');
        if (!line.starts_with(kName)) continue;
        line.remove_prefix(kName.size());
        const std::string_view soft = take_word(line);
        return soft == "unlimited" ? std::numeric_limits<std::uint64_t>::max()
                                   : to_number<std::uint64_t>(soft);
    }
    return 0;
}

ProcessRead read_process(const Folder& folder, std::uint32_t tgid, Process& process) {
    return ProcessReader(folder, process).read(tgid);
}

}  // namespace saker::state
