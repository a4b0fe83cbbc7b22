// SPDX-License-Identifier: Apache-2.0
#include "state/process_table.h"

#include <array>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "state/cgroup_paths.h"
#include "state/process_map.h"
#include "state/process_record.h"

namespace saker::state {
namespace {

// Ancestors that are walked to prove that a parent is no descendant of its child.
constexpr int kMaxLineageCheck = 1024;

// Not make_shared: the map keeps weak pointers to ancestors that have ended, and these must not
// keep the memory.
std::shared_ptr<Process> new_process(const ProcessKey& key, const saker_process& facts) {
    std::shared_ptr<Process> process(new Process);
    process->key = key;
    process->image = unknown_image();
    process->facts = facts;
    process->comm = comm_text(facts.comm);
    process->ptgid = facts.ptgid;
    return process;
}

// All that a record's header tells of its process.
saker_process header_facts(const saker_record& header) {
    saker_process facts{};
    facts.start_time = header.start_time;
    facts.tgid = header.tgid;
    facts.ptgid = header.ptgid;
    facts.uid = header.uid;
    facts.gid = header.gid;
    facts.cgroup = header.cgroup;
    if (header.tid == header.tgid) std::memcpy(facts.comm, header.comm, sizeof facts.comm);
    return facts;
}

// Compared by ticks: either start time may be a rounded one.
bool may_be_parent(const Process& parent, const Process& child) {
    return !(parent.key == child.key) &&
           round_to_tick(parent.key.start_time) <= round_to_tick(child.key.start_time);
}

bool is_same_start(const Process& a, const Process& b) {
    return round_to_tick(a.key.start_time) == round_to_tick(b.key.start_time);
}

// Gives a parent to a process that was met before its parent was.
void link_late(Process& child, std::shared_ptr<Process> parent) {
    if (child.parent != nullptr) return;
    const Process* ancestor = parent.get();
    for (int i = 0; i < kMaxLineageCheck && ancestor != nullptr; ++i) {
        if (ancestor == &child) return;
        ancestor = ancestor->parent.get();
    }
    if (ancestor == nullptr) child.parent = std::move(parent);
}

// Another executable than the table has: the record of an execve was lost.
void repair(Process& known, const Process& found) {
    if (found.image == nullptr || found.image->exe_path.empty()) return;
    if (found.image->exe_path == known.image->exe_path) return;
    known.image = found.image;
    known.comm = found.comm;
    std::memcpy(known.facts.comm, found.facts.comm, sizeof known.facts.comm);
}

}  // namespace

struct ProcessTable::Tables {
    Tables(Lookup look_up, std::size_t limit) : lookup(std::move(look_up)), map(limit) {}

    Process& meet(const event::Event& event);
    Process& look_up_or_invent(const saker_record& header);
    Process* find_continued(const ProcessKey& key, const saker_process& facts) const;
    std::shared_ptr<Process> parent_of(const Process& child, std::uint64_t parent_start) const;
    Process& insert(std::shared_ptr<Process> process, std::uint64_t parent_start = 0);
    void refresh(Process& process, const saker_record& header);
    void move_to_cgroup(Process& process, std::uint64_t cgroup);
    std::string birthplace(const event::Event& fork, const saker_process& facts,
                           const Process& parent);

    Process& on_exec(Process& process, const event::Event& event);
    Process& on_fork(Process& creator, const event::Event& event);
    Process& on_exit(Process& process, const event::Event& event);
    Process& on_setsid(Process& process, const event::Event& event);
    Process& on_chdir(Process& process, const event::Event& event);
    Process& on_capset(Process& process, const event::Event& event);
    Process& on_namespaces(Process& process, const event::Event& event);
    Process& on_cgroup_mkdir(Process& process, const event::Event& event);
    Process& on_cgroup_rmdir(Process& process, const event::Event& event);
    Process& on_cgroup_attach(Process& process, const event::Event& event);

    Lookup lookup;
    ProcessMap map;
    CgroupPaths cgroups;
    std::uint64_t unknown = 0;
};

namespace {

// What an event type does to the table beyond what every header does. prctl(PR_SET_NAME) and the
// calls of the setuid family are not here: the header has the name and the ids after the call.
template <typename Tables>
struct Handlers {
    using Handler = Process& (Tables::*)(Process&, const event::Event&);
    struct Row {
        saker_event event;
        Handler handler;
    };
    static constexpr Row kRows[] = {
        {SAKER_EVENT_execve, &Tables::on_exec},
        {SAKER_EVENT_execveat, &Tables::on_exec},
        {SAKER_EVENT_sched_fork, &Tables::on_fork},
        {SAKER_EVENT_procexit, &Tables::on_exit},
        {SAKER_EVENT_setsid, &Tables::on_setsid},
        {SAKER_EVENT_chdir, &Tables::on_chdir},
        {SAKER_EVENT_fchdir, &Tables::on_chdir},
        {SAKER_EVENT_capset, &Tables::on_capset},
        {SAKER_EVENT_setns, &Tables::on_namespaces},
        {SAKER_EVENT_unshare, &Tables::on_namespaces},
        {SAKER_EVENT_cgroup_mkdir, &Tables::on_cgroup_mkdir},
        {SAKER_EVENT_cgroup_rmdir, &Tables::on_cgroup_rmdir},
        {SAKER_EVENT_cgroup_attach_task, &Tables::on_cgroup_attach},
    };
    static constexpr auto kByEvent = [] {
        std::array<Handler, SAKER_EVENT_COUNT> handlers{};
        for (const Row& row : kRows) handlers[row.event] = row.handler;
        return handlers;
    }();
};

}  // namespace

// The process of a record whose key is not in the map.
Process& ProcessTable::Tables::meet(const event::Event& event) {
    const saker_record& header = event.header();
    const ProcessKey key{header.tgid, header.start_time};
    Process* known = map.find(key);
    const auto facts = exec_facts(event);
    if (known == nullptr && facts) known = find_continued(key, *facts);
    if (known != nullptr) {
        map.rekey(*known, key);
        return *known;
    }
    // An execve says all that a look-up could find out.
    if (facts) return insert(new_process(key, *facts), facts->parent_start_time);
    return look_up_or_invent(header);
}

// A thread that is not the leader becomes it by an execve, and takes over the leader's start time
// (de_thread() in fs/exec.c). Should a kernel not do so, the process is still the same where its
// parent is: then a mistake changes nothing, since the execve brings all else.
Process* ProcessTable::Tables::find_continued(const ProcessKey& key,
                                              const saker_process& facts) const {
    Process* same_tgid = map.newest(key.tgid);
    if (same_tgid == nullptr || same_tgid->end_time != 0) return nullptr;
    const Process* parent = same_tgid->parent.get();
    if (parent == nullptr || same_tgid->ptgid != facts.ptgid) return nullptr;
    const ProcessKey key_of_parent{facts.ptgid, facts.parent_start_time};
    return map.find(key_of_parent) == parent ? same_tgid : nullptr;
}

Process& ProcessTable::Tables::look_up_or_invent(const saker_record& header) {
    const ProcessKey key{header.tgid, header.start_time};
    auto process = new_process(key, {});
    if (lookup && lookup(header.tgid, *process)) {
        const std::uint64_t found_start = process->key.start_time;
        // Another process may have that pid by now.
        if (round_to_tick(found_start) == round_to_tick(header.start_time)) {
            process->key = key;
            process->facts.start_time = key.start_time;
            process->start_rounded = false;
            return insert(std::move(process));
        }
    }
    ++unknown;
    Process& invented = insert(new_process(key, header_facts(header)));
    // Gone before it could be looked up: its end was recorded before, or was lost.
    if (lookup) map.end(invented, header.time);
    return invented;
}

std::shared_ptr<Process> ProcessTable::Tables::parent_of(const Process& child,
                                                         std::uint64_t parent_start) const {
    const Process* parent =
        parent_start != 0 ? map.find({child.ptgid, parent_start}) : map.newest(child.ptgid);
    if (parent == nullptr || !may_be_parent(*parent, child)) return nullptr;
    return map.share(*parent);
}

Process& ProcessTable::Tables::insert(std::shared_ptr<Process> process,
                                      std::uint64_t parent_start) {
    if (process->parent == nullptr) process->parent = parent_of(*process, parent_start);
    if (process->image == nullptr) process->image = unknown_image();
    return map.insert(std::move(process));
}

inline void ProcessTable::Tables::refresh(Process& process, const saker_record& header) {
    process.ptgid = process.facts.ptgid = header.ptgid;
    process.facts.uid = header.uid;
    process.facts.gid = header.gid;
    const bool is_main_thread = header.tid == header.tgid;
    if (is_main_thread && std::memcmp(process.facts.comm, header.comm, sizeof header.comm) != 0) {
        std::memcpy(process.facts.comm, header.comm, sizeof header.comm);
        process.comm = comm_text(header.comm);
    }
    if (process.cgroup_id != header.cgroup) move_to_cgroup(process, header.cgroup);
    // Late records of an ended process are older than its end; a younger one proves that it lives.
    if (process.end_time != 0 && process.end_time < header.time) process.end_time = 0;
}

void ProcessTable::Tables::move_to_cgroup(Process& process, std::uint64_t cgroup) {
    if (cgroup == 0) return;
    // A snapshot knows the path and not the id.
    if (process.cgroup_id != 0 || process.cgroup.empty()) process.cgroup = cgroups.find(cgroup);
    process.cgroup_id = process.facts.cgroup = cgroup;
}

Process& ProcessTable::Tables::on_exec(Process& process, const event::Event& event) {
    const auto facts = exec_facts(event);
    if (!facts) return process;
    process.image = image_of(event, *facts);
    process.facts = *facts;
    process.facts.start_time = process.key.start_time;
    process.comm = comm_text(facts->comm);
    process.ptgid = facts->ptgid;
    follow_path(event, SAKER_PROCESS_CWD, process.cwd);
    follow_path(event, SAKER_PROCESS_CGROUP, process.cgroup);
    process.exec_time = event.time();
    cgroups.learn(process.cgroup_id, process.cgroup);
    return process;
}

Process& ProcessTable::Tables::on_fork(Process& creator, const event::Event& event) {
    const auto facts = fork_facts(event);
    if (!facts) return creator;
    const ProcessKey key{facts->tgid, facts->start_time};
    if (key == creator.key) return creator;

    std::shared_ptr<Process> parent = map.share(creator);
    Process* child = map.find(key);
    if (child == nullptr) {
        auto fresh = new_process(key, *facts);
        fresh->parent = parent;
        child = &map.insert(std::move(fresh));
    } else if (child->start_rounded) {
        map.rekey(*child, key);
    }
    // One that sent a record before this one, and could not be looked up, is filled in now.
    if (child->image == unknown_image()) {
        child->facts = *facts;
        child->image = parent->image;
        child->cwd = event.capture(SAKER_PROCESS_CWD).empty()
                         ? parent->cwd
                         : walked_path(event, SAKER_PROCESS_CWD, parent->cwd);
        child->cgroup_id = facts->cgroup;
        child->cgroup = birthplace(event, *facts, *parent);
    }
    link_late(*child, std::move(parent));
    return *child;
}

// The path of the cgroup that a process is born in: its parent's, or the one that clone3() named.
std::string ProcessTable::Tables::birthplace(const event::Event& fork, const saker_process& facts,
                                             const Process& parent) {
    if (facts.cgroup == parent.cgroup_id) return parent.cgroup;
    if (!fork.capture(SAKER_PROCESS_CGROUP).empty()) {
        cgroups.learn(facts.cgroup, walked_path(fork, SAKER_PROCESS_CGROUP, {}));
    }
    return cgroups.find(facts.cgroup);
}

Process& ProcessTable::Tables::on_exit(Process& process, const event::Event& event) {
    map.end(process, event.time());
    return process;
}

// setsid(2): the caller leads a new session and a new process group, and has no terminal.
Process& ProcessTable::Tables::on_setsid(Process& process, const event::Event& event) {
    if (event.ret() <= 0) return process;
    process.facts.sid = static_cast<std::uint32_t>(event.ret());
    process.facts.vpgid = process.facts.sid;
    process.facts.pgid = process.key.tgid;
    process.facts.tty = 0;
    return process;
}

Process& ProcessTable::Tables::on_chdir(Process& process, const event::Event& event) {
    if (event.ret() != 0) return process;
    const auto captures = event.info().captures;
    for (std::size_t slot = 0; slot < captures.size(); ++slot) {
        if (captures[slot].kind != SAKER_CAPTURE_CWD) continue;
        process.cwd = walked_path(event, slot, process.cwd);
    }
    return process;
}

Process& ProcessTable::Tables::on_capset(Process& process, const event::Event& event) {
    const auto& header = event.header();
    if (event.ret() != 0 || header.tid != header.tgid || event.capture(0).empty()) return process;
    const auto [low, high] = event::read_struct<std::array<saker_caps, 2>>(event.capture(0));
    const auto join = [](std::uint32_t low_word, std::uint32_t high_word) {
        return std::uint64_t{high_word} << 32 | low_word;
    };
    process.facts.cap_effective = join(low.effective, high.effective);
    process.facts.cap_permitted = join(low.permitted, high.permitted);
    process.facts.cap_inheritable = join(low.inheritable, high.inheritable);
    return process;
}

// A thread may leave the namespaces of the others: those of the first one are the process's.
Process& ProcessTable::Tables::on_namespaces(Process& process, const event::Event& event) {
    const auto& header = event.header();
    const auto captures = event.info().captures;
    if (event.ret() != 0 || header.tid != header.tgid) return process;
    for (std::size_t slot = 0; slot < captures.size(); ++slot) {
        if (captures[slot].kind != SAKER_CAPTURE_NAMESPACES || event.capture(slot).empty())
            continue;
        process.facts.ns = event::read_struct<saker_namespaces>(event.capture(slot));
    }
    return process;
}

Process& ProcessTable::Tables::on_cgroup_mkdir(Process& process, const event::Event& event) {
    cgroups.learn(event.header().args[0], event.text(0));
    return process;
}

Process& ProcessTable::Tables::on_cgroup_rmdir(Process& process, const event::Event& event) {
    cgroups.forget(event.header().args[0]);
    return process;
}

// The process of the record is the one that moves, not the one that is moved. That one is told
// here where it is, since the next record of its own may come only after it has done something
// there; and where /proc alone has told its path, nothing else says that it is the path no more.
Process& ProcessTable::Tables::on_cgroup_attach(Process& process, const event::Event& event) {
    const auto& args = event.header().args;
    const std::string path = walked_path(event, 0, {});
    cgroups.learn(args[0], path);
    Process* moved = map.find({static_cast<std::uint32_t>(args[1]), args[2]});
    if (moved == nullptr || path.empty()) return process;
    moved->cgroup = path;
    moved->cgroup_id = moved->facts.cgroup = args[0];
    return process;
}

ProcessTable::ProcessTable(Lookup lookup, std::size_t limit)
    : tables_(std::make_unique<Tables>(std::move(lookup), limit)) {}
ProcessTable::~ProcessTable() = default;
ProcessTable::ProcessTable(ProcessTable&&) noexcept = default;
ProcessTable& ProcessTable::operator=(ProcessTable&&) noexcept = default;

const Process* ProcessTable::apply(const event::Event& event) {
    const saker_record& header = event.header();
    Tables& tables = *tables_;
    tables.map.expire(header.time, {.few = kGraceNs, .many = kShortGraceNs});
    Process* known = tables.map.find_exact({header.tgid, header.start_time});
    Process& process = known != nullptr ? *known : tables.meet(event);
    tables.refresh(process, header);
    const auto handler = Handlers<Tables>::kByEvent[event.type()];
    return handler == nullptr ? &process : &(tables.*handler)(process, event);
}

void ProcessTable::add(std::shared_ptr<Process> process) {
    Tables& tables = *tables_;
    if (process->parent == nullptr) process->parent = tables.parent_of(*process, 0);
    Process* known = tables.map.find(process->key);
    Process* newest = tables.map.newest(process->key.tgid);
    if (known == nullptr && newest != nullptr && is_same_start(*newest, *process)) known = newest;
    if (known != nullptr) {
        repair(*known, *process);
        link_late(*known, std::move(process->parent));
    } else if (newest == nullptr || newest->key.start_time < process->key.start_time) {
        tables.insert(std::move(process));
    }
}

std::size_t ProcessTable::end_missing(const absl::flat_hash_set<std::uint32_t>& alive,
                                      std::uint64_t time) {
    std::size_t ended = 0;
    tables_->map.for_each([&](Process& process) {
        if (process.end_time != 0 || process.key.start_time >= time) return;
        if (alive.contains(process.key.tgid)) return;
        tables_->map.end(process, time);
        ++ended;
    });
    return ended;
}

const Process* ProcessTable::find(const ProcessKey& key) const {
    return tables_->map.find(key);
}

const Process* ProcessTable::find(std::uint32_t tgid) const {
    return tables_->map.newest(tgid);
}

void ProcessTable::for_each_alive(const std::function<void(const Process&)>& visit) const {
    tables_->map.for_each([&](const Process& process) {
        if (process.end_time == 0) visit(process);
    });
}

std::size_t ProcessTable::size() const {
    return tables_->map.size();
}

std::uint64_t ProcessTable::evicted() const {
    return tables_->map.evicted();
}

std::uint64_t ProcessTable::unknown() const {
    return tables_->unknown;
}

}  // namespace saker::state
