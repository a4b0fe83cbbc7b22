// SPDX-License-Identifier: Apache-2.0
#include "filter/path_patterns.h"

#include <algorithm>

namespace saker::filter {
namespace {

// Cuts the first component off; empty at the end.
std::string_view next_component(std::string_view& path) {
    path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
    const std::string_view component = path.substr(0, path.find('/'));
    path.remove_prefix(component.size());
    return component;
}

}  // namespace

void PathPatterns::add(std::string_view path) {
    paths_.emplace_back(path);
    std::uint32_t node = 0;
    for (auto name = next_component(path); !name.empty(); name = next_component(path)) {
        node = child(node, name);
    }
    nodes_[node].end = true;
}

std::string PathPatterns::literal_start(std::string_view path) {
    std::string start;
    for (auto name = next_component(path); !name.empty() && !Glob::is_pattern(name);
         name = next_component(path)) {
        if (!start.empty()) start += '/';
        start += name;
    }
    return start;
}

std::uint32_t PathPatterns::child(std::uint32_t node, std::string_view component) {
    const auto next = static_cast<std::uint32_t>(nodes_.size());
    if (Glob::is_pattern(component)) {
        for (const auto& [glob, known] : nodes_[node].patterns) {
            if (glob.pattern() == component) return known;
        }
        nodes_[node].patterns.emplace_back(Glob(component), next);
    } else {
        const auto [known, added] = nodes_[node].names.try_emplace(std::string(component), next);
        if (!added) return known->second;
    }
    nodes_.emplace_back();
    return next;
}

// No node is visited twice: its depth says which component it is asked about.
bool PathPatterns::matches(std::uint32_t node, std::string_view rest) const {
    const Node& here = nodes_[node];
    if (here.end) return true;
    const std::string_view component = next_component(rest);
    if (component.empty()) return false;
    const auto name = here.names.find(component);
    if (name != here.names.end() && matches(name->second, rest)) return true;
    return std::ranges::any_of(here.patterns, [&](const auto& pattern) {
        return pattern.first.matches(component) && matches(pattern.second, rest);
    });
}

}  // namespace saker::filter
