// SPDX-License-Identifier: Apache-2.0
#include "probe/requirements.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cap-ng.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include "fmt/core.h"

namespace saker::probe {

namespace {

struct Detail {
    int capability;
    const char* name;
    const char* lost;
};

// Capabilities that only add detail.
constexpr std::array kDetails = {
    Detail{CAP_SYS_PTRACE, "CAP_SYS_PTRACE",
           "executable, directory and environment of processes that were started before, so that "
           "rules which let one pass by its executable do not know it"},
    Detail{CAP_DAC_READ_SEARCH, "CAP_DAC_READ_SEARCH",
           "name, image, mounts and privileges of containers whose runtime keeps them in files of "
           "root's, and details of processes whose /proc files only their users may read"},
};

bool has_capability(int capability) {
    return capng_have_capability(CAPNG_EFFECTIVE, static_cast<unsigned>(capability)) != 0;
}

// True if the kernel with that release, as uname tells it, is an older one.
bool is_before(const std::string& release, int major, int minor) {
    int its_major = 0;
    int its_minor = 0;
    return std::sscanf(release.c_str(), "%d.%d", &its_major, &its_minor) == 2 &&
           std::tie(its_major, its_minor) < std::tie(major, minor);
}

Result<std::string> kernel_release() {
    utsname name{};
    if (uname(&name) != 0) return fail("cannot tell the kernel's version: uname failed");
    if (is_before(name.release, 5, 8)) {
        return fail(
            fmt::format("kernel {} is too old: Saker needs Linux 5.8 or newer (BPF ring "
                        "buffer, BTF tracepoints)",
                        name.release));
    }
    return std::string(name.release);
}

Result<void> check_capabilities(Requirements& found) {
    if (capng_get_caps_process() != 0) return fail("cannot read this process's capabilities");
    found.sees_modules = has_capability(CAP_SYS_ADMIN);
    if (!found.sees_modules) {
        std::string missing;
        if (!has_capability(CAP_BPF)) missing += " CAP_BPF";
        if (!has_capability(CAP_PERFMON)) missing += " CAP_PERFMON";
        if (!missing.empty()) {
            return fail(
                fmt::format("missing capabilities:{}: run as root, or give them with "
                            "`setcap cap_bpf,cap_perfmon+ep saker`",
                            missing));
        }
    }
    for (const Detail& detail : kDetails) {
        if (has_capability(detail.capability)) continue;
        found.gaps.push_back(fmt::format("without {}: not seen are {}", detail.name, detail.lost));
    }
    return {};
}

using Functions = KernelTypes::Functions;

constexpr std::string_view kDirectReads = "bpf_rdonly_cast";
constexpr std::string_view kKeepsProcessor = "bpf_local_irq_save";

// That programs on tracepoints may be preempted cannot be read from types. On older kernels the
// functions would be in the way: the first verifiers that know them allow no call of a global
// function while preemption is off.
ObjectForm find_form(const Functions& functions, const std::string& kernel) {
    if (!functions.contains(kDirectReads)) return ObjectForm::kHelpers;
    const bool preemptible = !is_before(kernel, 7, 0) && functions.contains(kKeepsProcessor);
    return preemptible ? ObjectForm::kPreemptible : ObjectForm::kDirectReads;
}

// All that is asked for; the names live as long as this program.
Functions find_functions(const KernelTypes& types) {
    std::vector<std::string_view> names = {kDirectReads, kKeepsProcessor};
    for (const auto& operation : event::operations()) names.push_back(operation.function);
    return types.functions(names);
}

event::Operations find_operations(const Functions& functions) {
    event::Operations found = 0;
    for (const auto& [operation, name, function] : event::operations()) {
        if (functions.contains(function)) found |= event::bit(operation);
    }
    return found;
}

// The errno with which the kernel refuses the smallest program on a function because it allows none
// at all, which is known so before the real ones are made ready for it; 0: there is no such reason.
int refusal_of_function_program(std::uint32_t function) {
    std::array<bpf_insn, 2> code{};
    code[0].code = BPF_ALU64 | BPF_MOV | BPF_K;  // r0 = 0
    code[1].code = BPF_JMP | BPF_EXIT;
    LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = BPF_TRACE_FENTRY,
                .attach_btf_id = function);
    const int program = bpf_prog_load(BPF_PROG_TYPE_TRACING, "saker_probe", "Dual MIT/GPL",
                                      code.data(), code.size(), &options);
    if (program >= 0) close(program);
    constexpr int kNotSupported = 524;  // ENOTSUPP, which only the kernel has
    return program == -EPERM || program == -kNotSupported ? -program : 0;
}

Result<void> check_btf(Requirements& found) {
    if (access(KernelTypes::kPath, R_OK) != 0) {
        return fail(
            fmt::format("no kernel type information at {}: Saker needs a kernel built with "
                        "CONFIG_DEBUG_INFO_BTF=y, as all current distributions have it "
                        "(in a container: mount /sys read-only)",
                        KernelTypes::kPath));
    }
    auto types = KernelTypes::read();
    if (!types) return std::unexpected(types.error());
    const Functions functions = find_functions(*types);
    found.form = find_form(functions, found.kernel);
    // Tracing programs got task storage in the release that brought this helper.
    found.task_storage = types->enumerator("BPF_FUNC_for_each_map_elem").has_value();
    found.operations = find_operations(functions);
    if (const auto any = functions.find(event::info(SAKER_OPERATION_unlink).function);
        any != functions.end()) {
        found.function_program_error = refusal_of_function_program(any->second);
    }
    found.types = std::make_shared<const KernelTypes>(std::move(*types));
    return {};
}

// /proc/cgroups: name, hierarchy (0: v2, or not mounted), number of cgroups, enabled.
void find_v1_controllers(Requirements& found) {
    std::ifstream file("/proc/cgroups");
    for (std::string line; std::getline(file, line);) {
        std::istringstream columns(line);
        std::string name;
        int hierarchy = 0;
        if (!(columns >> name >> hierarchy)) continue;
        if (name == "memory") found.v1_memory = hierarchy != 0;
        if (name == "pids") found.v1_pids = hierarchy != 0;
    }
}

// libbpf's probe cannot tell a kernel without ring buffers from a refusal: seccomp profiles of
// containers often let nobody call bpf() but who has CAP_SYS_ADMIN.
Result<void> check_ring_buffer(const std::string& kernel) {
    if (libbpf_probe_bpf_map_type(BPF_MAP_TYPE_RINGBUF, nullptr) != 0) return {};
    const auto size = static_cast<std::uint32_t>(sysconf(_SC_PAGESIZE));
    const int map = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "saker_probe", 0, 0, size, nullptr);
    if (map >= 0) close(map);
    if (map == -EPERM) {
        return fail(
            "the call bpf() is refused though the capabilities are there: in a container, use a "
            "seccomp profile that allows bpf and perf_event_open");
    }
    return fail(
        fmt::format("kernel {} has no BPF ring buffer: Saker needs Linux 5.8 or newer with "
                    "CONFIG_BPF_SYSCALL=y",
                    kernel));
}

// False also where that cannot be told: /proc may be missing.
bool has_other_threads() {
    std::error_code error;
    const std::filesystem::directory_iterator threads("/proc/self/task", error);
    return !error && std::distance(begin(threads), end(threads)) > 1;
}

}  // namespace

Result<Requirements> check_requirements() {
    Requirements found;
    auto kernel = kernel_release();
    if (!kernel) return std::unexpected(kernel.error());
    found.kernel = *kernel;
    if (auto done = check_capabilities(found); !done) return std::unexpected(done.error());
    if (auto done = check_btf(found); !done) return std::unexpected(done.error());
    if (auto done = check_ring_buffer(found.kernel); !done) return std::unexpected(done.error());
    find_v1_controllers(found);
    return found;
}

Result<void> drop_privileges() {
    if (capng_get_caps_process() != 0) return fail("cannot read this process's capabilities");
    std::array<bool, kDetails.size()> had{};
    for (std::size_t i = 0; i < kDetails.size(); ++i)
        had[i] = has_capability(kDetails[i].capability);
    const bool may_bound = has_capability(CAP_SETPCAP);

    capng_clear(CAPNG_SELECT_BOTH);
    for (std::size_t i = 0; i < kDetails.size(); ++i) {
        if (!had[i]) continue;
        capng_updatev(CAPNG_ADD, static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED),
                      static_cast<unsigned>(kDetails[i].capability), -1);
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return fail("cannot set no_new_privs");
    if (capng_apply(may_bound ? CAPNG_SELECT_BOTH : CAPNG_SELECT_CAPS) != 0) {
        return fail("cannot give up capabilities");
    }
    if (has_other_threads()) {
        return fail("another thread keeps its capabilities: a bug, please report it");
    }
    return {};
}

}  // namespace saker::probe
