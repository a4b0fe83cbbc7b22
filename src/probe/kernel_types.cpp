// SPDX-License-Identifier: Apache-2.0
#include "probe/kernel_types.h"

#include <bpf/btf.h>

#include <unordered_set>

#include "fmt/core.h"

namespace saker::probe {

namespace {

// Anonymous structs within anonymous structs; the kernel's are not deeper than four.
constexpr unsigned kMaxDepth = 8;
constexpr std::string_view kTracepointPrefix = "btf_trace_";

// The type behind typedefs, const and volatile.
std::uint32_t plain(const btf* types, std::uint32_t id) {
    const int found = btf__resolve_type(types, id);
    return found < 0 ? 0 : static_cast<std::uint32_t>(found);
}

std::string_view name_of(const btf* types, const btf_type* type) {
    return btf__name_by_offset(types, type->name_off);
}

}  // namespace

void KernelTypes::Free::operator()(btf* types) const {
    btf__free(types);
}

Result<KernelTypes> KernelTypes::read(const char* path) {
    btf* types = btf__parse(path, nullptr);
    if (types == nullptr) return fail(fmt::format("cannot read the kernel's types at {}", path));
    return KernelTypes(types);
}

KernelTypes::KernelTypes(btf* types) : types_(types) {
    for (std::uint32_t id = 1; id < btf__type_cnt(types); ++id) {
        const btf_type* type = btf__type_by_id(types, id);
        if (btf_is_struct(type)) {
            structs_.emplace(name_of(types, type), id);
        } else if (btf_is_typedef(type)) {
            const std::string_view name = name_of(types, type);
            if (name.starts_with(kTracepointPrefix)) {
                tracepoints_.emplace(name.substr(kTracepointPrefix.size()), type->type);
            }
        }
    }
    structs_.erase("");
}

std::optional<KernelTypes::Place> KernelTypes::find(std::uint32_t type, std::string_view name,
                                                    unsigned depth) const {
    const btf_type* within = btf__type_by_id(types_.get(), type);
    if (within == nullptr || !btf_is_composite(within) || depth > kMaxDepth) return std::nullopt;
    for (std::uint32_t i = 0; i < btf_vlen(within); ++i) {
        const btf_member& member = btf_members(within)[i];
        const std::uint32_t bit = btf_member_bit_offset(within, i);
        const std::string_view found = btf__name_by_offset(types_.get(), member.name_off);
        if (found == name) {
            if (btf_member_bitfield_size(within, i) != 0) return std::nullopt;
            return Place{bit, member.type};
        }
        if (!found.empty()) continue;
        auto inner = find(plain(types_.get(), member.type), name, depth + 1);
        if (inner) return Place{bit + inner->bit, inner->type};
    }
    return std::nullopt;
}

std::optional<Member> KernelTypes::describe(const Place& place) const {
    const std::uint32_t id = plain(types_.get(), place.type);
    const btf_type* type = btf__type_by_id(types_.get(), id);
    const std::int64_t size = btf__resolve_size(types_.get(), id);
    if (type == nullptr || size < 0 || place.bit % 8 != 0) return std::nullopt;
    Member member;
    member.offset = place.bit / 8;
    member.size = static_cast<std::uint32_t>(size);
    if (btf_is_ptr(type)) {
        const btf_type* target = btf__type_by_id(types_.get(), plain(types_.get(), type->type));
        member.kind = Member::Kind::kPointer;
        if (target != nullptr && btf_is_struct(target)) {
            member.type = name_of(types_.get(), target);
        }
    } else if (btf_is_composite(type)) {
        member.kind = Member::Kind::kStruct;
        member.type = name_of(types_.get(), type);
    } else if (btf_is_int(type) && (btf_int_encoding(type) & BTF_INT_SIGNED) != 0) {
        member.kind = Member::Kind::kSigned;
    }
    return member;
}

std::optional<Member> KernelTypes::member(std::string_view type, std::string_view path) const {
    const auto start = structs_.find(type);
    if (start == structs_.end()) return std::nullopt;
    Place place{0, start->second};
    while (!path.empty()) {
        const std::size_t dot = path.find('.');
        auto next = find(plain(types_.get(), place.type), path.substr(0, dot), 0);
        if (!next) return std::nullopt;
        place = {place.bit + next->bit, next->type};
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    return describe(place);
}

// typedef of a pointer to the function that a tracepoint calls, whose first argument is its own.
std::optional<unsigned> KernelTypes::tracepoint_arguments(std::string_view name) const {
    const auto found = tracepoints_.find(name);
    if (found == tracepoints_.end()) return std::nullopt;
    const btf_type* pointer = btf__type_by_id(types_.get(), found->second);
    if (pointer == nullptr || !btf_is_ptr(pointer)) return std::nullopt;
    const btf_type* function = btf__type_by_id(types_.get(), pointer->type);
    if (function == nullptr || !btf_is_func_proto(function)) return std::nullopt;
    if (btf_vlen(function) == 0) return std::nullopt;
    return btf_vlen(function) - 1u;
}

// In one go, since each look takes a walk over all types.
KernelTypes::Functions KernelTypes::functions(std::span<const std::string_view> names) const {
    const std::unordered_set<std::string_view> wanted(names.begin(), names.end());
    Functions found;
    for (std::uint32_t id = 1; id < btf__type_cnt(types_.get()); ++id) {
        const btf_type* type = btf__type_by_id(types_.get(), id);
        if (!btf_is_func(type)) continue;
        const auto name = wanted.find(name_of(types_.get(), type));
        if (name != wanted.end()) found.emplace(*name, id);
    }
    return found;
}

std::optional<std::int64_t> KernelTypes::enumerator(std::string_view name) const {
    for (std::uint32_t id = 1; id < btf__type_cnt(types_.get()); ++id) {
        const btf_type* type = btf__type_by_id(types_.get(), id);
        if (!btf_is_enum(type)) continue;
        for (std::uint32_t i = 0; i < btf_vlen(type); ++i) {
            const struct btf_enum& value = btf_enum(type)[i];
            if (btf__name_by_offset(types_.get(), value.name_off) == name) return value.val;
        }
    }
    return std::nullopt;
}

}  // namespace saker::probe
