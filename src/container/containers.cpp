// SPDX-License-Identifier: Apache-2.0
#include "container/containers.h"

#include <utility>

namespace saker::container {

namespace {

// The host has no facts to wait for. Shared by all of its cgroups, and never written.
const std::shared_ptr<Container>& shared_host() {
    static const std::shared_ptr<Container> host = [] {
        auto made = std::make_shared<Container>();
        static_cast<ContainerId&>(*made) = host_id();
        made->settled = true;
        return made;
    }();
    return host;
}

constexpr std::size_t kMaxMet = 4096;
constexpr std::size_t kMaxEnded = 4096;

}  // namespace

const Container& Container::host() {
    return *shared_host();
}

Missing why_missing(const Container& container) {
    using Inquiry = Container::Inquiry;
    if (container.inquiry == Inquiry::kOpen || container.inquiry == Inquiry::kLate) {
        return Missing::kPending;
    }
    if (container.facts == nullptr) return Missing::kAbsent;
    if (container.facts->unanswered) return Missing::kPending;
    return container.facts->denied ? Missing::kDenied : Missing::kAbsent;
}

std::string_view missing_name(Missing missing) {
    static constexpr std::string_view kNames[] = {"pending", "absent", "denied"};
    return kNames[static_cast<std::size_t>(missing)];
}

Container* Containers::find(std::uint64_t cgroup) const {
    if (last_ != nullptr && last_cgroup_ == cgroup) return last_;
    for (const Map* generation : {&recent_, &older_}) {
        const auto found = generation->find(cgroup);
        if (found == generation->end()) continue;
        last_cgroup_ = cgroup;
        last_ = found->second.get();
        return last_;
    }
    return nullptr;
}

std::shared_ptr<Container> Containers::find_by_id(const std::string& full_id) const {
    const auto found = by_id_.find(full_id);
    return found == by_id_.end() ? nullptr : found->second.lock();
}

Container& Containers::learn(std::uint64_t cgroup, std::string_view path) {
    if (Container* known = find(cgroup)) return *known;
    if (path.empty()) return *shared_host();
    return remember(cgroup, container_of(path));
}

Container& Containers::begin(std::uint64_t cgroup, std::string_view path) {
    if (path.empty()) return *shared_host();
    const ContainerId id = container_of_cgroup(path);
    const Shared known = find_by_id(id.full_id);
    if (known != nullptr && known->end_time != 0 && is_own_cgroup(path)) by_id_.erase(id.full_id);
    return learn(cgroup, path);
}

Container& Containers::meet(std::string_view path) {
    if (path.empty()) return *shared_host();
    const Shared container = container_of(path);
    // New: nothing else owns it.
    if (!container->is_host() && container.use_count() == 1) {
        if (met_.size() >= kMaxMet) met_.pop_front();
        met_.push_back(container);
    }
    return *container;
}

Container* Containers::end(std::uint64_t cgroup, std::string_view path, std::uint64_t now) {
    if (!is_own_cgroup(path)) return nullptr;
    const Shared container = find_by_id(container_of_cgroup(path).full_id);
    if (container == nullptr || container->end_time != 0) return nullptr;
    remember(cgroup, container);
    container->end_time = now;
    ended_.push_back(container);
    return container.get();
}

// The container that the path names: the one that is known, or a new one.
std::shared_ptr<Container> Containers::container_of(std::string_view path) {
    ContainerId id = container_of_cgroup(path);
    if (id.id == host_id().id) return shared_host();
    if (Shared known = find_by_id(id.full_id)) return known;
    auto made = std::make_shared<Container>();
    static_cast<ContainerId&>(*made) = std::move(id);
    made->cgroup = path;
    drop_dead_names();
    by_id_[made->full_id] = made;
    return made;
}

Container& Containers::remember(std::uint64_t cgroup, Shared container) {
    if (!container->is_host() && container->cgroups.size() < Container::kMaxCgroups) {
        container->cgroups.push_back(cgroup);
    }
    last_ = nullptr;
    if (recent_.size() >= kLimit / 2) older_ = std::exchange(recent_, {});
    return *recent_.insert_or_assign(cgroup, std::move(container)).first->second;
}

// Names of containers whose cgroups were all forgotten.
void Containers::drop_dead_names() {
    if (by_id_.size() < 2 * kLimit) return;
    absl::erase_if(by_id_, [](const auto& entry) { return entry.second.expired(); });
}

void Containers::forget(const Shared& container) {
    for (const std::uint64_t cgroup : container->cgroups) {
        recent_.erase(cgroup);
        older_.erase(cgroup);
    }
    std::erase(met_, container);
    container->facts = nullptr;  // should a cgroup beyond kMaxCgroups still hold it
    const auto found = by_id_.find(container->full_id);
    if (found == by_id_.end()) return;
    const Shared named = found->second.lock();
    if (named == nullptr || named == container) by_id_.erase(found);
}

void Containers::expire(std::uint64_t now) {
    while (!ended_.empty()) {
        const Shared oldest = ended_.front();
        if (oldest->end_time + kKeepEndedNs > now && ended_.size() <= kMaxEnded) return;
        ended_.pop_front();
        last_ = nullptr;
        forget(oldest);
    }
}

}  // namespace saker::container
