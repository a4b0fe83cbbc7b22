// SPDX-License-Identifier: Apache-2.0
#include "container/json_file.h"

#include "simdjson.h"

namespace saker::container {

namespace {

constexpr std::size_t kMaxDepth = 64;

}  // namespace

Json Json::operator[](std::string_view key) const {
    simdjson::dom::element member;
    if (!element_ || !element_->is_object()) return {};
    if (element_->at_key(key).get(member) != simdjson::SUCCESS) return {};
    return Json(member);
}

std::string_view Json::view() const {
    std::string_view text;
    if (!element_ || element_->get(text) != simdjson::SUCCESS) return {};
    return text;
}

std::optional<bool> Json::boolean() const {
    bool truth = false;
    if (!element_ || element_->get(truth) != simdjson::SUCCESS) return std::nullopt;
    return truth;
}

std::optional<std::int64_t> Json::integer() const {
    std::int64_t number = 0;
    if (!element_ || element_->get(number) != simdjson::SUCCESS) return std::nullopt;
    return number;
}

Labels Json::labels() const {
    Labels labels;
    each_member([&](std::string_view key, Json value) {
        labels.emplace_back(std::string(key), value.text());
    });
    return labels;
}

std::vector<std::string> Json::texts(std::size_t max_bytes) const {
    std::vector<std::string> texts;
    std::size_t bytes = 0;
    each([&](Json one) {
        bytes += one.view().size();
        if (bytes <= max_bytes && !one.view().empty()) texts.push_back(one.text());
    });
    return texts;
}

std::string Json::minified() const {
    return element_ ? simdjson::minify(*element_) : std::string();
}

JsonFile::JsonFile(std::string_view text) {
    simdjson::dom::element root;
    if (parser_.allocate(text.size(), kMaxDepth) != simdjson::SUCCESS) return;
    if (parser_.parse(text.data(), text.size()).get(root) == simdjson::SUCCESS) root_ = Json(root);
}

}  // namespace saker::container
