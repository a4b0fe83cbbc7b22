// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "container/facts.h"
#include "simdjson.h"

namespace saker::container {

// A value in a JSON document, or nothing: what is missing, or of another type, is nothing, and so
// is everything in it. Cheap to copy; valid as long as its JsonFile.
class Json {
public:
    Json() = default;
    explicit Json(simdjson::dom::element element) : element_(element) {}

    explicit operator bool() const { return element_.has_value(); }

    Json operator[](std::string_view key) const;
    // Empty for whatever is no string.
    std::string text() const { return std::string(view()); }
    std::string_view view() const;
    std::optional<bool> boolean() const;
    std::optional<std::int64_t> integer() const;
    // The string values of an object.
    Labels labels() const;
    // The string values of an array, the first that are together no longer than `max_bytes`.
    std::vector<std::string> texts(std::size_t max_bytes) const;
    // The value as one line of JSON.
    std::string minified() const;

    // Calls function(Json) for each element of an array.
    template <typename Function>
    void each(Function function) const {
        simdjson::dom::array array;
        if (!element_ || element_->get(array) != simdjson::SUCCESS) return;
        for (const simdjson::dom::element one : array) function(Json(one));
    }
    // Calls function(key, Json) for each member of an object.
    template <typename Function>
    void each_member(Function function) const {
        simdjson::dom::object object;
        if (!element_ || element_->get(object) != simdjson::SUCCESS) return;
        for (const simdjson::dom::key_value_pair member : object) {
            function(member.key, Json(member.value));
        }
    }

private:
    std::optional<simdjson::dom::element> element_;
};

// A JSON document of its own memory.
class JsonFile {
public:
    // Nothing where the text is no JSON (or is nested deeper than 64 levels).
    explicit JsonFile(std::string_view text);
    JsonFile(const JsonFile&) = delete;
    JsonFile& operator=(const JsonFile&) = delete;
    Json root() const { return root_; }

private:
    simdjson::dom::parser parser_;
    Json root_;
};

}  // namespace saker::container
