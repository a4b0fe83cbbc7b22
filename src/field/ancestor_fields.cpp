// SPDX-License-Identifier: Apache-2.0
#include "field/image.h"
#include "field/make.h"
#include "field/native.h"
#include "field/row.h"

// Fields of ancestors: a parent, its parent, and so on, whether they still live or not.
namespace saker::field {

namespace {

using state::kMaxGenerations;
using state::Process;

// What is more than kMaxGenerations away is found if it lives.
const Process* ancestor(const Context& context, std::uint32_t generations) {
    const Process* process = context.process;
    for (std::uint32_t i = 0; i < generations && process != nullptr; ++i) {
        process = process->parent.get();
    }
    return process;
}

using Property = Value (*)(const Context& context, const Process& process);

// With an index that ancestor, 0 being the process itself; without, all of them from the parent on.
template <Property property>
Values of_ancestors(const FieldUse& use, const Context& context) {
    if (use.index) {
        const Process* process = ancestor(context, *use.index);
        return process == nullptr ? none() : context.scratch->one(property(context, *process));
    }
    std::size_t count = 0;
    const Process* chain[kMaxGenerations];
    for (const Process* process = context.process->parent.get();
         process != nullptr && count < kMaxGenerations; process = process->parent.get()) {
        chain[count++] = process;
    }
    Value found[kMaxGenerations];
    for (std::size_t i = 0; i < count; ++i) found[i] = property(context, *chain[i]);
    const auto row = context.scratch->values(count);
    std::copy_n(found, count, row.begin());
    return row;
}

Value name(const Context& context, const Process& process) {
    return Value::of(comm_of(context, process));
}
Value exe(const Context& /*context*/, const Process& process) {
    return Value::of(process.image ? process.image->argv0() : std::string_view{});
}
Value exe_path(const Context& /*context*/, const Process& process) {
    return Value::of(process.image ? std::string_view(process.image->exe_path)
                                   : std::string_view{});
}
Value cmdline(const Context& context, const Process& process) {
    return Value::of(command_line(context, process, comm_of(context, process)));
}
Value args(const Context& context, const Process& process) {
    return Value::of(joined(context, arguments(process)));
}
Value pid(const Context& /*context*/, const Process& process) {
    return Value::of_int(process.key.tgid);
}

Value environment(const Context& context, const Process& process) {
    return Value::of(process.image ? joined(context, process.image->env) : std::string_view{});
}

// proc.aenv[2]: the environment of an ancestor; proc.aenv[NAME]: the first value of that variable,
// from the process itself upwards.
Values env(const FieldUse& use, const Context& context) {
    if (use.index || use.argument.empty()) {
        return of_ancestors<environment>(use, context);
    }
    const Process* process = context.process;
    for (std::size_t i = 0; process != nullptr && i < kMaxGenerations; ++i) {
        if (process->image) {
            const std::string_view value = process->image->variable(use.argument);
            if (!value.empty()) return text(context, value);
        }
        process = process->parent.get();
    }
    return none();
}

// The leader of the session or the group: the process itself or the ancestor whose id it is, or
// else the eldest ancestor that is in it too.
template <std::uint32_t saker_process::* id>
const Process& leader(const Context& context) {
    const Process* found = context.process;
    const saker_process& facts = found->facts;
    for (std::size_t i = 0; i < kMaxGenerations; ++i) {
        if (found->facts.vpid == facts.*id) break;
        const Process* parent = found->parent.get();
        if (parent == nullptr || parent->facts.*id != facts.*id ||
            parent->facts.ns.pid != facts.ns.pid) {
            break;
        }
        found = parent;
    }
    return *found;
}

template <std::uint32_t saker_process::* id, Property property>
Values of_leader(const FieldUse& /*use*/, const Context& context) {
    return context.scratch->one(property(context, leader<id>(context)));
}

// The process that leads the group, seen from the host.
template <Property property>
Values of_host_group(const FieldUse& /*use*/, const Context& context) {
    const Process* found = context.processes->find(context.process->facts.pgid);
    return found == nullptr ? none() : context.scratch->one(property(context, *found));
}

// The eldest of the process and its ancestors whose name ends in "sh".
Values login_shell(const FieldUse& /*use*/, const Context& context) {
    const Process* found = nullptr;
    const Process* process = context.process;
    for (std::size_t i = 0; process != nullptr && i < kMaxGenerations; ++i) {
        if (comm_of(context, *process).ends_with("sh")) found = process;
        process = process->parent.get();
    }
    return found == nullptr ? none() : signed_number(context, found->key.tgid);
}

using namespace row;

// clang-format off
const FieldInfo kRows[] = {
    {"proc.aname", kStr, kIndex, kAny, 0, of_ancestors<name>, nullptr, "proc.name of an ancestor: [1] the parent, [2] its parent; without an index a test holds if it holds for any ancestor."},
    {"proc.aexe", kStr, kIndex, kAny, 0, of_ancestors<exe>, nullptr, "proc.exe of an ancestor, as proc.aname."},
    {"proc.aexepath", kPath, kIndex, kAny, 0, of_ancestors<exe_path>, nullptr, "proc.exepath of an ancestor, as proc.aname."},
    {"proc.acmdline", kStr, kIndex, kAny, 0, of_ancestors<cmdline>, nullptr, "proc.cmdline of an ancestor, as proc.aname."},
    {"proc.aargs", kStr, kIndex, kAny, 0, of_ancestors<args>, nullptr, "proc.args of an ancestor, as proc.aname."},
    {"proc.apid", kInt, kIndex, kAny, 0, of_ancestors<pid>, nullptr, "proc.pid of an ancestor, as proc.aname."},
    {"proc.aenv", kStr, Argument::kIndexOrKeyOptional, kAny, 0, env, nullptr, "Environment of an ancestor, as proc.aname; with a name, the first value of that variable from the process upwards."},
    {"proc.lineage", kStr, kNone, kList, kOwn, of_ancestors<name>, nullptr, "Names of all ancestors as a list, the parent first."},
    {"proc.loginshellid", kInt, kNone, kOne, 0, login_shell, nullptr, "Id of the eldest ancestor, or the process itself, whose name ends in sh."},
    {"proc.sname", kStr, kNone, kOne, 0, of_leader<&saker_process::sid, name>, nullptr, "proc.name of the session's leader, or of the eldest ancestor in the session."},
    {"proc.sid.exe", kStr, kNone, kOne, 0, of_leader<&saker_process::sid, exe>, nullptr, "proc.exe of the session's leader."},
    {"proc.sid.exepath", kPath, kNone, kOne, 0, of_leader<&saker_process::sid, exe_path>, nullptr, "proc.exepath of the session's leader."},
    {"proc.vpgid.name", kStr, kNone, kOne, 0, of_leader<&saker_process::vpgid, name>, nullptr, "proc.name of the process group's leader."},
    {"proc.vpgid.exe", kStr, kNone, kOne, 0, of_leader<&saker_process::vpgid, exe>, nullptr, "proc.exe of the process group's leader."},
    {"proc.vpgid.exepath", kPath, kNone, kOne, 0, of_leader<&saker_process::vpgid, exe_path>, nullptr, "proc.exepath of the process group's leader."},
    {"proc.pgid.name", kStr, kNone, kOne, 0, of_host_group<name>, nullptr, "proc.name of the process group's leader, seen from the host."},
    {"proc.pgid.exe", kStr, kNone, kOne, 0, of_host_group<exe>, nullptr, "proc.exe of the process group's leader, seen from the host."},
    {"proc.pgid.exepath", kPath, kNone, kOne, 0, of_host_group<exe_path>, nullptr, "proc.exepath of the process group's leader, seen from the host."},
};
// clang-format on

}  // namespace

std::span<const FieldInfo> ancestor_fields() {
    return kRows;
}

}  // namespace saker::field
