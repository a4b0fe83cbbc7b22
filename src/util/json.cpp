// SPDX-License-Identifier: Apache-2.0
#include "util/json.h"

#include <cmath>

#include "fmt/format.h"
#include "util/text.h"

namespace saker::json {

// A comma is due unless this is the first thing at all or stands right behind one of `{[:`. The
// last character tells: a string ends with a quote, every other value with a letter or a digit.
void Writer::separate() {
    if (out_.size() == begin_) return;
    const char last = out_.back();
    if (last != '{' && last != '[' && last != ':') out_ += ',';
}

Writer& Writer::open(char bracket) {
    separate();
    out_ += bracket;
    return *this;
}

Writer& Writer::close(char bracket) {
    out_ += bracket;
    return *this;
}

Writer& Writer::raw(std::string_view text) {
    separate();
    out_ += text;
    return *this;
}

Writer& Writer::string(std::string_view text) {
    separate();
    out_ += '"';
    text::append_escaped(out_, text);
    out_ += '"';
    return *this;
}

Writer& Writer::key(std::string_view name) {
    string(name);
    out_ += ':';
    return *this;
}

Writer& Writer::number(std::int64_t value) {
    return raw(fmt::format_int(value).c_str());
}

Writer& Writer::number(std::uint64_t value) {
    return raw(fmt::format_int(value).c_str());
}

Writer& Writer::number(double value) {
    if (!std::isfinite(value)) return null();
    std::string text = fmt::format("{}", value);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return raw(text);
}

}  // namespace saker::json
