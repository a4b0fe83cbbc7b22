// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/list.h"

namespace saker::cli {

// The topics of `saker list` that load rules: those of the configuration or of -r. With a name,
// only the one of that name; that there is none is an error. Rules that cannot be loaded are an
// error too, after the log has said why.
Result<int> list_rules(const ListRequest& request);
Result<int> list_macros(const ListRequest& request);
Result<int> list_lists(const ListRequest& request);

}  // namespace saker::cli
