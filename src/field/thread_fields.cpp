// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "event/flags.h"
#include "field/make.h"
#include "field/native.h"
#include "field/row.h"

// thread.*: the thread that acts. Most of it is its process's.
namespace saker::field {

namespace {

template <__u64 saker_process::* set>
Values capabilities(const FieldUse& /*use*/, const Context& context) {
    std::string names;
    event::append_capabilities(context.process->facts.*set, names);
    return text_copy(context, names);
}

Values tid(const FieldUse& /*use*/, const Context& context) {
    return signed_number(context, context.event->header().tid);
}
Values is_main(const FieldUse& /*use*/, const Context& context) {
    return truth(context, context.event->header().tid == context.event->header().tgid);
}
// The first thread's id in its own pid namespace is the process's. In the host's namespace ids are
// what they are; of a thread in another one, /proc knows.
Values vtid(const FieldUse& /*use*/, const Context& context) {
    constexpr std::uint32_t kHostPidNamespace = 0xEFFFFFFC;  // PROC_PID_INIT_INO of the kernel
    const saker_record& header = context.event->header();
    const saker_process& facts = context.process->facts;
    if (header.tid == header.tgid) return signed_number(context, facts.vpid);
    if (facts.ns.pid == kHostPidNamespace) return signed_number(context, header.tid);
    if (context.live == nullptr) return none();
    const auto id = context.live->virtual_tid(*context.process, header.tid);
    return id ? signed_number(context, *id) : none();
}

// Memory is the process's, and counted for its first thread, so that a sum over threads is right.
template <std::uint32_t saker_memory::* member>
Values memory(const FieldUse& /*use*/, const Context& context) {
    const bool first = context.event->header().tid == context.event->header().tgid;
    return unsigned_number(context, first ? context.process->facts.memory.*member : 0);
}

template <__u64 saker_process::* member>
Values page_faults(const FieldUse& /*use*/, const Context& context) {
    const std::uint64_t count = context.process->facts.*member;
    return count == 0 ? none() : unsigned_number(context, count);
}

// The controllers that rule files name. A record has the one cgroup that tells the container; it
// stands for all of them, as it does in the v2 hierarchy, and as container runtimes place their
// processes in v1.
constexpr std::array<std::string_view, 5> kControllers = {"cpuset", "cpu", "cpuacct", "io",
                                                          "memory"};

Values cgroups(const FieldUse& /*use*/, const Context& context) {
    const std::string& path = context.process->cgroup;
    if (path.empty()) return none();
    std::string all;
    for (const std::string_view controller : kControllers) {
        if (!all.empty()) all += ' ';
        ((all += controller) += '=') += path;
    }
    return text_copy(context, all);
}

Values cgroup(const FieldUse& use, const Context& context) {
    const std::string& path = context.process->cgroup;
    const bool known = std::ranges::find(kControllers, use.argument) != kControllers.end();
    return known && !path.empty() ? text(context, path) : none();
}

using namespace row;

// clang-format off
const FieldInfo kRows[] = {
    {"thread.cap_permitted", kStr, kNone, kOne, 0, capabilities<&saker_process::cap_permitted>, nullptr, "Names of the permitted capabilities, joined by blanks."},
    {"thread.cap_inheritable", kStr, kNone, kOne, 0, capabilities<&saker_process::cap_inheritable>, nullptr, "Names of the inheritable capabilities, joined by blanks."},
    {"thread.cap_effective", kStr, kNone, kOne, 0, capabilities<&saker_process::cap_effective>, nullptr, "Names of the effective capabilities, joined by blanks."},
    {"thread.tid", kInt, kNone, kOne, 0, tid, nullptr, "Id of the thread, in the host's pid namespace."},
    {"thread.ismain", kBool, kNone, kOne, 0, is_main, nullptr, "The thread is the first of its process."},
    {"thread.pfmajor", kUint, kNone, kOne, 0, page_faults<&saker_process::pgft_maj>, nullptr, "Major page faults when the program was started."},
    {"thread.pfminor", kUint, kNone, kOne, 0, page_faults<&saker_process::pgft_min>, nullptr, "Minor page faults when the program was started."},
    {"thread.vtid", kInt, kNone, kOne, kReadsProc, vtid, nullptr, "Id of the thread in its own pid namespace; of a container's further threads no value once they have ended."},
    {"thread.vmsize", kUint, kNone, kOne, 0, memory<&saker_memory::vm_size>, nullptr, "Virtual memory when the program was started, KiB; 0 but for the first thread."},
    {"thread.vmrss", kUint, kNone, kOne, 0, memory<&saker_memory::vm_rss>, nullptr, "Resident memory when the program was started, KiB; 0 but for the first thread."},
    {"thread.cgroups", kStr, kNone, kOne, 0, cgroups, nullptr, "Controllers and their cgroups, controller=path, joined by blanks."},
    {"thread.cgroup", kStr, Argument::kController, kOne, 0, cgroup, nullptr, "The cgroup of one controller: cpuset, cpu, cpuacct, io or memory."},
    {"thread.exectime", kRel, kNone, kOne, kNeverValued, never, fold_never, "No value: time on a cpu since the last switch, and switches are not watched."},
    {"thread.totexectime", kRel, kNone, kOne, kNeverValued, never, fold_never, "No value: time on a cpu in all, and switches are not watched."},
    {"thread.cpu", kReal, kNone, kOne, kNeverValued, never, fold_never, "No value: share of a cpu over a while, and events come at moments."},
    {"thread.cpu.user", kReal, kNone, kOne, kNeverValued, never, fold_never, "No value: the part of thread.cpu in user space."},
    {"thread.cpu.system", kReal, kNone, kOne, kNeverValued, never, fold_never, "No value: the part of thread.cpu in the kernel."},
};
// clang-format on

}  // namespace

std::span<const FieldInfo> thread_fields() {
    return kRows;
}

}  // namespace saker::field
