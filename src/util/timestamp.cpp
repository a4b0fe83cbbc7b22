// SPDX-License-Identifier: Apache-2.0
#include "util/timestamp.h"

#include <ctime>
#include <iterator>

#include "fmt/core.h"

namespace saker::timestamp {
namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

struct Moment {
    std::tm date{};
    std::uint64_t ns = 0;
};

// `convert` is localtime_r or gmtime_r. 64 bits of ns end in the year 2554: no overflow.
Moment split(std::uint64_t epoch_ns, std::tm* (*convert)(const std::time_t*, std::tm*)) {
    Moment moment;
    moment.ns = epoch_ns % kNsPerSecond;
    const auto seconds = static_cast<std::time_t>(epoch_ns / kNsPerSecond);
    convert(&seconds, &moment.date);
    return moment;
}

void append_time_of_day(std::string& out, const Moment& moment) {
    fmt::format_to(std::back_inserter(out), "{:02}:{:02}:{:02}.{:09}", moment.date.tm_hour,
                   moment.date.tm_min, moment.date.tm_sec, moment.ns);
}

}  // namespace

void append_clock(std::string& out, std::uint64_t epoch_ns) {
    append_time_of_day(out, split(epoch_ns, localtime_r));
}

void append_iso8601(std::string& out, std::uint64_t epoch_ns, std::string_view zone) {
    const Moment moment = split(epoch_ns, gmtime_r);
    fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}T", moment.date.tm_year + 1900,
                   moment.date.tm_mon + 1, moment.date.tm_mday);
    append_time_of_day(out, moment);
    out += zone;
}

}  // namespace saker::timestamp
