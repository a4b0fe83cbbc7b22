// SPDX-License-Identifier: Apache-2.0
#include "container/container_id.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace saker::container {
namespace {

constexpr std::size_t kHexIdLength = 64;
constexpr std::size_t kShortIdLength = 12;

enum class Shape : std::uint8_t {
    kHexId,  // 64 hexadecimal digits
    kName,   // any name that is not one of a systemd unit
};

enum class Place : std::uint8_t {
    kAnywhere,
    kChildOf,     // the elements before it end with `outer`
    kTopChildOf,  // `outer` is all that stands before it
    kBelow,       // an element before it begins with `outer`
};

// What one element of a cgroup path looks like when it is a container's. An element of the form
// "slice:runtime:id" (a runtime that was told systemd's notation but writes the cgroup itself) is
// looked at from its first colon on.
struct Pattern {
    Place place;
    std::string_view outer;
    std::string_view prefix;
    std::string_view suffix;
    Shape shape;
    std::string_view runtime;
};

// The first row that matches wins. The monitors beside a container (crio-conmon-ID.scope,
// libpod-conmon-ID.scope, lxc.monitor.NAME) match none: they are the host's.
constexpr Pattern kPatterns[] = {
    // systemd: a scope for each container
    {Place::kAnywhere, "", "docker-", ".scope", Shape::kHexId, "docker"},
    {Place::kAnywhere, "", "cri-containerd-", ".scope", Shape::kHexId, "containerd"},
    {Place::kAnywhere, "", "nerdctl-", ".scope", Shape::kHexId, "containerd"},
    {Place::kAnywhere, "", "crio-", ".scope", Shape::kHexId, "cri-o"},
    {Place::kAnywhere, "", "libpod-", ".scope", Shape::kHexId, "podman"},
    {Place::kAnywhere, "", "machine-lxc\\x2d", ".scope", Shape::kName, "libvirt-lxc"},
    // systemd's notation as the name of a cgroup
    {Place::kAnywhere, "", ":docker:", "", Shape::kHexId, "docker"},
    {Place::kAnywhere, "", ":cri-containerd:", "", Shape::kHexId, "containerd"},
    {Place::kAnywhere, "", ":nerdctl:", "", Shape::kHexId, "containerd"},
    {Place::kAnywhere, "", ":crio:", "", Shape::kHexId, "cri-o"},
    {Place::kAnywhere, "", ":libpod:", "", Shape::kHexId, "podman"},
    // cgroupfs: a folder for each container
    {Place::kAnywhere, "", "crio-", "", Shape::kHexId, "cri-o"},
    {Place::kAnywhere, "", "libpod-", "", Shape::kHexId, "podman"},
    {Place::kAnywhere, "", "libpod-payload-", "", Shape::kHexId, "podman"},
    {Place::kChildOf, "docker", "", "", Shape::kHexId, "docker"},
    {Place::kChildOf, "buildkit", "", "", Shape::kName, "buildkit"},
    {Place::kBelow, "kubepods", "", "", Shape::kHexId, "containerd"},
    // containerd without CRI: /namespace/id. Only the namespaces that its own tools use: any pair
    // of names would make containers of the host's own cgroups.
    {Place::kTopChildOf, "default", "", "", Shape::kName, "containerd"},
    {Place::kTopChildOf, "k8s.io", "", "", Shape::kName, "containerd"},
    {Place::kTopChildOf, "moby", "", "", Shape::kHexId, "docker"},
    // a parent cgroup that the user chose (docker run --cgroup-parent)
    {Place::kAnywhere, "", "", "", Shape::kHexId, "docker"},
    // lxc
    {Place::kChildOf, "libvirt/lxc", "", "", Shape::kName, "libvirt-lxc"},
    {Place::kAnywhere, "", "", ".libvirt-lxc", Shape::kName, "libvirt-lxc"},
    {Place::kChildOf, "lxc", "", "", Shape::kName, "lxc"},
    {Place::kChildOf, "lxc.payload", "", "", Shape::kName, "lxc"},
    {Place::kAnywhere, "", "lxc.payload.", "", Shape::kName, "lxc"},
    // Cloud Foundry's BPM
    {Place::kAnywhere, "", "bpm-", "", Shape::kName, "bpm"},
};

constexpr std::string_view kUnitSuffixes[] = {".service", ".slice",  ".scope",
                                              ".mount",   ".socket", ".swap"};

bool is_hex_id(std::string_view text) {
    return text.size() == kHexIdLength && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
           });
}

// Relative elements appear where a path lies outside the reader's cgroup namespace.
bool is_name(std::string_view text) {
    if (text.empty() || text == "." || text == "..") return false;
    return std::ranges::none_of(kUnitSuffixes,
                                [&](std::string_view suffix) { return text.ends_with(suffix); });
}

bool has_shape(std::string_view text, Shape shape) {
    return shape == Shape::kHexId ? is_hex_id(text) : is_name(text);
}

bool ends_with_elements(std::string_view path, std::string_view elements) {
    if (!path.ends_with(elements)) return false;
    return path.size() == elements.size() || path[path.size() - elements.size() - 1] == '/';
}

bool has_element_with_prefix(std::string_view path, std::string_view prefix) {
    for (auto at = path.find(prefix); at != path.npos; at = path.find(prefix, at + 1)) {
        if (at == 0 || path[at - 1] == '/') return true;
    }
    return false;
}

bool is_in_place(std::string_view before, Place place, std::string_view outer) {
    switch (place) {
        case Place::kAnywhere:
            return true;
        case Place::kChildOf:
            return ends_with_elements(before, outer);
        case Place::kTopChildOf:
            return before.starts_with('/') && before.substr(1) == outer;
        case Place::kBelow:
            return has_element_with_prefix(before, outer);
    }
    return false;
}

// The id inside an element, if the pattern is the element's; empty otherwise.
std::string_view match(const Pattern& pattern, std::string_view before, std::string_view element) {
    if (pattern.prefix.size() + pattern.suffix.size() >= element.size()) return {};
    if (!element.starts_with(pattern.prefix) || !element.ends_with(pattern.suffix)) return {};
    element.remove_prefix(pattern.prefix.size());
    element.remove_suffix(pattern.suffix.size());
    if (!has_shape(element, pattern.shape)) return {};
    return is_in_place(before, pattern.place, pattern.outer) ? element : std::string_view{};
}

std::string_view without_slice(std::string_view element) {
    const auto colon = element.find(':');
    return colon == element.npos ? element : element.substr(colon);
}

ContainerId named(std::string_view id, std::string_view runtime) {
    const std::string_view short_id = is_hex_id(id) ? id.substr(0, kShortIdLength) : id;
    return {std::string(short_id), std::string(id), std::string(runtime)};
}

// What an element of a path is the name of, by the first row that says so; an empty id if none
// does.
struct Match {
    std::string_view id;
    std::string_view runtime;
};

Match match_element(std::string_view before, std::string_view element) {
    element = without_slice(element);
    for (const Pattern& pattern : kPatterns) {
        const std::string_view id = match(pattern, before, element);
        if (!id.empty()) return {id, pattern.runtime};
    }
    return {};
}

}  // namespace

ContainerId container_of_cgroup(std::string_view path) {
    // From the leaf to the root: the innermost container is found first.
    while (!path.empty()) {
        const auto slash = path.rfind('/');
        const auto begin = slash == path.npos ? 0 : slash + 1;
        const std::string_view before = path.substr(0, begin == 0 ? 0 : slash);
        const Match found = match_element(before, path.substr(begin));
        if (!found.id.empty()) return named(found.id, found.runtime);
        path = before;
    }
    return host_id();
}

const ContainerId& host_id() {
    static const ContainerId host{"host", "host", "host"};
    return host;
}

bool is_own_cgroup(std::string_view path) {
    while (path.ends_with('/')) path.remove_suffix(1);
    const auto slash = path.rfind('/');
    if (slash == path.npos) return false;
    const Match found = match_element(path.substr(0, slash), path.substr(slash + 1));
    return !found.id.empty();
}

}  // namespace saker::container
