// SPDX-License-Identifier: Apache-2.0
#include "container/protobuf.h"

#include <string>

#include "catch.h"

namespace saker::container {
namespace {

using std::string_literals::operator""s;

TEST_CASE("Fields of a message are read, whatever stands between them") {
    std::string entry;
    append_proto(entry, 1, "app");
    append_proto(entry, 2, "shop");
    std::string message;
    append_proto(message, 1, "id");
    append_proto(message, 2, std::uint64_t{300});
    message += "\x1d"s + "abcd";      // field 3, 32 bits
    message += "\x21"s + "abcdefgh";  // field 4, 64 bits
    append_proto(message, 5, entry);
    append_proto(message, 1000, std::string(300, 'x'));
    append_proto(message, 1, "last");

    CHECK(proto_bytes(message, 1) == "last");
    CHECK(proto_bytes(message, 1000).size() == 300);
    CHECK(proto_bytes(message, 6).empty());
    CHECK(proto_labels(message, 5) == Labels{{"app", "shop"}});
    ProtoReader reader(message);
    REQUIRE(reader.next());
    REQUIRE(reader.next());
    CHECK(reader.field() == 2);
    CHECK(reader.number() == 300);
}

TEST_CASE("Bytes that are no message end it") {
    for (const std::string& bytes :
         {""s, "\x0a"s, "\x0a\x05"s + "abc", "\x0b"s, "\xff"s, std::string(20, '\xff'),
          "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f"s, "\x09"s + "abc", "\x0d"s}) {
        ProtoReader reader(bytes);
        CHECK_FALSE(reader.next());
        CHECK(proto_bytes(bytes, 1).empty());
    }
}

}  // namespace
}  // namespace saker::container
