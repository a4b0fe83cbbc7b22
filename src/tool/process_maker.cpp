// SPDX-License-Identifier: Apache-2.0
#include "tool/process_maker.h"

#include <algorithm>
#include <span>
#include <utility>

namespace saker::tool {

namespace {

using state::Image;
using state::Process;

constexpr std::uint64_t kAge = 1'000'000'000;  // of a process of which none is given, ns
constexpr std::size_t kCommLength = 15;

// What is being made.
struct Draft {
    Process process;
    Image image;
    std::string name;  // proc.name
    bool has_path = false;
    std::string argv0;
    std::string args;  // argv[1..], each ended by a NUL
};

std::string with_nuls(const GivenField& given) {
    std::string row;
    for (const std::string& text : given.texts) {
        row += text;
        if (!given.list) std::ranges::replace(row, ' ', '\0');
        if (given.list || !text.empty()) row += '\0';
    }
    return row;
}

void set_name(Draft& draft, const BoundField& field) {
    draft.name = field.text();
}
void set_exe(Draft& draft, const BoundField& field) {
    draft.argv0 = field.text();
}
void set_exe_path(Draft& draft, const BoundField& field) {
    draft.image.exe_path = field.text();
    draft.has_path = true;
}
void set_args(Draft& draft, const BoundField& field) {
    draft.args = with_nuls(*field.given);
}
void set_env(Draft& draft, const BoundField& field) {
    draft.image.env = with_nuls(*field.given);
}

// The name, and behind the first blank the arguments. What is given by itself comes later.
void set_command_line(Draft& draft, const BoundField& field) {
    const std::string row = with_nuls(*field.given);
    const std::size_t end = row.find('\0');
    draft.name = row.substr(0, end);
    if (end != row.npos) draft.args = row.substr(end + 1);
}
void set_exe_line(Draft& draft, const BoundField& field) {
    const std::string row = with_nuls(*field.given);
    const std::size_t end = row.find('\0');
    draft.argv0 = row.substr(0, end);
    if (end != row.npos) draft.args = row.substr(end + 1);
}

void set_cwd(Draft& draft, const BoundField& field) {
    draft.process.cwd = field.text();
    while (draft.process.cwd.size() > 1 && draft.process.cwd.ends_with('/')) {
        draft.process.cwd.pop_back();
    }
}

void set_duration(Draft& draft, const BoundField& field) {
    draft.process.key.start_time = kEventTime - std::min(field.value().number, kEventTime - 1);
}

void set_pid(Draft& draft, const BoundField& field) {
    draft.process.key.tgid = static_cast<std::uint32_t>(field.value().integer);
}

// Integers have one representation, whether signed or not.
template <std::uint32_t saker_process::* member>
void set_fact(Draft& draft, const BoundField& field) {
    draft.process.facts.*member = static_cast<std::uint32_t>(field.value().number);
}

template <std::uint32_t flag>
void set_flag(Draft& draft, const BoundField& field) {
    if (field.value().number != 0) draft.image.flags |= flag;
}

template <std::size_t fd, std::string state::StdioFd::* member>
void set_stdio(Draft& draft, const BoundField& field) {
    draft.image.stdio[fd].*member = field.text();
}

struct Property {
    std::string_view name;
    void (*set)(Draft& draft, const BoundField& field);
};

// In the order in which they are applied: a line first, then its parts.
constexpr Property kProperties[] = {
    {"proc.exeline", set_exe_line},
    {"proc.cmdline", set_command_line},
    {"proc.name", set_name},
    {"proc.exe", set_exe},
    {"proc.exepath", set_exe_path},
    {"proc.args", set_args},
    {"proc.env", set_env},
    {"proc.cwd", set_cwd},
    {"proc.duration", set_duration},
    {"proc.pid", set_pid},
    {"proc.vpid", set_fact<&saker_process::vpid>},
    {"proc.sid", set_fact<&saker_process::sid>},
    {"proc.pgid", set_fact<&saker_process::pgid>},
    {"proc.vpgid", set_fact<&saker_process::vpgid>},
    {"proc.tty", set_fact<&saker_process::tty>},
    {"user.loginuid", set_fact<&saker_process::loginuid>},
    {"proc.is_exe_writable", set_flag<SAKER_EXE_WRITABLE>},
    {"proc.is_exe_upper_layer", set_flag<SAKER_EXE_UPPER>},
    {"proc.is_exe_lower_layer", set_flag<SAKER_EXE_LOWER>},
    {"proc.is_exe_from_memfd", set_flag<SAKER_EXE_MEMFD>},
    {"proc.stdin.type", set_stdio<0, &state::StdioFd::type>},
    {"proc.stdout.type", set_stdio<1, &state::StdioFd::type>},
    {"proc.stderr.type", set_stdio<2, &state::StdioFd::type>},
    {"proc.stdin.name", set_stdio<0, &state::StdioFd::name>},
    {"proc.stdout.name", set_stdio<1, &state::StdioFd::name>},
    {"proc.stderr.name", set_stdio<2, &state::StdioFd::name>},
};

struct Inherited {
    std::string_view name;
    bool indexed;  // proc.aname[n]; else the parent's
    std::string_view own;
};

constexpr Inherited kInherited[] = {
    {"proc.pname", false, "proc.name"},
    {"proc.pexe", false, "proc.exe"},
    {"proc.pexepath", false, "proc.exepath"},
    {"proc.pcmdline", false, "proc.cmdline"},
    {"proc.ppid", false, "proc.pid"},
    {"proc.pvpid", false, "proc.vpid"},
    {"proc.ppid.duration", false, "proc.duration"},
    {"proc.aname", true, "proc.name"},
    {"proc.aexe", true, "proc.exe"},
    {"proc.aexepath", true, "proc.exepath"},
    {"proc.acmdline", true, "proc.cmdline"},
    {"proc.aargs", true, "proc.args"},
    {"proc.apid", true, "proc.pid"},
};

std::string last_part(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

// Each name stands in for those that are not given.
void fill_names(Draft& draft) {
    if (draft.name.empty() && !draft.image.exe_path.empty())
        draft.name = last_part(draft.image.exe_path);
    if (draft.name.empty()) draft.name = draft.argv0.empty() ? "program" : last_part(draft.argv0);
    if (!draft.has_path) draft.image.exe_path = "/usr/bin/" + draft.name;
    if (draft.argv0.empty()) draft.argv0 = draft.name;
}

Draft draft_of(std::uint32_t pid) {
    Draft draft;
    draft.process.key = {pid, kEventTime - kAge};
    draft.process.cwd = "/";
    draft.process.facts.loginuid = kOrdinaryUser;
    // Of the session and group of a shell that is not watched.
    draft.process.facts.sid = 1;
    draft.process.facts.pgid = 1;
    draft.process.facts.vpgid = 1;
    return draft;
}

}  // namespace

bool is_argument_list(std::string_view name) {
    return name == "proc.args" || name == "proc.env" || name == "proc.cmdline" ||
           name == "proc.exeline";
}

bool describes_process(std::string_view name) {
    return std::ranges::find(kProperties, name, &Property::name) != std::end(kProperties);
}

std::optional<AncestorProperty> ancestor_property(std::string_view name,
                                                  std::optional<std::uint32_t> index) {
    for (const Inherited& row : kInherited) {
        if (row.name != name || row.indexed != index.has_value()) continue;
        return AncestorProperty{index.value_or(1), row.own};
    }
    return std::nullopt;
}

std::shared_ptr<Process> make_process(const std::vector<BoundField>& fields, std::uint32_t pid) {
    Draft draft = draft_of(pid);
    for (const Property& property : kProperties) {
        if (const BoundField* field = find(fields, property.name)) property.set(draft, *field);
    }
    fill_names(draft);
    draft.image.args = draft.argv0 + '\0' + draft.args;
    auto process = std::make_shared<Process>(std::move(draft.process));
    process->comm = draft.name.substr(0, kCommLength);
    process->facts.tgid = process->key.tgid;
    if (process->facts.vpid == 0) process->facts.vpid = process->key.tgid;
    process->image = std::make_shared<const Image>(std::move(draft.image));
    return process;
}

}  // namespace saker::tool
