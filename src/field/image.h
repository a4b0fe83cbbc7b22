// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "field/make.h"
#include "state/process.h"

// A process's command line and environment, as fields show them.
namespace saker::field {

// argv behind argv[0], NUL-separated.
inline std::string_view arguments(const state::Process& process) {
    if (process.image == nullptr) return {};
    const std::string_view all = process.image->args;
    const auto end = all.find('\0');
    return end == std::string_view::npos ? std::string_view{} : all.substr(end + 1);
}

inline std::string_view command_line(const Context& context, const state::Process& process,
                                     std::string_view comm) {
    const std::string_view args = joined(context, arguments(process));
    return args.empty() ? comm : concatenated(context, comm, " ", args);
}

// The name of the event's process: that of the thread itself, as it is now.
inline std::string_view comm_of(const Context& context, const state::Process& process) {
    return &process == context.process ? context.event->comm() : std::string_view(process.comm);
}

}  // namespace saker::field
