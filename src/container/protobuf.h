// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "container/facts.h"

// Protocol Buffers as far as a few messages of container runtimes need them
// (protobuf.dev/programming-guides/encoding). The bytes are others' and may be anything.
namespace saker::container {

// Reads the fields of a message one by one.
class ProtoReader {
public:
    explicit ProtoReader(std::string_view bytes) : rest_(bytes) {}

    // Goes to the next field; false at the end, and where the bytes are no message.
    bool next();
    std::uint32_t field() const { return field_; }
    // Its value: of a number, and of a text or message.
    std::uint64_t number() const { return number_; }
    std::string_view bytes() const { return bytes_; }

private:
    bool read_varint(std::uint64_t& value);
    bool take(std::uint64_t count, std::string_view& bytes);

    std::string_view rest_;
    std::uint32_t field_ = 0;
    std::uint64_t number_ = 0;
    std::string_view bytes_;
};

// The last text or message of that number; empty if there is none.
std::string_view proto_bytes(std::string_view message, std::uint32_t field);
// The entries of a map of texts.
Labels proto_labels(std::string_view message, std::uint32_t field);

// Appends a text, or a message.
void append_proto(std::string& message, std::uint32_t field, std::string_view bytes);
// Appends a number, or a truth.
void append_proto(std::string& message, std::uint32_t field, std::uint64_t number);

}  // namespace saker::container
