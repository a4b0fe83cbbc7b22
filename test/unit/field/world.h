// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "container/containers.h"
#include "event/event.h"
#include "field/context.h"
#include "field/field.h"
#include "record_builder.h"
#include "state/process_table.h"
#include "state/temp_folder.h"
#include "state/users.h"

namespace saker::test {

// Stands for "no value at all"; an empty text is shown as "".
inline constexpr std::string_view kNothing = "(nothing)";

// A small machine, for the fields of its events: init (pid 1) started sshd (100), which started
// ann's shell (200), which started cat (1000); and in a docker container sh (3000). All of them
// came to be known by records of their own, as in the engine.
class World {
public:
    static constexpr std::uint64_t kEpochOffset = 1'700'000'000'000'000'000;
    static constexpr std::uint64_t kBoot = 1'000'000;              // start of init
    static constexpr std::uint64_t kNow = 1'000'123'456'789;       // of the records below
    static constexpr std::uint64_t kFirst = kNow - 1'500'000'000;  // the first event of all
    static constexpr std::uint64_t kPrevious = kNow - 2;           // the one before
    static constexpr std::uint64_t kCatStart = 990'000'000'000;    // ns of CLOCK_BOOTTIME
    static constexpr std::uint64_t kBashStart = 500'000'000'000;   // likewise
    static constexpr std::uint64_t kShStart = 800'000'000'000;     // likewise
    static constexpr std::uint32_t kCat = 1000;
    static constexpr std::uint32_t kSh = 3000;
    static constexpr std::uint64_t kContainerCgroup = 77;
    static constexpr std::string_view kContainerId =
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    World();

    // Applies a record and gives what fields are taken from. Valid until the next call.
    const field::Context& look(Record record, field::NameView names = field::NameView::kAsked);

    // A field as rules write it ("proc.aname[2]", "evt.arg.flags") for a record, as text; several
    // values are joined by " | ".
    std::string show(std::string_view field, const Record& record,
                     field::NameView names = field::NameView::kAsked);

    // What rules' host names resolve to; nullptr, as in the beginning: no rule names any.
    void set_hosts(state::HostNames* hosts) { context_.hosts = hosts; }
    // Where fields that are read from /proc are read; in the beginning nowhere.
    void set_live(const state::LiveProcesses* live) { context_.live = live; }
    void set_static_fields(const field::StaticFields* fields) { context_.static_fields = fields; }

private:
    void start(std::uint32_t pid, std::uint64_t start_time, const Image& image,
               std::string_view comm, std::uint64_t cgroup);

    TempFolder root_;
    state::Users users_{root_.path(), [] { return std::int64_t{0}; }};
    state::ProcessTable processes_{nullptr};
    container::Containers containers_;
    field::Scratch scratch_;
    std::string hostname_ = "box";
    std::optional<Record> record_;  // what event_ points into
    std::optional<event::Event> event_;
    field::Context context_;
};

// A builder for a record of cat, or of sh in the container.
RecordBuilder by_cat(std::string_view event);
RecordBuilder by_sh(std::string_view event);
// Of a process of which nothing is known.
RecordBuilder by_stranger(std::string_view event);

// Binds a field as rules write it; throws where it is none.
field::FieldUse use_of(std::string_view field);

// Values as text; kNothing for none.
std::string shown(field::ValueType type, field::Values values);

}  // namespace saker::test
