// SPDX-License-Identifier: Apache-2.0
#include "probe/kernel_types.h"

#include <string_view>
#include <vector>

#include "catch.h"
#include "made_types.h"

namespace saker::probe {

TEST_CASE("a member is found where the kernel has it") {
    MadeTypes made;
    const int how =
        made.structure("open_how", 24, {{"flags", made.wide, 0}, {"mode", made.wide, 8}});
    const int inner = made.structure("", 16, {{"deep", made.signed_number, 4}});
    made.structure("io_open", 64,
                   {{"dfd", made.signed_number, 8},
                    {"how", how, 24},
                    {"", inner, 48},
                    {"name", made.pointer(made.constant(how)), 16},
                    {"slot", made.alias("u32", made.number), 12}});
    const KernelTypes types = made.done();

    const auto dfd = types.member("io_open", "dfd");
    REQUIRE(dfd);
    CHECK(dfd->offset == 8);
    CHECK(dfd->size == 4);
    CHECK(dfd->kind == Member::Kind::kSigned);

    const auto mode = types.member("io_open", "how.mode");
    REQUIRE(mode);
    CHECK(mode->offset == 32);
    CHECK(mode->size == 8);
    CHECK(mode->kind == Member::Kind::kUnsigned);

    const auto whole = types.member("io_open", "how");
    REQUIRE(whole);
    CHECK(whole->size == 24);
    CHECK(whole->kind == Member::Kind::kStruct);
    CHECK(whole->type == "open_how");

    const auto deep = types.member("io_open", "deep");
    REQUIRE(deep);
    CHECK(deep->offset == 52);

    const auto name = types.member("io_open", "name");
    REQUIRE(name);
    CHECK(name->kind == Member::Kind::kPointer);
    CHECK(name->type == "open_how");

    CHECK(types.member("io_open", "slot")->kind == Member::Kind::kUnsigned);
}

TEST_CASE("what the kernel does not have is not found") {
    MadeTypes made;
    made.structure("io_open", 64, {{"dfd", made.signed_number, 8}});
    made.bit_field("io_bits");
    const KernelTypes types = made.done();

    CHECK(types.has_struct("io_open"));
    CHECK_FALSE(types.has_struct("io_bind"));
    CHECK_FALSE(types.has_struct(""));
    CHECK_FALSE(types.member("io_bind", "addr_len"));
    CHECK_FALSE(types.member("io_open", "filename"));
    CHECK_FALSE(types.member("io_open", "dfd.deeper"));
    CHECK_FALSE(types.member("io_bits", "bits"));
}

TEST_CASE("tracepoints are counted by what their programs get, enumerators by name") {
    MadeTypes made;
    made.tracepoint("io_uring_complete", 3);
    made.enumerators({{"IORING_OP_NOP", 0}, {"IORING_OP_LAST", 65}});
    const KernelTypes types = made.done();

    CHECK(types.tracepoint_arguments("io_uring_complete") == 3u);
    CHECK_FALSE(types.tracepoint_arguments("io_uring_submit_req"));
    CHECK(types.enumerator("IORING_OP_LAST") == 65);
    CHECK_FALSE(types.enumerator("IORING_OP_NONE"));
}

TEST_CASE("functions are found among all types") {
    MadeTypes made;
    made.function("security_path_unlink");
    made.function("vfs_open");
    made.structure("security_path_rmdir", 4, {});
    const KernelTypes types = made.done();

    const std::vector<std::string_view> names = {"security_path_unlink", "security_path_rmdir"};
    const auto found = types.functions(names);
    CHECK(found.size() == 1);
    CHECK(found.contains("security_path_unlink"));
}

TEST_CASE("a file without types is an error") {
    CHECK_FALSE(KernelTypes::read("/dev/null"));
}

}  // namespace saker::probe
