// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>

#include "field/image.h"
#include "field/make.h"
#include "field/native.h"
#include "field/row.h"
#include "field/steady.h"
#include "fmt/core.h"

// proc.* of the event's process and its parent.
namespace saker::field {

namespace {

using state::Image;
using state::Process;

// Properties of a process, for itself and for its parent alike.
using Property = Values (*)(const Context& context, const Process& process);

template <Property property>
Values own(const FieldUse& /*use*/, const Context& context) {
    return property(context, *context.process);
}

template <Property property>
Values of_parent(const FieldUse& /*use*/, const Context& context) {
    const Process* parent = context.process->parent.get();
    return parent == nullptr ? none() : property(context, *parent);
}

Values name(const Context& context, const Process& process) {
    return text(context, comm_of(context, process));
}

Values exe(const Context& context, const Process& process) {
    return process.image ? text(context, process.image->argv0()) : none();
}

Values exe_path(const Context& context, const Process& process) {
    return process.image ? text(context, process.image->exe_path) : none();
}

Values cmdline(const Context& context, const Process& process) {
    return text(context, command_line(context, process, comm_of(context, process)));
}

Values exe_line(const Context& context, const Process& process) {
    if (!process.image) return none();
    return text(context, command_line(context, process, process.image->argv0()));
}

Values vpid(const Context& context, const Process& process) {
    return signed_number(context, process.facts.vpid);
}

Values duration(const Context& context, const Process& process) {
    if (process.key.start_time == 0 || context.event->time() < process.key.start_time)
        return none();
    return unsigned_number(context, context.event->time() - process.key.start_time);
}

Values start_timestamp(const Context& context, const Process& process) {
    if (process.key.start_time == 0) return none();
    return unsigned_number(context, process.key.start_time + context.epoch_offset_ns);
}

Values args(const FieldUse& use, const Context& context) {
    std::string_view rest = arguments(*context.process);
    if (!use.index) return text(context, joined(context, rest));
    for (std::uint32_t i = 0; i < *use.index && !rest.empty(); ++i) {
        const auto end = rest.find('\0');
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    return text(context, rest.substr(0, rest.find('\0')));
}

// Of arguments, each ended by a NUL but the last one if the row is cut.
std::size_t count_rows(std::string_view rest) {
    const bool cut = !rest.empty() && !rest.ends_with('\0');
    return static_cast<std::size_t>(std::ranges::count(rest, '\0')) + (cut ? 1 : 0);
}

Values arg_count(const FieldUse& /*use*/, const Context& context) {
    return unsigned_number(context, count_rows(arguments(*context.process)));
}

// One by one: joined by blanks, an argument with a blank in it would look like two.
Values arg_list(const FieldUse& /*use*/, const Context& context) {
    std::string_view rest = arguments(*context.process);
    const auto values = context.scratch->values(count_rows(rest));
    for (Value& value : values) {
        const std::string_view argument = rest.substr(0, rest.find('\0'));
        value = Value::of(argument);
        rest.remove_prefix(std::min(argument.size() + 1, rest.size()));
    }
    return values;
}

Values arg_lengths(const FieldUse& /*use*/, const Context& context) {
    const std::string_view rest = arguments(*context.process);
    return unsigned_number(
        context, rest.size() - static_cast<std::uint64_t>(std::ranges::count(rest, '\0')));
}

Values env(const FieldUse& use, const Context& context) {
    if (!context.process->image) return none();
    const Image& image = *context.process->image;
    if (use.argument.empty()) return text(context, joined(context, image.env));
    return text(context, image.variable(use.argument));
}

Values cwd(const Context& context, const Process& process) {
    if (process.cwd.empty()) return none();
    if (process.cwd.ends_with('/')) return text(context, process.cwd);
    return text(context, concatenated(context, process.cwd, "/", ""));
}

template <std::uint32_t saker_process::* member>
Values fact(const FieldUse& /*use*/, const Context& context) {
    return context.scratch->one(Value::of_uint(context.process->facts.*member));
}

template <__u64 saker_process::* member>
Values nonzero_fact(const FieldUse& /*use*/, const Context& context) {
    const std::uint64_t value = context.process->facts.*member;
    return value == 0 ? none() : unsigned_number(context, value);
}

template <std::uint64_t Image::* member>
Values image_number(const FieldUse& /*use*/, const Context& context) {
    const Image* image = context.process->image.get();
    return image == nullptr || image->*member == 0 ? none()
                                                   : unsigned_number(context, image->*member);
}

template <std::uint32_t flag>
Values image_flag(const FieldUse& /*use*/, const Context& context) {
    const Image* image = context.process->image.get();
    return truth(context, image != nullptr && (image->flags & flag) != 0);
}

// How long before the process's start its executable was changed; none if it was not before.
Values ctime_to_start(const FieldUse& /*use*/, const Context& context) {
    const Image* image = context.process->image.get();
    const std::uint64_t start = context.process->key.start_time + context.epoch_offset_ns;
    if (image == nullptr || image->exe_ctime == 0 || image->exe_ctime >= start) return none();
    return unsigned_number(context, start - image->exe_ctime);
}

// How long after the pid namespace's start the executable was changed.
Values pidns_start_to_ctime(const FieldUse& /*use*/, const Context& context) {
    const Image* image = context.process->image.get();
    const std::uint64_t start = context.process->facts.pidns_start_time;
    if (image == nullptr || start == 0) return none();
    const std::uint64_t epoch = start + context.epoch_offset_ns;
    return image->exe_ctime <= epoch ? none() : unsigned_number(context, image->exe_ctime - epoch);
}

Values pidns_start(const FieldUse& /*use*/, const Context& context) {
    const std::uint64_t start = context.process->facts.pidns_start_time;
    return start == 0 ? none() : unsigned_number(context, start + context.epoch_offset_ns);
}

template <std::uint32_t saker_process::* leader, std::uint32_t saker_process::* id>
Values leads(const FieldUse& /*use*/, const Context& context) {
    const saker_process& facts = context.process->facts;
    return truth(context, facts.*leader == facts.*id);
}

template <std::uint32_t saker_memory::* member>
Values memory(const FieldUse& /*use*/, const Context& context) {
    return unsigned_number(context, context.process->facts.memory.*member);
}

// --- what only /proc knows ---

using Count = std::optional<std::uint64_t>;

Count threads(const Context& context) {
    return context.live == nullptr ? std::nullopt : context.live->threads(*context.process);
}
Count threads_beside_first(const Context& context) {
    const Count all = threads(context);
    return all && *all > 0 ? Count(*all - 1) : std::nullopt;
}
Count open_files(const Context& context) {
    return context.live == nullptr ? std::nullopt : context.live->open_files(*context.process);
}

template <Count (*count)(const Context&)>
Values counted(const FieldUse& /*use*/, const Context& context) {
    const Count number = count(context);
    return number ? unsigned_number(context, *number) : none();
}

Values fd_usage(const FieldUse& /*use*/, const Context& context) {
    const std::uint64_t limit = context.process->facts.fdlimit;
    const Count open = limit == 0 ? std::nullopt : open_files(context);
    if (!open) return none();
    Value percent;
    percent.real = 100.0 * static_cast<double>(*open) / static_cast<double>(limit);
    return context.scratch->one(percent);
}

template <__u32 saker_namespaces::* kind>
Values name_space(const FieldUse& /*use*/, const Context& context) {
    const std::uint32_t inode = context.process->facts.ns.*kind;
    return inode == 0 ? none() : unsigned_number(context, inode);
}

template <std::size_t fd, std::string state::StdioFd::* member>
Values stdio(const FieldUse& /*use*/, const Context& context) {
    const Image* image = context.process->image.get();
    if (image == nullptr || (image->stdio[fd].*member).empty()) return none();
    return text(context, image->stdio[fd].*member);
}

Values pid(const FieldUse& /*use*/, const Context& context) {
    return signed_number(context, context.event->header().tgid);
}
// The pid alone is used again sooner or later; with the time of its start it names one process.
Values id(const FieldUse& /*use*/, const Context& context) {
    const saker_record& header = context.event->header();
    return text_copy(context, fmt::format("{}-{}", header.tgid, header.start_time));
}
Values parent_pid(const FieldUse& /*use*/, const Context& context) {
    return signed_number(context, context.event->header().ptgid);
}
using namespace row;

// clang-format off
const FieldInfo kRows[] = {
    {"proc.name", kStr, kNone, kOne, 0, own<name>, nullptr, "Name of the thread (comm), at most 15 bytes; any process can choose it."},
    {"proc.pname", kStr, kNone, kOne, 0, of_parent<name>, nullptr, "proc.name of the parent."},
    {"proc.exe", kStr, kNone, kOne, 0, own<exe>, nullptr, "First argument of the command line (argv[0])."},
    {"proc.pexe", kStr, kNone, kOne, 0, of_parent<exe>, nullptr, "proc.exe of the parent."},
    {"proc.exepath", kPath, kNone, kOne, 0, own<exe_path>, nullptr, "Full path of the executable, as the kernel has it."},
    {"proc.pexepath", kPath, kNone, kOne, 0, of_parent<exe_path>, nullptr, "proc.exepath of the parent."},
    {"proc.args", kStr, Argument::kIndexOptional, kOne, 0, args, nullptr, "Arguments behind argv[0], joined by blanks; with an index one of them, the first being 0."},
    {"proc.cmdline", kStr, kNone, kOne, 0, own<cmdline>, nullptr, "proc.name and the arguments."},
    {"proc.pcmdline", kStr, kNone, kOne, 0, of_parent<cmdline>, nullptr, "proc.cmdline of the parent."},
    {"proc.exeline", kStr, kNone, kOne, 0, own<exe_line>, nullptr, "proc.exe and the arguments."},
    {"proc.cmdnargs", kUint, kNone, kOne, 0, arg_count, nullptr, "Number of arguments behind argv[0]."},
    {"proc.cmdlenargs", kUint, kNone, kOne, 0, arg_lengths, nullptr, "Total length of the arguments behind argv[0], in bytes."},
    {"proc.args.list", kStr, kNone, kList, kOwn, arg_list, nullptr, "Arguments behind argv[0] as a list, as getopt takes them; no value if there are none."},
    {"proc.args.count", kUint, kNone, kOne, kOwn, arg_count, nullptr, "Number of arguments behind argv[0]; the same as proc.cmdnargs."},
    {"proc.env", kStr, Argument::kKeyOptional, kOne, 0, env, nullptr, "Environment, joined by blanks; with a name the value of that variable, empty if it is not set."},
    {"proc.cwd", kPath, kNone, kOne, 0, own<cwd>, nullptr, "Working directory, with a slash at its end."},
    {"proc.tty", kUint, kNone, kOne, 0, fact<&saker_process::tty>, nullptr, "Device number of the controlling terminal, 0 if there is none."},
    {"proc.pid", kInt, kNone, kOne, 0, pid, nullptr, "Id of the process, in the host's pid namespace."},
    {"proc.id", kStr, kNone, kOne, kOwn, id, nullptr, "Id of the process that is never used again while the machine runs: the pid, and its start in ns since the boot."},
    {"proc.ppid", kInt, kNone, kOne, 0, parent_pid, nullptr, "Id of the parent."},
    {"proc.vpid", kInt, kNone, kOne, 0, own<vpid>, nullptr, "Id of the process in its own pid namespace."},
    {"proc.pvpid", kInt, kNone, kOne, 0, of_parent<vpid>, nullptr, "proc.vpid of the parent."},
    {"proc.sid", kInt, kNone, kOne, 0, fact<&saker_process::sid>, nullptr, "Id of the session, in the process's pid namespace."},
    {"proc.vpgid", kInt, kNone, kOne, 0, fact<&saker_process::vpgid>, nullptr, "Id of the process group, in the process's pid namespace."},
    {"proc.pgid", kInt, kNone, kOne, 0, fact<&saker_process::pgid>, nullptr, "Id of the process group, in the host's pid namespace."},
    {"proc.duration", kRel, kNone, kOne, 0, own<duration>, nullptr, "Time since the start of the process, ns."},
    {"proc.ppid.duration", kRel, kNone, kOne, 0, of_parent<duration>, nullptr, "Time since the start of the parent, ns."},
    {"proc.pid.ts", kRel, kNone, kOne, 0, own<start_timestamp>, nullptr, "Start of the process, ns since the epoch."},
    {"proc.ppid.ts", kRel, kNone, kOne, 0, of_parent<start_timestamp>, nullptr, "Start of the parent, ns since the epoch."},
    {"proc.is_exe_writable", kBool, kNone, kOne, 0, image_flag<SAKER_EXE_WRITABLE>, nullptr, "The process's user may write the executable."},
    {"proc.is_exe_upper_layer", kBool, kNone, kOne, 0, image_flag<SAKER_EXE_UPPER>, nullptr, "The executable lies in an overlay's upper layer: it came after the container's image."},
    {"proc.is_exe_lower_layer", kBool, kNone, kOne, 0, image_flag<SAKER_EXE_LOWER>, nullptr, "The executable lies in an overlay's lower layer."},
    {"proc.is_exe_from_memfd", kBool, kNone, kOne, 0, image_flag<SAKER_EXE_MEMFD>, nullptr, "The executable is in memory only (memfd_create)."},
    {"proc.is_sid_leader", kBool, kNone, kOne, 0, leads<&saker_process::sid, &saker_process::vpid>, nullptr, "The process leads its session."},
    {"proc.is_vpgid_leader", kBool, kNone, kOne, 0, leads<&saker_process::vpgid, &saker_process::vpid>, nullptr, "The process leads its process group."},
    {"proc.is_pgid_leader", kBool, kNone, kOne, 0, leads<&saker_process::pgid, &saker_process::tgid>, nullptr, "The process leads its process group, seen from the host."},
    {"proc.exe_ino", kInt, kNone, kOne, 0, image_number<&Image::exe_ino>, nullptr, "Inode number of the executable."},
    {"proc.exe_ino.ctime", kAbs, kNone, kOne, 0, image_number<&Image::exe_ctime>, nullptr, "Last change of the executable's inode, ns since the epoch."},
    {"proc.exe_ino.mtime", kAbs, kNone, kOne, 0, image_number<&Image::exe_mtime>, nullptr, "Last change of the executable's content, ns since the epoch."},
    {"proc.exe_ino.ctime_duration_proc_start", kAbs, kNone, kOne, 0, ctime_to_start, nullptr, "Time from the executable's last change to the start of the process, ns."},
    {"proc.exe_ino.ctime_duration_pidns_start", kAbs, kNone, kOne, 0, pidns_start_to_ctime, nullptr, "Time from the start of the pid namespace to the executable's last change, ns."},
    {"proc.pidns_init_start_ts", kUint, kNone, kOne, 0, pidns_start, nullptr, "Start of the first process of the pid namespace, ns since the epoch."},
    {"proc.ns.mnt", kUint, kNone, kOne, kOwn, name_space<&saker_namespaces::mnt>, nullptr, "Inode number of the mount namespace that the process is in, as ls -i /proc/PID/ns shows it."},
    {"proc.ns.net", kUint, kNone, kOne, kOwn, name_space<&saker_namespaces::net>, nullptr, "Inode number of the network namespace."},
    {"proc.ns.pid", kUint, kNone, kOne, kOwn, name_space<&saker_namespaces::pid>, nullptr, "Inode number of the pid namespace; the host's is 4026531836."},
    {"proc.ns.user", kUint, kNone, kOne, kOwn, name_space<&saker_namespaces::user>, nullptr, "Inode number of the user namespace; the host's is 4026531837."},
    {"proc.fdlimit", kInt, kNone, kOne, 0, nonzero_fact<&saker_process::fdlimit>, nullptr, "Limit of open files (RLIMIT_NOFILE), when the program was started."},
    {"proc.fdopencount", kUint, kNone, kOne, kReadsProc, counted<open_files>, nullptr, "Number of open descriptors, as it is when the rule asks; no value once the process has ended."},
    {"proc.fdusage", kReal, kNone, kOne, kReadsProc, fd_usage, nullptr, "proc.fdopencount in percent of proc.fdlimit."},
    {"proc.nthreads", kUint, kNone, kOne, kReadsProc, counted<threads>, nullptr, "Number of threads, as it is when the rule asks; no value once the process has ended."},
    {"proc.nchilds", kUint, kNone, kOne, kReadsProc, counted<threads_beside_first>, nullptr, "proc.nthreads without the first thread."},
    {"proc.vmsize", kUint, kNone, kOne, 0, memory<&saker_memory::vm_size>, nullptr, "Virtual memory when the program was started, KiB."},
    {"proc.vmrss", kUint, kNone, kOne, 0, memory<&saker_memory::vm_rss>, nullptr, "Resident memory when the program was started, KiB."},
    {"proc.vmswap", kUint, kNone, kOne, 0, memory<&saker_memory::vm_swap>, nullptr, "Swapped memory when the program was started, KiB."},
    {"proc.stdin.type", kStr, kNone, kOne, kFewValues, stdio<0, &state::StdioFd::type>, nullptr, "fd.type of descriptor 0, when the program was started."},
    {"proc.stdout.type", kStr, kNone, kOne, kFewValues, stdio<1, &state::StdioFd::type>, nullptr, "fd.type of descriptor 1, when the program was started."},
    {"proc.stderr.type", kStr, kNone, kOne, kFewValues, stdio<2, &state::StdioFd::type>, nullptr, "fd.type of descriptor 2, when the program was started."},
    {"proc.stdin.name", kStr, kNone, kOne, 0, stdio<0, &state::StdioFd::name>, nullptr, "fd.name of descriptor 0, when the program was started."},
    {"proc.stdout.name", kStr, kNone, kOne, 0, stdio<1, &state::StdioFd::name>, nullptr, "fd.name of descriptor 1, when the program was started."},
    {"proc.stderr.name", kStr, kNone, kOne, 0, stdio<2, &state::StdioFd::name>, nullptr, "fd.name of descriptor 2, when the program was started."},
};
// clang-format on

}  // namespace

bool is_steady(const FieldUse& use) {
    constexpr Extract kSteady[] = {own<name>, own<exe>, own<exe_path>};
    return std::ranges::find(kSteady, use.info->extract) != std::end(kSteady);
}

std::span<const FieldInfo> process_fields() {
    return kRows;
}

}  // namespace saker::field
