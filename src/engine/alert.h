// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rule/output_field.h"
#include "rule/priority.h"

namespace saker::engine {

// Why a rule fired: the tests of its condition that decided, in their order, as people read them.
struct Explanation {
    struct Reason {
        std::string test;    // as it reads in the condition; a long one is cut
        bool holds = false;  // false: of a test in a negation
        std::string value;   // that it was made on
    };
    bool real_name = false;  // under the file's real name, and not under the one asked for
    std::vector<Reason> reasons;
};

// What a rule has to say about one event. It owns all its text, so it may wait in a queue and go to
// another thread after the event is gone. Nothing in it is escaped yet: `text` and `fields` hold
// what processes control, byte for byte; the outputs escape it.
struct Alert {
    std::string rule;
    rule::Priority priority = rule::Priority::kDebug;
    std::string source = "syscall";
    std::vector<std::string> tags;          // sorted
    std::uint64_t time_ns = 0;              // of the event, since the epoch
    std::string text;                       // the rule's output, fields filled in
    std::vector<rule::OutputField> fields;  // sorted by name, each once
    std::string hostname;
    // Names of those fields about the container that have no value, though a container is there,
    // and why: pending, absent, denied.
    std::vector<std::pair<std::string, std::string>> missing;
    std::optional<Explanation> explanation;  // if one was asked for
};

}  // namespace saker::engine
