// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "container/sources.h"
#include "fmt/core.h"

// containers/storage, the library under podman and CRI-O: lists of containers and images beside the
// containers' folders (containers.go and images.go there).
namespace saker::container {

namespace {

constexpr std::string_view kContainers = "-containers/";

// Folders that hold DRIVER-containers and DRIVER-images.
constexpr std::array kStorages = {"/var/lib/containers/storage/overlay",
                                  "/var/lib/containers/storage/vfs",
                                  "/var/lib/containers/storage/btrfs"};

// Containers that need not survive a crash (`podman run --rm`) stand in a list of their own.
constexpr std::array kLists = {"containers.json", "volatile-containers.json"};

// A bundle is STORAGE/DRIVER-containers/ID/userdata; its beginning up to the driver.
std::string storage_of(const std::string& bundle) {
    const auto at = bundle.rfind(kContainers);
    return at == std::string::npos ? std::string() : bundle.substr(0, at);
}

std::vector<std::string> storages_of(const Inquiry& inquiry) {
    std::vector<std::string> all;
    for (const std::string& bundle : {inquiry.bundle, inquiry.request.hint.bundle}) {
        std::string storage = storage_of(bundle);
        if (!storage.empty()) all.push_back(std::move(storage));
    }
    all.insert(all.end(), kStorages.begin(), kStorages.end());
    return all;
}

Json find_by_id(Json list, std::string_view id) {
    Json found;
    list.each([&](Json one) {
        if (one["id"].view() == id) found = one;
    });
    return found;
}

// The metadata of libpod and of CRI-O, a JSON object inside a string.
void apply_container(Json container, Facts& facts) {
    const JsonFile metadata(container["metadata"].view());
    const Json root = metadata.root();
    const std::string name = root["name"].text();
    if (facts.name.empty()) facts.name = name;
    const std::string image = root["image-name"].text();
    if (facts.image.empty() && !image.empty()) set_image(facts, image);
    facts.image_id = container["image"].text();
    if (facts.created.empty()) facts.created = container["created"].text();
}

void apply_image(Json image, Facts& facts) {
    if (facts.digest.empty()) facts.digest = image["digest"].text();
    image["names"].each([&](Json name) {
        if (facts.repository.empty()) set_image(facts, name.view());
    });
}

bool read_from(Inquiry& inquiry, const std::string& storage) {
    for (const char* list : kLists) {
        const std::string path = fmt::format("{}{}{}", storage, kContainers, list);
        const JsonFile containers(inquiry.read(path, kMaxListBytes));
        const Json found = find_by_id(containers.root(), inquiry.request.id.full_id);
        if (!found) continue;
        apply_container(found, inquiry.facts);
        const JsonFile images(inquiry.read(storage + "-images/images.json", kMaxListBytes));
        apply_image(find_by_id(images.root(), inquiry.facts.image_id), inquiry.facts);
        return true;
    }
    return false;
}

}  // namespace

void read_storage(Inquiry& inquiry) {
    for (const std::string& storage : storages_of(inquiry)) {
        if (read_from(inquiry, storage)) return;
    }
}

}  // namespace saker::container
