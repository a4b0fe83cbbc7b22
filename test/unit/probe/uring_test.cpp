// SPDX-License-Identifier: Apache-2.0
#include "probe/uring.h"

#include <algorithm>
#include <initializer_list>
#include <iostream>
#include <string>

#include "event/table.h"
// Last: its CAPTURE is not the event table's.
#include "catch.h"
#include "made_types.h"

namespace saker::probe {
namespace {

enum : std::uint8_t {
    kOpConnect = 16,
    kOpOpenat = 18,
    kOpRenameat = 35,
    kOpMkdirat = 37,
    kOpMsgRing = 40
};

std::bitset<SAKER_EVENT_COUNT> events(std::initializer_list<const char*> names) {
    std::bitset<SAKER_EVENT_COUNT> set;
    for (const char* name : names) set.set(event::find_event(name).value());
    return set;
}

// What a kernel of today has of opens, renames and connects; mkdir is laid out otherwise.
struct Kernel {
    MadeTypes made;

    explicit Kernel(bool copies_addresses = true) {
        const int filename = made.structure("filename", 32, {});
        const int name = made.pointer(filename);
        const int how =
            made.structure("open_how", 24, {{"flags", made.wide, 0}, {"mode", made.wide, 8}});
        made.structure("io_open", 64,
                       {{"dfd", made.signed_number, 8},
                        {"file_slot", made.number, 12},
                        {"filename", name, 16},
                        {"how", how, 24}});
        made.structure("io_rename", 48,
                       {{"old_dfd", made.signed_number, 8},
                        {"new_dfd", made.signed_number, 12},
                        {"oldpath", name, 16},
                        {"newpath", name, 24},
                        {"flags", made.signed_number, 32}});
        made.structure("io_mkdir", 48, {{"dfd", made.signed_number, 8}});
        made.structure("io_connect", 24,
                       {{"addr", made.pointer(made.structure("sockaddr", 16, {})), 8},
                        {"addr_len", made.signed_number, 16}});
        const int address = made.structure("__kernel_sockaddr_storage", 128, {});
        made.structure("io_async_msghdr", 300, {{"addr", address, 168}});
        if (copies_addresses) made.structure("io_bind", 16, {});
        made.enumerators({{"IORING_OP_LAST", 65}});
    }

    UringPlan plan(std::initializer_list<const char*> names) {
        return plan_uring(made.done(), events(names));
    }
};

struct Modern : Kernel {
    explicit Modern(bool copies_addresses = true) : Kernel(copies_addresses) {
        made.tracepoint("io_uring_submit_req", 1);
        made.tracepoint("io_uring_complete", 3);
        made.tracepoint("io_uring_cqe_overflow", 5);
    }
};

}  // namespace

TEST_CASE("an operation becomes its event, with the arguments where the kernel has them") {
    const UringPlan plan = Modern().plan({"openat"});
    CHECK(plan.is_needed());
    CHECK(plan.wanted.count() == 1);
    CHECK(plan.wanted[kOpOpenat]);
    const saker_uring_operation& open = plan.operations[kOpOpenat];
    CHECK(open.event == SAKER_EVENT_openat);
    CHECK(open.syscall == event::info(SAKER_EVENT_openat).syscall);
    CHECK(open.captures == event::info(SAKER_EVENT_openat).captures.size());
    CHECK(open.slot_offset == 12);
    CHECK(open.flags_argument == SAKER_ARG_RET);
    CHECK(open.argument[0].source == SAKER_URING_SIGNED);
    CHECK(open.argument[0].offset == 8);
    CHECK(open.argument[1].source == SAKER_URING_NAME);
    CHECK(open.argument[1].offset == 16);
    CHECK(open.argument[3].source == SAKER_URING_UNSIGNED);
    CHECK(open.argument[3].offset == 32);
    CHECK(open.argument[3].size == 8);
}

TEST_CASE("nothing is attached for events that no request can be") {
    const UringPlan plan = Modern().plan({"execve", "kill"});
    CHECK_FALSE(plan.is_needed());
    CHECK(plan.problem.empty());
    CHECK(plan.unreadable.empty());
}

TEST_CASE("a slot too far away to be told of is none") {
    MadeTypes far;
    far.tracepoint("io_uring_submit_req", 1);
    far.tracepoint("io_uring_complete", 3);
    const int how = far.structure("open_how", 24, {{"flags", far.wide, 0}, {"mode", far.wide, 8}});
    far.structure("io_open", 70000,
                  {{"dfd", far.signed_number, 8},
                   {"filename", far.pointer(far.structure("filename", 32, {})), 16},
                   {"how", how, 24},
                   {"file_slot", far.number, 65552}});
    const UringPlan plan = plan_uring(far.done(), events({"openat"}));
    REQUIRE(plan.wanted[kOpOpenat]);
    CHECK(plan.operations[kOpOpenat].slot_offset == 0);
}

TEST_CASE("flags make another event of an operation") {
    const UringPlan plan = Modern().plan({"renameat2"});
    REQUIRE(plan.wanted[kOpRenameat]);
    const saker_uring_operation& rename = plan.operations[kOpRenameat];
    CHECK(rename.event == SAKER_EVENT_renameat);
    CHECK(rename.event_with_flags == SAKER_EVENT_renameat2);
    CHECK(rename.flags_argument == 4);
}

TEST_CASE("a request touches what the calls do that it may stand for, if it is wanted") {
    const UringPlan plan = Modern().plan({"renameat2", "openat"});
    CHECK(plan.touches(kOpRenameat) == event::bit(SAKER_OPERATION_rename));
    CHECK(plan.touches(kOpOpenat) == 0);
    CHECK(plan.touches() == event::bit(SAKER_OPERATION_rename));
    CHECK(Modern().plan({"openat"}).touches(kOpRenameat) == 0);
}

TEST_CASE("a worker leads to its request where the kernel has all of the way") {
    const auto workers_of = [](unsigned complete_arguments, const char* worker) {
        Kernel kernel;
        kernel.made.tracepoint("io_uring_submit_req", 1);
        kernel.made.tracepoint("io_uring_complete", complete_arguments);
        const int pointer = kernel.made.pointer(kernel.made.wide);
        kernel.made.structure("task_struct", 4096, {{worker, pointer, 1024}});
        kernel.made.structure("io_worker", 64, {{"cur_work", pointer, 32}});
        kernel.made.structure("io_kiocb", 224,
                              {{"opcode", kernel.made.number, 64}, {"work", pointer, 200}});
        return kernel.plan({"renameat"}).workers;
    };
    const auto workers = workers_of(7, "worker_private");
    REQUIRE(workers);
    CHECK(workers->worker_in_task == 1024);
    CHECK(workers->work_in_worker == 32);
    CHECK(workers->work_in_request == 200);
    CHECK(workers->opcode_in_request == 64);
    CHECK_FALSE(workers_of(7, "pf_io_worker"));
    // Its end does not name the request.
    CHECK_FALSE(workers_of(4, "worker_private"));
}

TEST_CASE("an address is the kernel's copy where there is one") {
    const saker_uring_argument copied =
        Modern().plan({"connect"}).operations[kOpConnect].argument[1];
    CHECK(copied.source == SAKER_URING_BYTES);
    CHECK(copied.async == SAKER_URING_ADDRESS);
    CHECK(copied.offset == 168);
    const saker_uring_argument asked =
        Modern(false).plan({"connect"}).operations[kOpConnect].argument[1];
    CHECK(asked.source == SAKER_URING_UNSIGNED);
    CHECK(asked.async == SAKER_URING_REQUEST);
    CHECK(asked.offset == 8);
}

TEST_CASE("an operation with an unknown layout is reported by its opcode, and named") {
    const UringPlan plan = Modern().plan({"mkdirat", "io_uring_request"});
    CHECK(plan.unreadable == std::vector<std::string>{"MKDIRAT"});
    CHECK(plan.operations[kOpMkdirat].event == SAKER_EVENT_io_uring_request);
    CHECK(plan.wanted[kOpMkdirat]);
    CHECK(plan.operations[kOpMsgRing].event == SAKER_EVENT_io_uring_request);
    CHECK(plan.wanted[kOpMsgRing]);
    // Newer than the table.
    CHECK(plan.operations[SAKER_URING_OPERATIONS - 1].event == SAKER_EVENT_io_uring_request);
    CHECK(plan.wanted[SAKER_URING_OPERATIONS - 1]);
    CHECK_FALSE(plan.wanted[kOpOpenat]);
}

TEST_CASE("operations that the kernel does not have are not called unreadable") {
    Modern kernel;
    CHECK(kernel.plan({"pipe2"}).unreadable == std::vector<std::string>{"PIPE"});
    MadeTypes old;
    old.tracepoint("io_uring_submit_req", 1);
    old.tracepoint("io_uring_complete", 3);
    old.enumerators({{"IORING_OP_LAST", 37}});
    CHECK(plan_uring(old.done(), events({"pipe2"})).unreadable.empty());
}

TEST_CASE("the programs follow the kernel's tracepoints") {
    struct Row {
        const char* submit;
        unsigned submit_arguments, complete_arguments;
        bool submit_req;
        unsigned submit_argument;
        bool has_request, has_cqe;
    };
    const Row rows[] = {
        {"io_uring_submit_sqe", 7, 4, false, 1, false, false},  // 5.15
        {"io_uring_submit_sqe", 7, 5, false, 1, true, false},   // 5.18
        {"io_uring_submit_sqe", 2, 7, false, 0, true, false},   // 6.1
        {"io_uring_submit_req", 1, 7, true, 0, true, false},    // 6.12
        {"io_uring_submit_req", 1, 3, true, 0, true, true},     // 6.13
    };
    for (const Row& row : rows) {
        INFO(row.submit << " " << row.complete_arguments);
        Kernel kernel;
        kernel.made.tracepoint(row.submit, row.submit_arguments);
        kernel.made.tracepoint("io_uring_complete", row.complete_arguments);
        const UringPlan plan = kernel.plan({"openat"});
        CHECK(plan.is_needed());
        CHECK(plan.submit_req == row.submit_req);
        CHECK(plan.submit_argument == row.submit_argument);
        CHECK(plan.end_has_request == row.has_request);
        CHECK(plan.end_has_cqe == row.has_cqe);
        CHECK_FALSE(plan.overflow);
    }
}

TEST_CASE("rules on calls that no request stands for need nothing of io_uring") {
    CHECK(can_be_requests(events({"ptrace", "openat"})));
    CHECK(can_be_requests(events({"renameat2"})));
    CHECK(can_be_requests(events({"io_uring_request"})));
    CHECK_FALSE(can_be_requests(events({"ptrace", "chmod", "io_uring_setup", "procexit"})));
}

TEST_CASE("the flag for credentials of their own is the kernel's") {
    CHECK(Modern().plan({"openat"}).creds_flag == 0);
    Modern kernel;
    kernel.made.enumerators({{"REQ_F_CREDS_BIT", 17}});
    CHECK(kernel.plan({"openat"}).creds_flag == 1u << 17);
}

TEST_CASE("a fixed file stands where the kernel has it in a node") {
    CHECK(Modern().plan({"openat"}).node_file == 0);
    Modern kernel;
    kernel.made.structure("io_rsrc_node", 24, {{"file_ptr", kernel.made.wide, 16}});
    CHECK(kernel.plan({"openat"}).node_file == 16);
}

TEST_CASE("a kernel whose tracepoints are of no use is said to be one") {
    Kernel oldest;
    oldest.made.tracepoint("io_uring_submit_sqe", 5);
    oldest.made.tracepoint("io_uring_complete", 3);
    const UringPlan plan = oldest.plan({"openat"});
    CHECK_FALSE(plan.is_needed());
    CHECK_FALSE(plan.problem.empty());

    const UringPlan without = Kernel().plan({"openat"});
    CHECK_FALSE(without.is_needed());
    CHECK(without.problem.empty());
}

// What an operation's event takes when its request is submitted.
bool is_asked(const saker_capture& capture) {
    if (capture.kind == SAKER_CAPTURE_PATH || capture.kind == SAKER_CAPTURE_STRING) return true;
    // Where the length is the kernel's to fill in, so is the address.
    return capture.kind == SAKER_CAPTURE_SOCKADDR && (capture.aux & SAKER_ARG_POINTER) == 0;
}

// With the types of the running kernel: a test by itself, which is skipped where they cannot be
// read.
TEST_CASE("every path and address that an operation's event captures has a source", "[.][kernel]") {
    const auto types = KernelTypes::read();
    if (!types) {
        std::cout << "skipped: " << types.error().message << '\n';
        return;
    }
    std::bitset<SAKER_EVENT_COUNT> all;
    all.set();
    const UringPlan plan = plan_uring(*types, all);
    for (std::size_t opcode = 0; opcode < plan.operations.size(); ++opcode) {
        const saker_uring_operation& operation = plan.operations[opcode];
        for (std::size_t i = 0; i < operation.captures; ++i) {
            const saker_capture& capture = operation.capture[i];
            if (!is_asked(capture)) continue;
            INFO("operation " << opcode << ", capture " << i);
            REQUIRE(capture.arg < 6);
            CHECK(operation.argument[capture.arg].source != SAKER_URING_NONE);
        }
    }
}

}  // namespace saker::probe
