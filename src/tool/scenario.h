// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "event/event.h"
#include "field/scratch.h"
#include "state/process_table.h"
#include "state/users.h"
#include "tool/event_spec.h"
#include "tool/given.h"
#include "tool/problem.h"

namespace saker::tool {

// Bytes of one value that a test file gives.
inline constexpr std::size_t kMaxValueSize = 8192;
inline constexpr std::size_t kMaxAncestors = 64;

// The event that a test file describes, made real: a record as the kernel side would send it, its
// process with all ancestors, and what fields are taken from. Values that no record can carry
// (container.image.repository) are given directly. Nothing of the machine that it runs on goes in.
// One thread.
class Scenario {
public:
    // The error is the first mistake: an unknown event or field, a value that is not of the
    // field's type, a field that events of that type never have. `spec` may go afterwards; the
    // file that its places refer to must stay.
    static std::expected<std::unique_ptr<Scenario>, Problem> make(const EventSpec& spec);

    // What fields of given_fields() are extracted with; the names are the asked ones. Values live
    // until the scenario ends.
    GivenContext& context() { return context_; }
    event::EventType type() const { return context_.event->type(); }

    // The file that the event is about has two names: rules look at both.
    bool has_two_names() const;

private:
    friend class ScenarioMaker;
    Scenario();

    std::vector<std::uint64_t> record_;  // aligned as a ring buffer's
    std::optional<event::Event> event_;
    std::shared_ptr<state::Process> process_;
    state::ProcessTable processes_{nullptr};
    state::Users users_{"/dev/null"};  // no folder: there are no users but those that are given
    field::Scratch scratch_;
    std::string hostname_ = "host";
    GivenContext context_;
};

}  // namespace saker::tool
