// SPDX-License-Identifier: Apache-2.0
#include "generated_rules.h"

#include <array>
#include <iterator>

#include "fmt/core.h"

namespace saker::bench {

namespace {

// Two parts a condition: what kind of event, which most rules share with others, and what about it.
constexpr const char* kStarted = "evt.type in (execve, execveat) and evt.rawres >= 0";
constexpr const char* kRead =
    "evt.type in (open, openat, openat2, open_by_handle_at) and evt.is_open_read = true "
    "and fd.typechar = 'f' and evt.rawres >= 0";
constexpr const char* kWritten =
    "((evt.type in (open, openat, openat2, open_by_handle_at) and evt.is_open_write = true) "
    "or evt.type = creat) and evt.rawres >= 0";
constexpr const char* kRemoved = "evt.type in (unlink, unlinkat) and evt.rawres >= 0";
constexpr const char* kRenamed = "evt.type in (rename, renameat, renameat2) and evt.rawres >= 0";
constexpr const char* kLinked = "evt.type in (symlink, symlinkat) and evt.rawres >= 0";
constexpr const char* kConnected = "evt.type = connect and evt.rawres >= 0";

struct Pattern {
    const char* event;
    const char* condition;  // {n} is the rule's number
};

// Program starts, reads, writes and the rest come about as often as in the default rules.
constexpr std::array<Pattern, 14> kPatterns = {{
    {kStarted,
     "proc.exepath in (/opt/tool{n}/run, /opt/tool{n}/bin/run) "
     "and not proc.pexepath = /usr/bin/parent{n}"},
    {kRead,
     "(fd.name in (/etc/app{n}.key, /etc/app{n}.conf) or fd.name pmatch (/srv/app{n}/keys)) "
     "and not proc.exepath in (/usr/sbin/app{n}, /usr/bin/app{n}ctl)"},
    {kStarted, "proc.name in (worker{n}, helper{n}) and proc.pname in (server{n}, daemon{n})"},
    {kWritten,
     "fd.name pmatch (/opt/app{n}/bin, /opt/app{n}/sbin) "
     "and not proc.aexepath[1] in (/usr/bin/dpkg, /usr/bin/update{n})"},
    {kRemoved, "fs.path.name pmatch (/var/log/app{n}) and not proc.exepath = /usr/sbin/rotate{n}"},
    {kStarted, "proc.args icontains anyof (secret-{n}, token-{n}) and not proc.tty = 0"},
    {kRead, "fd.name glob \"/home/*/.app{n}/*.key\" and not proc.exepath = /usr/bin/app{n}"},
    {kWritten, "fd.filename in (.app{n}_history, .app{n}rc) and not proc.name = app{n}"},
    {kRenamed, "(fs.path.source pmatch (/opt/app{n}) or fs.path.target pmatch (/opt/app{n}))"},
    {kStarted,
     "container.id != host and proc.is_exe_upper_layer = true "
     "and proc.exepath startswith /opt/app{n}/"},
    {kConnected, "fd.type = unix and fd.name endswith anyof (/app{n}.sock, /app{n}.ctl)"},
    {kWritten,
     "fd.name endswith anyof (/kernel/knob{n}, /app{n}/release) and container.id != host"},
    {kLinked, "evt.arg.target startswith /srv/app{n}/ and not proc.exepath = /usr/bin/app{n}"},
    {kConnected, "fd.sport = {n} and fd.type in (ipv4, ipv6) and proc.name startswith client{n}-"},
}};

constexpr const char* kRule = R"(
- rule: Generated {n}
  desc: Made for a measurement.
  condition: {event} and {condition}
  output: >
    Rule {n} matched | file=%fd.name evt_type=%evt.type user=%user.name process=%proc.name
    proc_exepath=%proc.exepath parent=%proc.pname command=%proc.cmdline terminal=%proc.tty
  priority: WARNING
)";

}  // namespace

std::string generated_rules(std::size_t count) {
    std::string text;
    for (std::size_t n = 1; n <= count; ++n) {
        const Pattern& pattern = kPatterns[n % kPatterns.size()];
        const auto number = fmt::arg("n", n);
        fmt::format_to(std::back_inserter(text), fmt::runtime(kRule), number,
                       fmt::arg("event", pattern.event),
                       fmt::arg("condition", fmt::format(fmt::runtime(pattern.condition), number)));
    }
    return text;
}

}  // namespace saker::bench
