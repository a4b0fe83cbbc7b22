// SPDX-License-Identifier: Apache-2.0
#include "probe/requirements.h"

#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

#include "catch.h"

namespace saker::probe {
namespace {

// Runs something that cannot be taken back in a process of its own; gives what it returns.
std::string in_child(const std::function<std::string()>& function) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("pipe");
    const pid_t child = fork();
    if (child == 0) {
        const std::string text = function();
        const bool written =
            write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size());
        _exit(written ? 0 : 1);
    }
    close(ends[1]);
    std::string text;
    char buffer[4096];
    for (ssize_t n = 0; (n = read(ends[0], buffer, sizeof buffer)) > 0;) {
        text.append(buffer, static_cast<std::size_t>(n));
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    return status == 0 ? text : "the child failed";
}

// A line of /proc/self/status: "CapEff", "NoNewPrivs".
std::string status_of_self(const std::string& key) {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(key + ":")) return line.substr(line.find_last_of("\t ") + 1);
    }
    return "";
}

unsigned long long capabilities(const std::string& key) {
    return std::stoull(status_of_self(key), nullptr, 16);
}

constexpr unsigned long long kDacReadSearch = 1ull << 2;
constexpr unsigned long long kPtrace = 1ull << 19;
constexpr unsigned long long kSetpcap = 1ull << 8;

TEST_CASE("whatever the machine is, the check says what it has or what it lacks") {
    utsname machine{};
    REQUIRE(uname(&machine) == 0);
    const auto found = check_requirements();
    if (found) {
        CHECK(found->kernel == machine.release);
        for (const std::string& gap : found->gaps) CHECK(gap.starts_with("without CAP_"));
    } else {
        INFO(found.error().message);
        CHECK_FALSE(found.error().message.empty());
        CHECK(found.error().message.find('\n') == std::string::npos);
    }
}

TEST_CASE("without capabilities, the error names those that are missing and how to give them") {
    const std::string message = in_child([] {
        if (!drop_privileges()) return std::string("cannot drop");
        const auto found = check_requirements();
        return found ? std::string("found") : found.error().message;
    });
    CHECK(message.find("missing capabilities: CAP_BPF CAP_PERFMON") != std::string::npos);
    CHECK(message.find("setcap cap_bpf,cap_perfmon+ep") != std::string::npos);
}

TEST_CASE("after the drop there are only the rights to read details, and no way back") {
    const unsigned long long before = capabilities("CapEff");
    const std::string result = in_child([before] {
        if (!drop_privileges()) return std::string("cannot drop");
        const unsigned long long kept = before & (kDacReadSearch | kPtrace);
        if (capabilities("CapEff") != kept) return std::string("other effective ones");
        if (capabilities("CapPrm") != kept) return std::string("other permitted ones");
        if (capabilities("CapInh") != 0) return std::string("inheritable ones");
        if ((before & kSetpcap) != 0 && capabilities("CapBnd") != 0) {
            return std::string("a bounding set");
        }
        if (status_of_self("NoNewPrivs") != "1") return std::string("new privileges");
        return std::string("as it should be");
    });
    CHECK(result == "as it should be");
    CHECK(capabilities("CapEff") == before);
}

TEST_CASE("a thread that keeps its rights is told of at the drop") {
    const std::string message = in_child([] {
        std::promise<void> end;
        std::thread other([&] { end.get_future().wait(); });
        const auto done = drop_privileges();
        end.set_value();
        other.join();
        if (done) return std::string("nothing is wrong");
        const bool dropped = (capabilities("CapEff") & ~(kDacReadSearch | kPtrace)) == 0;
        return dropped ? done.error().message : std::string("nothing was dropped");
    });
    CHECK(message == "another thread keeps its capabilities: a bug, please report it");
}

}  // namespace
}  // namespace saker::probe
