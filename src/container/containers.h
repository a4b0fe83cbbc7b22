// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "container/container_id.h"
#include "container/facts.h"

namespace saker::container {

// A container, and what is known of it so far. Times are ns of CLOCK_BOOTTIME.
struct Container : ContainerId, std::enable_shared_from_this<Container> {
    std::string cgroup;                  // path of the cgroup that it was first met in
    std::vector<std::uint64_t> cgroups;  // ids of those that are known, the first kMaxCgroups
    std::unique_ptr<const Facts> facts;  // nullptr: none yet
    std::uint64_t end_time = 0;          // 0: it lives

    enum class Inquiry : std::uint8_t {
        kNone,    // nobody has asked for facts
        kOpen,    // asked, no answer yet: events wait
        kLate,    // asked, no answer yet: events do not wait any more
        kClosed,  // answered
    };
    Inquiry inquiry = Inquiry::kNone;
    // Nothing more is to be done before its events are looked at. The host is from the start.
    bool settled = false;
    bool hinted = false;     // was asked about with all hints that there are
    bool announced = false;  // the event of its start was raised
    // There may be more to know by now: a user of it had no name, so that its files of users may
    // have changed, or its runtime had not answered.
    mutable bool is_stale = false;
    std::uint64_t asked_time = 0;
    std::uint64_t refresh_ns = 1'000'000'000;  // how long until its files may be read again

    static constexpr std::size_t kMaxCgroups = 256;

    bool is_host() const { return this == &host(); }
    static const Container& host();
};

// Why a fact has no value.
enum class Missing : std::uint8_t { kPending, kAbsent, kDenied };
Missing why_missing(const Container& container);
std::string_view missing_name(Missing missing);

// All containers by cgroup, learnt from process records, cgroup_mkdir and the snapshot. A container
// that has ended is kept for kKeepEndedNs, since events may come late. Bounded: of more than kLimit
// cgroups, at least the kLimit / 2 that were learnt last are known. One thread.
class Containers {
public:
    static constexpr std::size_t kLimit = 16384;
    static constexpr std::uint64_t kKeepEndedNs = 10'000'000'000;

    // Learns a cgroup. Cheap where it is known already; of an empty path nothing is learnt.
    Container& learn(std::uint64_t cgroup, std::string_view path);
    // A cgroup is new: if it is that of a container that has ended, the container runs again, and
    // is told from the one before.
    Container& begin(std::uint64_t cgroup, std::string_view path);
    // A container whose cgroup's id is not known, of a snapshot.
    Container& meet(std::string_view path);
    // A cgroup is gone. The container that ended with it; nullptr if none did.
    Container* end(std::uint64_t cgroup, std::string_view path, std::uint64_t now);

    // nullptr: never heard of that cgroup. Pointers are valid until the next call of another name.
    Container* find(std::uint64_t cgroup) const;
    // The one of that id that runs, or ran last.
    std::shared_ptr<Container> find_by_id(const std::string& full_id) const;

    // Forgets containers that have ended long before `now`.
    void expire(std::uint64_t now);

    std::size_t cgroups() const { return recent_.size() + older_.size(); }
    std::size_t size() const { return by_id_.size(); }

private:
    using Shared = std::shared_ptr<Container>;
    using Map = absl::flat_hash_map<std::uint64_t, Shared>;

    Shared container_of(std::string_view path);
    Container& remember(std::uint64_t cgroup, Shared container);
    void forget(const Shared& container);
    void drop_dead_names();

    // Two generations: a full one becomes the older one, whose predecessor is forgotten.
    Map recent_;
    Map older_;
    // Those of a snapshot, until an event tells their cgroup.
    std::deque<Shared> met_;
    absl::flat_hash_map<std::string, std::weak_ptr<Container>> by_id_;
    std::deque<Shared> ended_;  // in the order of their ends
    // Found last: events come in runs.
    mutable std::uint64_t last_cgroup_ = 0;
    mutable Container* last_ = nullptr;
};

}  // namespace saker::container
