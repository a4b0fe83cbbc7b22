// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>

#include "event/name_filter.h"

namespace saker::event {

// What the kernel side need not send, since no rule can match it. A new one lets everything pass. A
// plain value.
struct KernelFilter {
    NameFilter names;  // of files that are opened
    // By type: calls that returned an error are of no use.
    std::bitset<SAKER_EVENT_COUNT> only_succeeded{};
};

}  // namespace saker::event
