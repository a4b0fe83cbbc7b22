// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "field/context.h"
#include "field/field.h"

// What extractors return: short ways to make the values of one event. They live in its scratch
// memory.
namespace saker::field {

inline Values none() {
    return {};
}

// Of fields that are accepted, but that no event has: conditions are decided when they are
// compiled.
inline Values never(const FieldUse& /*use*/, const Context& /*context*/) {
    return {};
}
inline std::optional<Values> fold_never(const FieldUse& /*use*/, event::EventType /*type*/) {
    return Values{};
}

// `value` must outlive the event, or lie in the scratch memory.
inline Values text(const Context& context, std::string_view value) {
    return context.scratch->one(Value::of(value));
}

// For text that does not outlive the extractor.
inline Values text_copy(const Context& context, std::string_view value) {
    return text(context, context.scratch->copy(value));
}

inline Values unsigned_number(const Context& context, std::uint64_t number) {
    return context.scratch->one(Value::of_uint(number));
}

inline Values signed_number(const Context& context, std::int64_t number) {
    return context.scratch->one(Value::of_int(number));
}

// Constants: the context is not needed, but all of these are called alike.
inline Values truth(const Context& /*context*/, bool value) {
    static const Value truths[] = {Value::of_bool(false), Value::of_bool(true)};
    return {&truths[value ? 1 : 0], 1};
}

// NUL-separated strings, joined by blanks.
inline std::string_view joined(const Context& context, std::string_view strings) {
    while (strings.ends_with('\0')) strings.remove_suffix(1);
    char* begin = context.scratch->bytes(strings.size());
    std::ranges::replace_copy(strings, begin, '\0', ' ');
    return {begin, strings.size()};
}

// Two texts and what stands between them.
inline std::string_view concatenated(const Context& context, std::string_view left,
                                     std::string_view between, std::string_view right) {
    char* begin = context.scratch->bytes(left.size() + between.size() + right.size());
    left.copy(begin, left.size());
    between.copy(begin + left.size(), between.size());
    right.copy(begin + left.size() + between.size(), right.size());
    return {begin, left.size() + between.size() + right.size()};
}

}  // namespace saker::field
