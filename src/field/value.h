// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "event/socket.h"

namespace saker::field {

// The types that fields have, and constants in conditions are parsed as.
enum class ValueType : std::uint8_t {
    kString,
    kPath,  // a string that is a file name
    kInt,   // signed 64 bits
    kUint,  // unsigned 64 bits
    kDouble,
    kBool,
    kBytes,
    kPort,     // 0..65535; constants may be service names
    kIp,       // IPv4 or IPv6 address
    kNet,      // an address that is compared with networks (1.2.3.0/24)
    kReltime,  // ns, unsigned
    kAbstime,  // ns since the epoch, unsigned
};

inline constexpr std::size_t kValueTypes = static_cast<std::size_t>(ValueType::kAbstime) + 1;

constexpr bool is_text(ValueType type) {
    return type == ValueType::kString || type == ValueType::kPath;
}

using event::IpAddress;

// What a field has for one event. Plain and small; text points into the record, into the state
// tables or into the evaluation's scratch memory, and is valid until the next event.
struct Value {
    union {
        std::string_view text;  // kString, kPath, kBytes
        std::uint64_t number;   // kUint, kPort, kReltime, kAbstime, kBool (0, 1)
        std::int64_t integer;   // kInt
        double real;            // kDouble
        IpAddress ip;           // kIp, kNet
    };

    Value() : text() {}
    static Value of(std::string_view text) {
        Value v;
        v.text = text;
        return v;
    }
    static Value of_uint(std::uint64_t number) {
        Value v;
        v.number = number;
        return v;
    }
    static Value of_int(std::int64_t integer) {
        Value v;
        v.integer = integer;
        return v;
    }
    static Value of_bool(bool truth) { return of_uint(truth ? 1 : 0); }
    static Value of_ip(const IpAddress& ip) {
        Value v;
        std::construct_at(&v.ip, ip);
        return v;
    }
};

// The values of a field for one event: none (the field is not there), one, or several (ancestors,
// both ends of a connection, lists). Points into scratch memory, as Value does.
using Values = std::span<const Value>;

}  // namespace saker::field
