// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Writing JSON (RFC 8259) on one line.
namespace saker::json {

// Appends one JSON value to a string, piece by piece, and puts the commas. The caller opens and
// closes objects and arrays in pairs and writes a key before each value of an object. Strings are
// escaped as text::append_escaped does. Keeps a reference to the string; one thread.
class Writer {
public:
    explicit Writer(std::string& out) : out_(out), begin_(out.size()) {}

    Writer& begin_object() { return open('{'); }
    Writer& end_object() { return close('}'); }
    Writer& begin_array() { return open('['); }
    Writer& end_array() { return close(']'); }
    Writer& key(std::string_view name);

    Writer& null() { return raw("null"); }
    Writer& boolean(bool truth) { return raw(truth ? "true" : "false"); }
    Writer& string(std::string_view text);
    Writer& number(std::int64_t value);
    Writer& number(std::uint64_t value);
    Writer& number(double value);  // keeps a point or an exponent; null for NaN and infinity

private:
    Writer& open(char bracket);
    Writer& close(char bracket);
    Writer& raw(std::string_view text);
    void separate();

    std::string& out_;
    std::size_t begin_;
};

}  // namespace saker::json
