// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Times of events as text. All take ns since the epoch; safe from any thread.
namespace saker::timestamp {

// HH:MM:SS.nnnnnnnnn in the local time zone (TZ, /etc/localtime).
void append_clock(std::string& out, std::uint64_t epoch_ns);

// YYYY-MM-DDTHH:MM:SS.nnnnnnnnn in UTC, then `zone`: "Z" or "+0000".
void append_iso8601(std::string& out, std::uint64_t epoch_ns, std::string_view zone);

}  // namespace saker::timestamp
