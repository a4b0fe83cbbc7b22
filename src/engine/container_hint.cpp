// SPDX-License-Identifier: Apache-2.0
#include "engine/container_hint.h"

#include <algorithm>
#include <string_view>

#include "container/container_id.h"

namespace saker::engine {

namespace {

using Text = std::string_view;

// From a container's first process to its monitor there are one or two steps, from a shell that
// somebody started in it a few more.
constexpr int kMaxSteps = 32;

Text base_name(Text path) {
    return path.substr(path.rfind('/') + 1);
}

// Calls function(argument) for each argument behind argv[0].
template <typename Function>
void for_each_argument(Text args, Function function) {
    bool first = true;
    while (!args.empty()) {
        const auto end = args.find('\0');
        if (!first) function(args.substr(0, end));
        first = false;
        args.remove_prefix(end == args.npos ? args.size() : end + 1);
    }
}

// The value of an option, given as "name value" or "name=value".
Text option(Text args, Text name) {
    Text value;
    bool is_next = false;
    for_each_argument(args, [&](Text argument) {
        if (is_next && value.empty()) value = argument;
        is_next = argument == name;
        if (argument.size() > name.size() && argument.starts_with(name) &&
            argument[name.size()] == '=') {
            value = argument.substr(name.size() + 1);
        }
    });
    return value;
}

bool is_runtime(Text name) {
    static constexpr Text kRuntimes[] = {"runc", "crun", "youki", "conmon", "runsc"};
    return std::ranges::find(kRuntimes, name) != std::end(kRuntimes);
}

void add_of_runtime(const state::Process& process, container::Hint& hint) {
    for (const Text name : {"--bundle", "-b"}) {
        const Text bundle = option(process.image->args, name);
        if (!hint.bundle.empty() || bundle.empty()) continue;
        hint.bundle = bundle.starts_with('/') ? "" : process.cwd + "/";
        hint.bundle += bundle;
    }
}

// One shim serves all containers of a pod, and works in the folder of the pod's sandbox: theirs are
// beside it.
void add_of_shim(const state::Process& process, const std::string& full_id, container::Hint& hint) {
    const Text args = process.image->args;
    const auto folder = process.cwd.rfind('/');
    if (hint.bundle.empty() && folder != std::string::npos) {
        hint.bundle = process.cwd.substr(0, folder + 1) + full_id;
    }
    // Whoever is not root may start such a program with any address.
    if (process.facts.uid != 0) return;
    hint.containerd_socket = option(args, "-address");
    hint.containerd_namespace = option(args, "-namespace");
}

// Around a container in a container stand the processes of the outer one too: so the id must be
// among the arguments. runc may run as a copy of itself in memory, whose path says nothing.
void add_of(const state::Process& process, const std::string& full_id, container::Hint& hint) {
    const Text exe = base_name(process.image->exe_path);
    const Text argv0 = base_name(process.image->argv0());
    const bool names_it = process.image->args.find(full_id) != std::string::npos;
    if (names_it && (is_runtime(exe) || is_runtime(argv0))) {
        add_of_runtime(process, hint);
    }
    if (exe.starts_with("containerd-shim")) add_of_shim(process, full_id, hint);
}

bool is_on_host(const state::Process& process) {
    return container::container_of_cgroup(process.cgroup).id == container::host_id().id;
}

}  // namespace

container::Hint container_hint(const state::Process& process, const std::string& full_id) {
    container::Hint hint;
    const state::Process* step = &process;
    for (int i = 0; i < kMaxSteps && step != nullptr; ++i, step = step->parent.get()) {
        if (is_on_host(*step)) add_of(*step, full_id, hint);
        if (!hint.bundle.empty() && !hint.containerd_socket.empty()) break;
    }
    return hint;
}

}  // namespace saker::engine
