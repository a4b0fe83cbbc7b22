// SPDX-License-Identifier: Apache-2.0
#include "probe/probe.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "event/calls.h"
#include "fmt/core.h"
#include "probe/kernel_types.h"
#include "probe/loading.h"
#include "probe/real_names.h"
#include "probe/ring.h"
#include "probe/uring_programs.h"
#include "saker.skel.h"
#include "saker_direct.skel.h"
#include "saker_preemptible.skel.h"

namespace saker::probe {

namespace {

std::uint64_t boot_time_ns() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
           static_cast<std::uint64_t>(now.tv_nsec);
}

std::uint64_t record_time(event::Bytes record) {
    std::uint64_t time = 0;
    if (record.size() >= sizeof(saker_record)) std::memcpy(&time, record.data(), sizeof(time));
    return time;
}

struct CloseSkeleton {
    void operator()(saker_bpf* skeleton) const { saker_bpf__destroy(skeleton); }
};
using Skeleton = std::unique_ptr<saker_bpf, CloseSkeleton>;

// By its form.
constexpr std::array kObjects = {saker_bpf__elf_bytes, saker_direct_bpf__elf_bytes,
                                 saker_preemptible_bpf__elf_bytes};
static_assert(kObjects.size() == kObjectForms);

// The skeleton of one form of the object: they differ in their code only.
Skeleton open_object(const Requirements& requirements) {
    Skeleton skeleton(static_cast<saker_bpf*>(std::calloc(1, sizeof(saker_bpf))));
    if (skeleton == nullptr || saker_bpf__create_skeleton(skeleton.get()) != 0) return nullptr;
    const auto object = kObjects[static_cast<std::size_t>(requirements.form)];
    skeleton->skeleton->data = const_cast<void*>(object(&skeleton->skeleton->data_sz));
    if (!open_skeleton(skeleton->skeleton, requirements)) return nullptr;
    return skeleton;
}

struct FileDescriptor {
    int number = -1;
    FileDescriptor() = default;
    explicit FileDescriptor(int fd) : number(fd) {}
    FileDescriptor(FileDescriptor&& other) noexcept : number(std::exchange(other.number, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(number, other.number);
        return *this;
    }
    ~FileDescriptor() {
        if (number >= 0) close(number);
    }
};

// How often the kernel did not run a program, since it was under way on that processor.
std::uint64_t missed_runs(const bpf_program* program) {
    bpf_prog_info info{};
    unsigned size = sizeof info;
    const int fd = bpf_program__fd(program);
    if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &size) != 0) return 0;
    return info.recursion_misses;
}

// True if a call that is taken apart has a part that is wanted.
bool any_part(const saker_syscall& whole, const ProbeOptions& options) {
    return whole.parts != 0 && std::ranges::any_of(event::calls(), [&](const event::Call& part) {
               return part.index >= whole.parts && part.index < whole.parts + SAKER_PARTS &&
                      options.events[part.descriptor.event];
           });
}

}  // namespace

struct Probe::Impl {
    Skeleton skeleton;
    RealNames real_names;
    std::vector<FileDescriptor> bulk_fds;
    std::vector<Ring> rings;  // bulk rings, then the vital one
    FileDescriptor epoll;
    const saker_cpu* cpus = nullptr;  // one for each possible cpu; mapped, as is `control`
    std::size_t cpus_bytes = 0;
    saker_control* control = nullptr;
    std::array<std::uint64_t, SAKER_RING_CLASSES> consumed{};
    int cpu_count = 0;
    bool busy = false;  // the last drain found something
    UringPrograms uring;

    ~Impl() {
        if (cpus != nullptr) munmap(const_cast<saker_cpu*>(cpus), cpus_bytes);
        if (control != nullptr) {
            munmap(control, static_cast<std::size_t>(sysconf(_SC_PAGESIZE)));
        }
    }

    void set_sizes(const ProbeOptions& options);
    void set_kernel(const ProbeOptions& options, const Requirements& requirements);
    UringParts uring_parts() const;
    void set_uring(const Requirements& requirements);
    Result<void> open(const ProbeOptions& options, const Requirements& requirements);
    Result<void> load(const ProbeOptions& options, const Requirements& requirements);
    Result<void> make_bulk_rings(const ProbeOptions& options);
    Result<void> share_bulk_rings();
    Result<void> map_counters();
    Result<void> map_rings(const ProbeOptions& options);
    Result<void> watch(const ProbeOptions& options);
    Result<void> attach();
    Ring* earliest(std::uint64_t horizon);
    bool anything_there() const;
};

void Probe::Impl::set_sizes(const ProbeOptions& options) {
    const auto cpus_wanted = static_cast<unsigned>(cpu_count);
    const unsigned ring_count = (cpus_wanted + options.cpus_per_ring - 1) / options.cpus_per_ring;
    const std::size_t args_bytes = std::min<std::size_t>(options.args_bytes, SAKER_ARGS_LIMIT);
    const unsigned data_bytes =
        args_bytes <= SAKER_ARGS_DEFAULT ? SAKER_DATA_SMALL : SAKER_DATA_MAX;
    bpf_map__set_max_entries(skeleton->maps.scratches, cpus_wanted);
    // It is as large as the object file says for the largest records.
    bpf_map__set_value_size(
        skeleton->maps.scratches,
        bpf_map__value_size(skeleton->maps.scratches) - (SAKER_DATA_MAX - data_bytes));
    bpf_map__set_max_entries(skeleton->maps.cpus, cpus_wanted);
    bpf_map__set_max_entries(skeleton->maps.bulk, ring_count);
    bpf_map__set_max_entries(skeleton->maps.vital, static_cast<unsigned>(options.vital_bytes));
    skeleton->rodata->cpus_per_ring = options.cpus_per_ring;
    skeleton->rodata->args_bytes = static_cast<unsigned>(args_bytes);
    skeleton->rodata->data_bytes = data_bytes;
    skeleton->rodata->snap_length =
        static_cast<unsigned>(std::min<std::size_t>(options.snap_length, SAKER_SNAP_MAX));
}

// What this kernel has, and what is loaded for it.
void Probe::Impl::set_kernel(const ProbeOptions& options, const Requirements& requirements) {
    skeleton->rodata->task_storage = requirements.task_storage;
    if (!requirements.task_storage) {
        // One element for each call that is between touching a file and its return.
        constexpr unsigned kCalls = 1024;
        bpf_map__set_type(skeleton->maps.pending_names, BPF_MAP_TYPE_HASH);
        bpf_map__set_map_flags(skeleton->maps.pending_names, 0);
        bpf_map__set_max_entries(skeleton->maps.pending_names,
                                 operations(options.events) == 0 ? 1 : kCalls);
    }
    skeleton->rodata->v1_memory = requirements.v1_memory;
    skeleton->rodata->v1_pids = requirements.v1_pids;
    bpf_program__set_autoload(skeleton->progs.signal_deliver,
                              options.events[SAKER_EVENT_signaldeliver]);
}

UringParts Probe::Impl::uring_parts() const {
    const auto& programs = skeleton->progs;
    const auto& maps = skeleton->maps;
    return {.submit_req = programs.uring_submit_req,
            .submit_sqe = programs.uring_submit_sqe,
            .complete = programs.uring_complete,
            .overflow = programs.uring_cqe_overflow,
            .operations = maps.uring_operations,
            .places = maps.uring_places,
            .held = maps.uring_held,
            .names = maps.request_names};
}

void Probe::Impl::set_uring(const Requirements& requirements) {
    uring.prepare(uring_parts(), cpu_count, requirements.operations);
    const UringPlan& plan = uring.plan();
    skeleton->rodata->held_per_cpu = held_per_cpu(cpu_count);
    skeleton->rodata->uring_submit_argument = plan.submit_argument;
    skeleton->rodata->uring_end_has_request = plan.end_has_request;
    skeleton->rodata->uring_creds_flag = plan.creds_flag;
    skeleton->rodata->uring_node_file = plan.node_file;
    skeleton->rodata->uring_end_has_cqe = plan.end_has_cqe;
}

Result<void> Probe::Impl::open(const ProbeOptions& options, const Requirements& requirements) {
    begin_loading();
    skeleton = open_object(requirements);
    if (skeleton == nullptr) return fail("cannot open the BPF object: " + loading_log());
    set_sizes(options);
    set_kernel(options, requirements);
    set_uring(requirements);
    if (bulk_fds.empty()) {
        if (auto done = make_bulk_rings(options); !done) return done;
    }
    bpf_map__set_inner_map_fd(skeleton->maps.bulk, bulk_fds.front().number);
    return {};
}

// Should the programs of io_uring be what the kernel refuses, then all others are loaded without
// them.
Result<void> Probe::Impl::load(const ProbeOptions& options, const Requirements& requirements) {
    if (auto done = open(options, requirements); !done) return done;
    const int error = saker_bpf__load(skeleton.get());
    if (error == 0) return {};
    auto refusal = refused("the BPF programs", -error);
    if (!uring.plan().is_needed()) return refusal;
    uring.give_up(refusal.error().message);
    if (auto done = open(options, requirements); !done) return done;
    if (saker_bpf__load(skeleton.get()) != 0) return refusal;
    return {};
}

// Made before the object is loaded, since one of them shows the kernel what the array holds.
Result<void> Probe::Impl::make_bulk_rings(const ProbeOptions& options) {
    const unsigned count = bpf_map__max_entries(skeleton->maps.bulk);
    for (unsigned i = 0; i < count; ++i) {
        FileDescriptor ring(bpf_map_create(BPF_MAP_TYPE_RINGBUF, "bulk", 0, 0,
                                           static_cast<unsigned>(options.bulk_bytes), nullptr));
        if (ring.number < 0) return refused("to make a ring buffer", errno);
        bulk_fds.push_back(std::move(ring));
    }
    return {};
}

Result<void> Probe::Impl::share_bulk_rings() {
    for (unsigned i = 0; i < bulk_fds.size(); ++i) {
        if (bpf_map_update_elem(bpf_map__fd(skeleton->maps.bulk), &i, &bulk_fds[i].number,
                                BPF_ANY) != 0) {
            return fail(fmt::format("cannot give ring buffer {} to the kernel side: {}", i + 1,
                                    std::strerror(errno)));
        }
    }
    return {};
}

Result<void> Probe::Impl::map_counters() {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    cpus_bytes = (sizeof(saker_cpu) * static_cast<std::size_t>(cpu_count) + page - 1) / page * page;
    void* counters =
        mmap(nullptr, cpus_bytes, PROT_READ, MAP_SHARED, bpf_map__fd(skeleton->maps.cpus), 0);
    if (counters == MAP_FAILED) {
        return fail(fmt::format("cannot map the probe's counters: {}", std::strerror(errno)));
    }
    cpus = static_cast<const saker_cpu*>(counters);
    void* controls = mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_SHARED,
                          bpf_map__fd(skeleton->maps.controls), 0);
    if (controls == MAP_FAILED) {
        return fail(fmt::format("cannot map the probe's control page: {}", std::strerror(errno)));
    }
    control = static_cast<saker_control*>(controls);
    return {};
}

Result<void> Probe::Impl::map_rings(const ProbeOptions& options) {
    const int vital = bpf_map__fd(skeleton->maps.vital);
    std::vector<int> fds;
    fds.reserve(bulk_fds.size() + 1);
    for (const FileDescriptor& fd : bulk_fds) fds.push_back(fd.number);
    fds.push_back(vital);

    epoll = FileDescriptor(epoll_create1(EPOLL_CLOEXEC));
    if (epoll.number < 0) {
        return fail(fmt::format("cannot make an epoll instance: {}", std::strerror(errno)));
    }
    for (const int fd : fds) {
        auto ring = Ring::map(fd, fd == vital ? options.vital_bytes : options.bulk_bytes);
        if (!ring) return std::unexpected(ring.error());
        rings.push_back(std::move(*ring));
        epoll_event interest{.events = EPOLLIN, .data = {.fd = fd}};
        if (epoll_ctl(epoll.number, EPOLL_CTL_ADD, fd, &interest) != 0) {
            return fail(fmt::format("cannot wait for a ring buffer: {}", std::strerror(errno)));
        }
    }
    return {};
}

// Fills the kernel side's descriptors, and switches on the calls that are wanted, of whatever ABI.
// Those that are taken apart are looked at if one of their parts is wanted.
Result<void> Probe::Impl::watch(const ProbeOptions& options) {
    const int map = bpf_map__fd(skeleton->maps.syscalls);
    __u8* wanted = skeleton->bss->wanted;
    skeleton->bss->name_filter = options.filter.names.table();
    for (const event::Call& call : event::calls()) {
        const std::uint32_t index = call.index;
        saker_syscall descriptor = call.descriptor;
        descriptor.wanted = options.events[descriptor.event];
        descriptor.pass = options.filter.names.pass(descriptor.event);
        descriptor.failures = !options.filter.only_succeeded[descriptor.event];
        descriptor.operations = event::operations(descriptor.event) & real_names.operations();
        if (bpf_map_update_elem(map, &index, &descriptor, BPF_ANY) != 0) {
            return fail(fmt::format("cannot describe {} to the kernel side: {}",
                                    event::info(descriptor.event).name, std::strerror(errno)));
        }
        if (!call.is_part() && (descriptor.wanted != 0 || any_part(descriptor, options))) {
            wanted[call.number] |= static_cast<__u8>(1u << call.abi);
        }
    }
    return {};
}

Result<void> Probe::Impl::attach() {
    begin_loading();
    const int error = saker_bpf__attach(skeleton.get());
    if (error != 0) return refused("to attach to its tracepoints", -error);
    uring.attach(uring_parts());
    return {};
}

Result<Probe> Probe::open(const ProbeOptions& options, const Requirements& requirements) {
    begin_loading();
    auto impl = std::make_unique<Impl>();
    impl->cpu_count = libbpf_num_possible_cpus();
    if (impl->cpu_count <= 0) return fail("cannot tell the number of cpus");
    impl->uring.make_plan(options.events, *requirements.types);

    auto done = impl->load(options, requirements);
    if (done) done = impl->share_bulk_rings();
    if (done) done = impl->map_counters();
    if (done) done = impl->map_rings(options);
    if (done) {
        const auto& maps = impl->skeleton->maps;
        impl->real_names.attach(options.events, requirements, impl->uring.plan(),
                                {.pending_names = bpf_map__fd(maps.pending_names),
                                 .uring_held = bpf_map__fd(maps.uring_held),
                                 .request_names = bpf_map__fd(maps.request_names)});
        done = impl->watch(options);
    }
    if (done) {
        auto& memory = *impl->skeleton->bss;
        done = impl->uring.watch(impl->uring_parts(), options.filter.names, impl->real_names,
                                 memory.uring_wanted, memory.operations_of_requests);
    }
    if (done) done = impl->attach();
    if (!done) return std::unexpected(done.error());
    return Probe(std::move(impl));
}

Probe::Probe(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Probe::Probe(Probe&&) noexcept = default;
Probe& Probe::operator=(Probe&&) noexcept = default;
Probe::~Probe() = default;

std::vector<std::string> Probe::attached() const {
    std::vector<std::string> names;
    bpf_program* program = nullptr;
    bpf_object__for_each_program(program, impl_->skeleton->obj) {
        if (!bpf_program__autoload(program) || !bpf_program__autoattach(program)) continue;
        names.push_back(attach_point(program));
    }
    for (std::string& name : impl_->uring.attached()) names.push_back(std::move(name));
    for (std::string& function : impl_->real_names.attached()) names.push_back(std::move(function));
    return names;
}

std::vector<Gap> Probe::gaps() const {
    std::vector<Gap> gaps = impl_->uring.gaps();
    gaps.insert(gaps.end(), impl_->real_names.gaps().begin(), impl_->real_names.gaps().end());
    return gaps;
}

std::size_t Probe::rings() const {
    return impl_->rings.size() - 1;
}

// The ring with the earliest record that is not after the horizon; nullptr if there is none, or if
// it may be one that is still being written.
Ring* Probe::Impl::earliest(std::uint64_t horizon) {
    Ring* found = nullptr;
    std::uint64_t found_time = horizon;
    for (Ring& ring : rings) {
        if (ring.blocked()) return nullptr;
        const event::Bytes record = ring.first();
        if (record.empty()) continue;
        const std::uint64_t time = record_time(record);
        if (time > found_time || (found != nullptr && time == found_time)) continue;
        found = &ring;
        found_time = time;
    }
    return found;
}

// The order of what one thread does, and of what a parent does before its child, is exact: the
// horizon lies before the rings are looked at, and the vital ring is looked at last. Any record
// that such a record depends on was sent before it, so it is either seen here too, or it is after
// the horizon and both wait for the next round.
std::size_t Probe::drain(const Handler& handler) {
    const std::uint64_t horizon = boot_time_ns();
    for (Ring& ring : impl_->rings) ring.refresh();
    const Ring* vital = &impl_->rings.back();
    std::size_t count = 0;
    while (Ring* ring = impl_->earliest(horizon)) {
        handler(ring->first());
        ring->pop();
        ++impl_->consumed[ring == vital ? SAKER_RING_VITAL : SAKER_RING_BULK];
        ++count;
    }
    for (Ring& ring : impl_->rings) ring.release();
    impl_->busy = count > 0;
    return count;
}

bool Probe::Impl::anything_there() const {
    return std::any_of(rings.begin(), rings.end(), [](const Ring& ring) { return !ring.empty(); });
}

void Probe::wait(std::chrono::milliseconds timeout) {
    if (impl_->busy) {
        const timespec nap{.tv_sec = 0, .tv_nsec = std::chrono::nanoseconds(kNap).count()};
        nanosleep(&nap, nullptr);
        return;
    }
    __atomic_store_n(&impl_->control->wake, 1u, __ATOMIC_SEQ_CST);
    // A record that came before the wish was seen would wake nobody.
    if (impl_->anything_there()) return;
    epoll_event event{};
    epoll_wait(impl_->epoll.number, &event, 1, static_cast<int>(timeout.count()));
}

void Probe::detach() {
    impl_->real_names.detach();
    saker_bpf__detach(impl_->skeleton.get());
    impl_->uring.detach();
}

Ledger Probe::ledger() const {
    Ledger ledger;
    for (int cpu = 0; cpu < impl_->cpu_count; ++cpu) {
        const saker_cpu& counters = impl_->cpus[cpu];
        for (std::size_t i = 0; i < ledger.classes.size(); ++i) {
            ledger.classes[i].produced += __atomic_load_n(&counters.produced[i], __ATOMIC_RELAXED);
            ledger.classes[i].lost += __atomic_load_n(&counters.lost[i], __ATOMIC_RELAXED);
        }
        ledger.unnamed += __atomic_load_n(&counters.unnamed, __ATOMIC_RELAXED);
        ledger.filtered += __atomic_load_n(&counters.filtered, __ATOMIC_RELAXED);
        ledger.bytes += __atomic_load_n(&counters.bytes, __ATOMIC_RELAXED);
        ledger.missed += __atomic_load_n(&counters.missed, __ATOMIC_RELAXED);
    }
    for (std::size_t i = 0; i < ledger.classes.size(); ++i) {
        ledger.classes[i].consumed = impl_->consumed[i];
    }
    bpf_program* program = nullptr;
    bpf_object__for_each_program(program, impl_->skeleton->obj) {
        ledger.missed += missed_runs(program);
    }
    const auto& programs = impl_->skeleton->progs;
    for (const bpf_program* vital : {programs.sched_process_exec, programs.sched_process_fork,
                                     programs.sched_process_exit, programs.cgroup_attach_task}) {
        ledger.vital_missed += missed_runs(vital);
    }
    return ledger;
}

}  // namespace saker::probe
