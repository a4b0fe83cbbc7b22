// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>

#include "util/result.h"

struct btf;

namespace saker::probe {

// A member of a kernel struct, as this kernel has it.
struct Member {
    enum class Kind : std::uint8_t { kUnsigned, kSigned, kPointer, kStruct };
    std::uint32_t offset = 0;  // bytes from the start of the struct that was asked for
    std::uint32_t size = 0;    // bytes
    Kind kind = Kind::kUnsigned;
    std::string_view type;  // of a struct, or of the struct that a pointer points to: its name
};

// The running kernel's types (BTF): where its structs have their members. Texts that it returns
// live as long as it does. Reading from several threads is fine.
class KernelTypes {
public:
    static constexpr const char* kPath = "/sys/kernel/btf/vmlinux";

    // Reads raw BTF, or an ELF file that has it.
    static Result<KernelTypes> read(const char* path = kPath);
    // Takes ownership of types that were read or made.
    explicit KernelTypes(btf* types);

    bool has_struct(std::string_view name) const { return structs_.contains(name); }

    // `path` is a member's name, or several joined by dots, each within the one before; members of
    // anonymous structs and unions count as the struct's own. nullopt where there is none, where
    // it is a bit field, or beyond what an offset can say.
    std::optional<Member> member(std::string_view type, std::string_view path) const;

    // How many arguments a tracepoint's program gets; nullopt where there is no such tracepoint.
    std::optional<unsigned> tracepoint_arguments(std::string_view name) const;

    // Those of the functions that the kernel has, with the ids of their types.
    using Functions = std::unordered_map<std::string_view, std::uint32_t>;
    Functions functions(std::span<const std::string_view> names) const;

    // The value of an enumerator, of whichever enumeration.
    std::optional<std::int64_t> enumerator(std::string_view name) const;

private:
    struct Free {
        void operator()(btf* types) const;
    };
    using Index = std::unordered_map<std::string_view, std::uint32_t>;

    struct Place {
        std::uint32_t bit = 0;
        std::uint32_t type = 0;
    };
    std::optional<Place> find(std::uint32_t type, std::string_view name, unsigned depth) const;
    std::optional<Member> describe(const Place& place) const;

    std::unique_ptr<btf, Free> types_;
    Index structs_;
    Index tracepoints_;  // typedefs of their functions: btf_trace_NAME
};

}  // namespace saker::probe
