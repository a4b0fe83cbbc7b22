// SPDX-License-Identifier: Apache-2.0
#include "probe/loading.h"

#include <bpf/libbpf.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "fmt/core.h"
#include "probe/kernel_types.h"

namespace saker::probe {

namespace {

constexpr std::size_t kMaxLog = 64 * 1024;
constexpr std::size_t kTold = 3000;

thread_local std::string libbpf_log;

// The end of a text, from the start of a line on: a log says last what was refused.
std::string last_lines(const std::string& log, std::size_t bytes) {
    return log.size() <= bytes ? log : log.substr(log.find('\n', log.size() - bytes) + 1);
}

int keep_libbpf_line(libbpf_print_level level, const char* format, va_list arguments) {
    if (level == LIBBPF_DEBUG || libbpf_log.size() > kMaxLog) return 0;
    va_list again;
    va_copy(again, arguments);
    const int length = std::vsnprintf(nullptr, 0, format, again);
    va_end(again);
    std::string line(static_cast<std::size_t>(std::max(length, 0)) + 1, '\0');
    std::vsnprintf(line.data(), line.size(), format, arguments);
    line.pop_back();
    libbpf_log += last_lines(line, kMaxLog);
    return 0;
}

}  // namespace

void begin_loading() {
    libbpf_set_print(keep_libbpf_line);
    libbpf_log.clear();
}

bool open_skeleton(bpf_object_skeleton* skeleton, const Requirements& requirements) {
    bpf_object_open_opts options{};
    options.sz = sizeof options;
    // Given as a file, the kernel's types are all that there are.
    if (!requirements.sees_modules) options.btf_custom_path = KernelTypes::kPath;
    return bpf_object__open_skeleton(skeleton, &options) == 0;
}

std::string loading_log() {
    return last_lines(libbpf_log, kTold);
}

std::string attach_point(const bpf_program* program) {
    const std::string section = bpf_program__section_name(program);
    return section.substr(section.find('/') + 1);
}

std::unexpected<Error> refused(const char* what, int error) {
    if (error == EPERM) {
        return fail(fmt::format(
            "the kernel refused {} (EPERM): CAP_BPF and CAP_PERFMON are needed, on kernels before "
            "5.11 also a memory lock limit of at least 32 MB (`ulimit -l`), and neither lockdown "
            "nor a container's seccomp profile may forbid bpf()",
            what));
    }
    std::string log = loading_log();
    if (!log.empty()) log.insert(0, ":\n");
    return fail(fmt::format("the kernel refused {} ({}){}", what, std::strerror(error), log));
}

}  // namespace saker::probe
