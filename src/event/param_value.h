// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "event/event.h"

// The values of parameters, typed, as evt.rawarg and the text of src/event/render.h need them.
namespace saker::event {

// A value without any text made for it.
struct RawValue {
    enum class Kind : std::uint8_t {
        kAbsent,
        kSigned,  // `number` as a two's complement
        kUnsigned,
        kText,
        kBytes,  // payload, NUL-separated strings
    };

    Kind kind = Kind::kAbsent;
    std::uint64_t number = 0;
    std::string_view text;  // kText, kBytes
};

// What a record alone does not tell. Asked only when a value or text that needs it is asked for;
// empty where the answer is not known. What it returns is valid until the next question.
class Resolver {
public:
    virtual ~Resolver() = default;

    // The name of the process or thread of that id, of the user, of the group.
    virtual std::string_view comm(std::int64_t pid) = 0;
    virtual std::string_view user(std::uint32_t uid) = 0;
    virtual std::string_view group(std::uint32_t gid) = 0;

    // The property of the event's process that a parameter with source PROC is named after: for
    // example exe (text), args and env (kBytes: NUL-separated), loginuid (number), flags
    // (SAKER_EXE_*), cap_permitted (number), cgroups (kBytes).
    virtual RawValue property(const Event& event, std::string_view name) = 0;
};

// The value of a parameter. Text points into the record or into what the resolver returned; where
// it has to be made (addresses, the real path of a file), into `storage`. Without a resolver
// (nullptr), properties of the process are absent.
RawValue raw_value(const Event& event, const ParamInfo& param, Resolver* resolver,
                   std::string& storage);

}  // namespace saker::event
