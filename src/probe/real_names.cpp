// SPDX-License-Identifier: Apache-2.0
#include "probe/real_names.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "event/calls.h"
#include "fmt/core.h"
#include "fmt/ranges.h"
#include "names.skel.h"
#include "names_direct.skel.h"
#include "names_preemptible.skel.h"
#include "probe/loading.h"

namespace saker::probe {

using event::Operations;

namespace {

// By its form.
constexpr std::array kObjects = {names_bpf__elf_bytes, names_direct_bpf__elf_bytes,
                                 names_preemptible_bpf__elf_bytes};
static_assert(kObjects.size() == kObjectForms);

using EventSet = std::bitset<SAKER_EVENT_COUNT>;

// The watched calls that end in one of these operations.
std::vector<std::string_view> calls_of(Operations operations, const EventSet& events) {
    std::vector<std::string_view> names;
    for (event::EventType type = 0; type < event::events().size(); ++type) {
        if (events[type] && (event::operations(type) & operations) != 0) {
            names.push_back(event::info(type).name);
        }
    }
    return names;
}

std::string what_is_lost(Operations operations, const EventSet& events) {
    return fmt::format(
        "{}: names of files are what the caller's memory holds when the call returns. A link in "
        "the path hides the file from rules, and another thread can forge the name",
        fmt::join(calls_of(operations, events), ", "));
}

Gap unnamed_gap() {
    return {
        .line =
            "names of files that requests of io_uring remove, rename, link or make are those that "
            "were asked for, since this kernel does not tell what its workers do: a link in the "
            "path hides the file from rules",
        .detail = {}};
}

}  // namespace

struct RealNames::Object {
    names_bpf* skeleton = static_cast<names_bpf*>(std::calloc(1, sizeof(names_bpf)));

    Object() = default;
    Object(const Object&) = delete;
    Object& operator=(const Object&) = delete;
    ~Object() { names_bpf__destroy(skeleton); }

    // The forms of the object differ in their code only.
    bool open(const Requirements& requirements) {
        if (skeleton == nullptr || names_bpf__create_skeleton(skeleton) != 0) return false;
        const auto object = kObjects[static_cast<std::size_t>(requirements.form)];
        skeleton->skeleton->data = const_cast<void*>(object(&skeleton->skeleton->data_sz));
        return open_skeleton(skeleton->skeleton, requirements);
    }

    // Only the programs of these operations are loaded.
    void choose(Operations operations) {
        bpf_program* one = nullptr;
        bpf_object__for_each_program(one, skeleton->obj) bpf_program__set_autoload(one, false);
        for (const auto& operation : event::operations_in(operations)) {
            const std::string name(operation.name);
            one = bpf_object__find_program_by_name(skeleton->obj, name.c_str());
            bpf_program__set_autoload(one, true);
        }
    }

    void set_workers(const UringPlan& uring) {
        if (!uring.workers) return;
        skeleton->rodata->worker_in_task = uring.workers->worker_in_task;
        skeleton->rodata->work_in_worker = uring.workers->work_in_worker;
        skeleton->rodata->work_in_request = uring.workers->work_in_request;
        skeleton->rodata->opcode_in_request = uring.workers->opcode_in_request;
    }

    bool share(const SharedMaps& maps) {
        return bpf_map__reuse_fd(skeleton->maps.pending_names, maps.pending_names) == 0 &&
               bpf_map__reuse_fd(skeleton->maps.uring_held, maps.uring_held) == 0 &&
               bpf_map__reuse_fd(skeleton->maps.request_names, maps.request_names) == 0;
    }

    void watch_calls(Operations operations) {
        for (const event::Call& call : event::calls()) {
            const event::EventType type = call.descriptor.event;
            skeleton->bss->operations_of[call.index] = event::operations(type) & operations;
        }
    }
};

RealNames::RealNames() = default;
RealNames::RealNames(RealNames&&) noexcept = default;
RealNames& RealNames::operator=(RealNames&&) noexcept = default;
RealNames::~RealNames() = default;

void RealNames::load(Operations wanted, const Requirements& requirements, const UringPlan& uring,
                     const SharedMaps& maps) {
    auto object = std::make_unique<Object>();
    if (!object->open(requirements)) return;
    object->skeleton->rodata->task_storage = requirements.task_storage;
    object->set_workers(uring);
    object->choose(wanted);
    if (!object->share(maps)) return;
    if (bpf_object__load_skeleton(object->skeleton->skeleton) != 0) return;
    operations_ = wanted;
    object->watch_calls(wanted);
    for (std::size_t opcode = 0; opcode < SAKER_URING_OPERATIONS; ++opcode) {
        object->skeleton->bss->operations_of_requests[opcode] = operations_of(uring, opcode);
    }
    if (bpf_object__attach_skeleton(object->skeleton->skeleton) == 0) {
        object_ = std::move(object);
    } else {
        operations_ = 0;
    }
}

Operations RealNames::operations_of(const UringPlan& uring, std::size_t opcode) const {
    return uring.is_needed() && uring.workers ? uring.touches(opcode) & operations_ : 0;
}

void RealNames::attach(const EventSet& events, const Requirements& requirements,
                       const UringPlan& uring, const SharedMaps& maps) {
    const Operations wanted = probe::operations(events);
    const Operations there = wanted & requirements.operations;
    for (const auto& [operation, name, function] : event::operations_in(wanted & ~there)) {
        gaps_.push_back(
            {fmt::format("this kernel has no function {}, or no type information of it: {}",
                         function, what_is_lost(event::bit(operation), events)),
             ""});
    }
    if (there == 0) return;
    begin_loading();
    errno = requirements.function_program_error;
    if (errno == 0) load(there, requirements, uring, maps);
    if (operations_ != 0) {
        const bool touched = uring.is_needed() && (uring.touches() & operations_) != 0;
        if (touched && !uring.workers) gaps_.push_back(unnamed_gap());
        return;
    }
    gaps_.push_back({fmt::format("programs on kernel functions (fentry) are refused ({}): {}",
                                 std::strerror(errno), what_is_lost(there, events)),
                     loading_log()});
}

void RealNames::detach() {
    if (object_) bpf_object__detach_skeleton(object_->skeleton->skeleton);
}

std::vector<std::string> RealNames::attached() const {
    std::vector<std::string> functions;
    for (const auto& operation : event::operations_in(operations_)) {
        functions.emplace_back(operation.function);
    }
    return functions;
}

Operations operations(const EventSet& events) {
    Operations all = 0;
    for (event::EventType type = 0; type < event::events().size(); ++type) {
        if (events[type]) all |= event::operations(type);
    }
    return all;
}

}  // namespace saker::probe
