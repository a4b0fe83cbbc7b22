// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/list.h"

namespace saker::cli {

// The topic `events` of `saker list`: the names that evt.type takes, each with its parameters, from
// the table of events. With a name only that one; that there is none is an error.
Result<int> list_events(const ListRequest& request);

// What it prints; `name` as above, and known.
std::string events_text(const std::string& name);
std::string events_markdown(const std::string& name);
std::string events_json(const std::string& name);
std::string event_names(const std::string& name);

}  // namespace saker::cli
