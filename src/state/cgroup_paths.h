// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"

namespace saker::state {

// The paths of cgroups by id, for processes that are moved between two execves: a header tells a
// cgroup's id only. Learnt from cgroup_mkdir and from process records; bounded. One thread.
class CgroupPaths {
public:
    static constexpr std::size_t kLimit = 4096;

    void learn(std::uint64_t cgroup, std::string_view path) {
        if (cgroup == 0 || path.empty() || paths_.contains(cgroup)) return;
        // What is forgotten costs an empty path until the next execve: no order is kept for that.
        if (paths_.size() >= kLimit) paths_.clear();
        paths_.emplace(cgroup, path);
    }

    void forget(std::uint64_t cgroup) { paths_.erase(cgroup); }

    // Empty where it is not known. Valid until the next learn().
    const std::string& find(std::uint64_t cgroup) const {
        static const std::string unknown;
        const auto found = paths_.find(cgroup);
        return found == paths_.end() ? unknown : found->second;
    }

private:
    absl::flat_hash_map<std::uint64_t, std::string> paths_;
};

}  // namespace saker::state
