// SPDX-License-Identifier: Apache-2.0
#include "probe/uring.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

namespace saker::probe {

namespace {

// One line of uring.def.
struct Row {
    enum class Kind : std::uint8_t {
        kOperation,
        kWithFlags,
        kWhere,
        kRequestFile,
        kField,
        kMaybe,
        kAsync,
        kAddress,
        kFixedSlot,
    };
    Kind kind{};
    std::uint8_t number = 0;  // opcode, or argument
    std::uint8_t traits = 0;
    event::EventType event = 0;
    std::string_view name;  // of the operation, or of a struct
    std::string_view member;
};

// NOLINTBEGIN(readability-identifier-naming): the names of the table
constexpr Row kRows[] = {
#define OPERATION(opcode, name, event, traits) \
    {Row::Kind::kOperation, opcode, traits, SAKER_EVENT_##event, #name, {}},
#define WITH_FLAGS(n, event) {Row::Kind::kWithFlags, n, 0, SAKER_EVENT_##event, {}, {}},
#define WHERE(type) {Row::Kind::kWhere, 0, 0, 0, #type, {}},
#define REQUEST_FILE(n) {Row::Kind::kRequestFile, n, 0, 0, {}, {}},
#define FIELD(n, type, member) {Row::Kind::kField, n, 0, 0, #type, #member},
#define MAYBE(n, type, member) {Row::Kind::kMaybe, n, 0, 0, #type, #member},
#define ASYNC(n, type, member) {Row::Kind::kAsync, n, 0, 0, #type, #member},
#define ADDRESS(n, type, member) {Row::Kind::kAddress, n, 0, 0, #type, #member},
#define FIXED_SLOT(type, member) {Row::Kind::kFixedSlot, 0, 0, 0, #type, #member},
#include "saker/uring.def"
};
// NOLINTEND(readability-identifier-naming)

constexpr std::size_t kArguments = std::size(saker_uring_operation{}.argument);

constexpr bool is_sound(const Row& row) {
    if (row.kind == Row::Kind::kOperation) return row.number < SAKER_URING_OPERATIONS;
    return row.number < kArguments;
}
static_assert(std::ranges::all_of(kRows, is_sound));

saker_uring_operation begin_operation(event::EventType type, std::uint8_t traits) {
    const event::EventInfo& info = event::info(type);
    saker_uring_operation operation{};
    operation.event = type;
    operation.syscall = info.syscall;
    operation.flags_argument = SAKER_ARG_RET;
    operation.traits = traits;
    operation.ring = static_cast<std::uint8_t>(info.ring);
    operation.captures = static_cast<std::uint8_t>(info.captures.size());
    std::ranges::copy(info.captures, std::begin(operation.capture));
    return operation;
}

// What is read of an operation that no row describes, or none that fits.
saker_uring_operation by_opcode() {
    saker_uring_operation operation = begin_operation(SAKER_EVENT_io_uring_request, 0);
    operation.argument[1].source = SAKER_URING_FILE;
    return operation;
}

saker_uring_source source_of(const Member& member) {
    switch (member.kind) {
        case Member::Kind::kUnsigned:
            return SAKER_URING_UNSIGNED;
        case Member::Kind::kSigned:
            return SAKER_URING_SIGNED;
        case Member::Kind::kPointer:
            if (member.type == "filename") return SAKER_URING_NAME;
            if (member.type == "xattr_name") return SAKER_URING_TEXT;
            return SAKER_URING_UNSIGNED;
        case Member::Kind::kStruct:
            // Since 7.0, with the pointer as its only member.
            return member.type == "delayed_filename" ? SAKER_URING_NAME : SAKER_URING_BYTES;
    }
    return SAKER_URING_NONE;
}

// A member that the kernel side can be told of.
std::optional<Member> find_member(const KernelTypes& types, const Row& row) {
    const auto member = types.member(row.name, row.member);
    if (!member || member->offset > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
    return member;
}

bool set_argument(const KernelTypes& types, const Row& row, saker_uring_operation& operation) {
    const auto member = find_member(types, row);
    if (!member) return false;
    saker_uring_argument& argument = operation.argument[row.number];
    argument.offset = static_cast<std::uint16_t>(member->offset);
    argument.size = static_cast<std::uint8_t>(std::min(member->size, 255u));
    argument.source = source_of(*member);
    if (row.kind == Row::Kind::kAsync) argument.async = SAKER_URING_ASYNC;
    if (row.kind == Row::Kind::kAddress) argument.async = SAKER_URING_ADDRESS;
    return true;
}

// Adds what a row says. False if this kernel does not have it.
bool apply(const KernelTypes& types, const Row& row, saker_uring_operation& operation) {
    switch (row.kind) {
        case Row::Kind::kOperation:
            return false;
        case Row::Kind::kWithFlags:
            operation.flags_argument = row.number;
            operation.event_with_flags = row.event;
            operation.syscall_with_flags = event::info(row.event).syscall;
            return true;
        case Row::Kind::kWhere:
            return types.has_struct(row.name);
        case Row::Kind::kRequestFile:
            operation.argument[row.number].source = SAKER_URING_FILE;
            return true;
        case Row::Kind::kField:
        case Row::Kind::kAsync:
        case Row::Kind::kAddress:
            return set_argument(types, row, operation);
        case Row::Kind::kMaybe:
            set_argument(types, row, operation);
            return true;
        case Row::Kind::kFixedSlot: {
            const auto member = find_member(types, row);
            if (member) operation.slot_offset = static_cast<std::uint16_t>(member->offset);
            return true;
        }
    }
    return false;
}

std::optional<saker_uring_operation> read_operation(const KernelTypes& types, const Row& first,
                                                    std::span<const Row> rest) {
    saker_uring_operation operation = begin_operation(first.event, first.traits);
    for (const Row& row : rest) {
        if (!apply(types, row, operation)) return std::nullopt;
    }
    return operation;
}

// Fills the plan with the rows of the table that fit, the first for each operation.
class Reader {
public:
    Reader(const KernelTypes& types, const std::bitset<SAKER_EVENT_COUNT>& events, UringPlan& plan)
        : types_(types), events_(events), plan_(plan) {}

    void read() {
        plan_.operations.fill(by_opcode());
        if (events_[SAKER_EVENT_io_uring_request]) plan_.wanted.set();
        const std::span<const Row> rows(kRows);
        for (std::size_t i = 0; i < rows.size();) {
            const auto rest = rows.subspan(i + 1);
            const auto end = std::ranges::find(rest, Row::Kind::kOperation, &Row::kind);
            const auto length = static_cast<std::size_t>(end - rest.begin());
            add(rows[i], rest.first(length));
            i += length + 1;
        }
        note_unreadable();
    }

private:
    void add(const Row& first, std::span<const Row> rest) {
        const std::uint8_t opcode = first.number;
        if (done_[opcode]) return;
        names_[opcode] = first.name;
        if (is_wanted(first, rest)) asked_for_.set(opcode);
        const auto operation = read_operation(types_, first, rest);
        if (!operation) return;
        done_.set(opcode);
        plan_.operations[opcode] = *operation;
        plan_.wanted[opcode] = asked_for_[opcode];
    }

    bool is_wanted(const Row& first, std::span<const Row> rest) const {
        return events_[first.event] || std::ranges::any_of(rest, [&](const Row& row) {
                   return row.kind == Row::Kind::kWithFlags && events_[row.event];
               });
    }

    // Of the operations that this kernel has.
    void note_unreadable() {
        const auto last = types_.enumerator("IORING_OP_LAST").value_or(0);
        for (std::size_t i = 0; i < names_.size(); ++i) {
            const bool missing = asked_for_[i] && !done_[i];
            if (missing && static_cast<std::int64_t>(i) < last) {
                plan_.unreadable.emplace_back(names_[i]);
            }
        }
    }

    const KernelTypes& types_;
    const std::bitset<SAKER_EVENT_COUNT>& events_;
    UringPlan& plan_;
    std::bitset<SAKER_URING_OPERATIONS> done_;
    std::bitset<SAKER_URING_OPERATIONS> asked_for_;
    std::array<std::string_view, SAKER_URING_OPERATIONS> names_{};
};

std::optional<WorkerLayout> read_workers(const KernelTypes& types) {
    const auto worker = types.member("task_struct", "worker_private");
    const auto work = types.member("io_worker", "cur_work");
    const auto in_request = types.member("io_kiocb", "work");
    const auto opcode = types.member("io_kiocb", "opcode");
    if (!worker || !work || !in_request || !opcode) return std::nullopt;
    return WorkerLayout{worker->offset, work->offset, in_request->offset, opcode->offset};
}

// Source of the numbers: include/trace/events/io_uring.h of Linux 5.8 to 7.2.
void choose_programs(const KernelTypes& types, UringPlan& plan) {
    const auto submit_req = types.tracepoint_arguments("io_uring_submit_req");
    const auto submit_sqe = types.tracepoint_arguments("io_uring_submit_sqe");
    const auto complete = types.tracepoint_arguments("io_uring_complete");
    const auto creds = types.enumerator("REQ_F_CREDS_BIT");
    if (creds && *creds >= 0 && *creds < 32) plan.creds_flag = 1u << *creds;
    if (const auto file = types.member("io_rsrc_node", "file_ptr")) plan.node_file = file->offset;
    plan.overflow = types.tracepoint_arguments("io_uring_cqe_overflow").has_value();
    if (!submit_req && !submit_sqe) {
        plan.wanted.reset();  // a kernel without io_uring
        return;
    }
    plan.submit_req = submit_req.has_value();
    // The request alone; request, flag; or ring, request and what it is. The oldest name none.
    constexpr unsigned kWithRing = 7;
    constexpr unsigned kWithFlag = 2;
    if (!submit_req && *submit_sqe == kWithRing) {
        plan.submit_argument = 1;
    } else if (!submit_req && *submit_sqe != kWithFlag) {
        plan.problem = "this kernel's trace points do not name the request";
    }
    // Ring, request and result; or ring, user_data, result, flags; since 5.18 with the request.
    constexpr unsigned kWithCqe = 3;
    constexpr unsigned kWithoutRequest = 4;
    if (!complete || *complete < kWithCqe) {
        plan.problem = "this kernel's trace points do not tell a request's result";
        return;
    }
    plan.end_has_cqe = *complete == kWithCqe;
    plan.end_has_request = *complete != kWithoutRequest;
    if (plan.end_has_request) plan.workers = read_workers(types);
}

}  // namespace

event::Operations UringPlan::touches(std::size_t opcode) const {
    if (!wanted[opcode]) return 0;
    const saker_uring_operation& operation = operations[opcode];
    event::Operations found = event::operations(operation.event);
    if (operation.flags_argument != SAKER_ARG_RET) {
        found |= event::operations(operation.event_with_flags);
    }
    return found;
}

event::Operations UringPlan::touches() const {
    event::Operations all = 0;
    for (std::size_t opcode = 0; opcode < operations.size(); ++opcode) all |= touches(opcode);
    return all;
}

bool can_be_requests(const std::bitset<SAKER_EVENT_COUNT>& events) {
    return std::ranges::any_of(kRows, [&](const Row& row) {
        const bool names_event =
            row.kind == Row::Kind::kOperation || row.kind == Row::Kind::kWithFlags;
        return names_event && events[row.event];
    });
}

UringPlan plan_uring(const KernelTypes& types, const std::bitset<SAKER_EVENT_COUNT>& events) {
    UringPlan plan;
    Reader(types, events, plan).read();
    choose_programs(types, plan);
    return plan;
}

}  // namespace saker::probe
