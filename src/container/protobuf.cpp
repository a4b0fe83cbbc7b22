// SPDX-License-Identifier: Apache-2.0
#include "container/protobuf.h"

namespace saker::container {

namespace {

enum WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

void append_varint(std::string& out, std::uint64_t value) {
    for (; value > 0x7f; value >>= 7) out += static_cast<char>((value & 0x7f) | 0x80);
    out += static_cast<char>(value);
}

}  // namespace

bool ProtoReader::read_varint(std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if (byte < 0x80) return true;
    }
    return false;
}

bool ProtoReader::take(std::uint64_t count, std::string_view& bytes) {
    if (count > rest_.size()) return false;
    bytes = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return true;
}

bool ProtoReader::next() {
    std::uint64_t tag = 0;
    number_ = 0;
    bytes_ = {};
    if (!read_varint(tag) || tag > UINT32_MAX) return false;
    field_ = static_cast<std::uint32_t>(tag >> 3);
    std::uint64_t size = 0;
    switch (tag & 7) {
        case kVarint:
            return read_varint(number_);
        case kFixed64:
            return take(8, bytes_);
        case kBytes:
            return read_varint(size) && take(size, bytes_);
        case kFixed32:
            return take(4, bytes_);
        default:
            return false;
    }
}

std::string_view proto_bytes(std::string_view message, std::uint32_t field) {
    std::string_view found;
    for (ProtoReader reader(message); reader.next();) {
        if (reader.field() == field) found = reader.bytes();
    }
    return found;
}

Labels proto_labels(std::string_view message, std::uint32_t field) {
    Labels labels;
    for (ProtoReader reader(message); reader.next();) {
        if (reader.field() != field) continue;
        labels.emplace_back(std::string(proto_bytes(reader.bytes(), 1)),
                            std::string(proto_bytes(reader.bytes(), 2)));
    }
    return labels;
}

void append_proto(std::string& message, std::uint32_t field, std::string_view bytes) {
    append_varint(message, std::uint64_t{field} << 3 | kBytes);
    append_varint(message, bytes.size());
    message += bytes;
}

void append_proto(std::string& message, std::uint32_t field, std::uint64_t number) {
    append_varint(message, std::uint64_t{field} << 3 | kVarint);
    append_varint(message, number);
}

}  // namespace saker::container
