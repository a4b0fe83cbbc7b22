// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "state/process.h"
#include "tool/bound_field.h"

// Processes out of fields: what proc.name, proc.args and the like say of a process, so that all
// that follows from them (proc.cmdline, proc.pname, proc.aname[2]) follows by itself.
namespace saker::tool {

// Of an event that a test file describes: CLOCK_BOOTTIME, ns.
inline constexpr std::uint64_t kEventTime = 1'000'000'000'000;
inline constexpr std::uint32_t kOrdinaryPid = 1000;
inline constexpr std::uint32_t kOrdinaryUser = 1000;

// proc.args and proc.env may be written as a list, so that a word may have blanks in it.
bool is_argument_list(std::string_view name);

// True for a field that makes a process what it is.
bool describes_process(std::string_view name);

// The same property of an ancestor: `generations` up, under the name that it has for a process
// itself. proc.pname is proc.name one up, proc.aexepath[3] is proc.exepath three up.
struct AncestorProperty {
    std::uint32_t generations;
    std::string_view name;
};
std::optional<AncestorProperty> ancestor_property(std::string_view name,
                                                  std::optional<std::uint32_t> index);

// A process with these properties; fields that do not describe one are passed over. What is not
// given is an ordinary program's: installed as /usr/bin/NAME, user 1000, no terminal, on the host.
std::shared_ptr<state::Process> make_process(const std::vector<BoundField>& fields,
                                             std::uint32_t pid);

}  // namespace saker::tool
