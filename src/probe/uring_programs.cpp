// SPDX-License-Identifier: Apache-2.0
#include "probe/uring_programs.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

#include "fmt/core.h"
#include "fmt/ranges.h"
#include "probe/loading.h"

namespace saker::probe {

namespace {

// Held requests take nearly 9 KiB each. Up to 64 cpus, all together stay below the total.
constexpr unsigned kHeldTotal = 1024;
constexpr unsigned kHeldLeast = 16;
constexpr unsigned kHeldMost = 128;

// Why there is nothing of io_uring; libbpf's log, which follows the first line, as the detail.
Gap nothing_seen(const std::string& why) {
    const std::size_t line = why.find(":\n");
    return {.line = "requests of io_uring are not seen: " + why.substr(0, line),
            .detail = line == std::string::npos ? std::string() : why.substr(line + 2)};
}

// Of operations that are laid out in an unknown way.
Gap unreadable(const UringPlan& plan, bool requests_wanted) {
    const char* seen = requests_wanted
                           ? "only that they happen is seen, as the event io_uring_request"
                           : "nothing is seen (a rule on io_uring_request would see that they "
                             "happen)";
    return {.line = fmt::format("of these io_uring operations {}, since this kernel lays them out "
                                "in a way that is not known: {}",
                                seen, fmt::join(plan.unreadable, ", ")),
            .detail = {}};
}

}  // namespace

unsigned held_per_cpu(int cpus) {
    return std::bit_floor(
        std::clamp(kHeldTotal / static_cast<unsigned>(cpus), kHeldLeast, kHeldMost));
}

void UringPrograms::DestroyLink::operator()(bpf_link* link) const {
    bpf_link__destroy(link);
}

void UringPrograms::make_plan(const std::bitset<SAKER_EVENT_COUNT>& events,
                              const KernelTypes& types) {
    if (!can_be_requests(events)) return;
    plan_ = plan_uring(types, events);
    if (plan_.wanted.any() && !plan_.problem.empty()) {
        gaps_.push_back(nothing_seen(plan_.problem));
    } else if (!plan_.unreadable.empty()) {
        gaps_.push_back(unreadable(plan_, events[SAKER_EVENT_io_uring_request]));
    }
}

void UringPrograms::prepare(const UringParts& parts, int cpus, event::Operations named) const {
    const bool needed = plan_.is_needed();
    const std::array load = {plan_.submit_req, !plan_.submit_req, true, plan_.overflow};
    const auto programs = parts.programs();
    for (std::size_t i = 0; i < programs.size(); ++i) {
        bpf_program__set_autoload(programs[i], needed && load[i]);
        bpf_program__set_autoattach(programs[i], false);
    }
    const unsigned places = needed ? held_per_cpu(cpus) * static_cast<unsigned>(cpus) : 1;
    const bool names = plan_.workers && (plan_.touches() & named) != 0;
    bpf_map__set_max_entries(parts.places, places);
    bpf_map__set_max_entries(parts.held, 2 * places);
    bpf_map__set_max_entries(parts.names, names ? places : 1);
}

void UringPrograms::give_up(const std::string& why) {
    plan_.problem = "refused";
    gaps_.push_back(nothing_seen(why));
}

Result<void> UringPrograms::watch(const UringParts& parts, const event::NameFilter& filter,
                                  const RealNames& real_names, std::span<__u8> wanted,
                                  std::span<__u32> named) const {
    if (!plan_.is_needed()) return {};
    const int map = bpf_map__fd(parts.operations);
    for (std::uint32_t opcode = 0; opcode < plan_.operations.size(); ++opcode) {
        saker_uring_operation operation = plan_.operations[opcode];
        operation.pass = filter.pass(operation.event);
        if (operation.flags_argument != SAKER_ARG_RET) {
            operation.pass |= filter.pass(operation.event_with_flags);
        }
        if (bpf_map_update_elem(map, &opcode, &operation, BPF_ANY) != 0) {
            return fail(
                fmt::format("cannot describe io_uring's operation {} to the kernel side: {}",
                            opcode, std::strerror(errno)));
        }
        wanted[opcode] = plan_.wanted[opcode] ? 1 : 0;
        named[opcode] = real_names.operations_of(plan_, opcode);
    }
    return {};
}

void UringPrograms::attach(const UringParts& parts) {
    for (bpf_program* program : parts.programs()) {
        if (!bpf_program__autoload(program)) continue;
        Link link(bpf_program__attach(program));
        const int error = errno;
        if (link == nullptr) {
            const std::string what = fmt::format("to attach to {}", attach_point(program));
            gaps_.push_back(nothing_seen(refused(what.c_str(), error).error().message));
            links_.clear();
            return;
        }
        links_.emplace_back(program, std::move(link));
    }
}

std::vector<std::string> UringPrograms::attached() const {
    std::vector<std::string> names;
    names.reserve(links_.size());
    for (const auto& [program, link] : links_) names.push_back(attach_point(program));
    return names;
}

}  // namespace saker::probe
