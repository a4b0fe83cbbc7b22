// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "field/context.h"

namespace saker::field {

// Sets the context's asked_name and real_name from its event: for calls of the open family, what
// the call named, made absolute, and what the kernel opened. Both empty for all other events. The
// names are in the scratch memory or in the record.
void find_file_names(Context& context);

// The file's name in the context's view: the asked one, or the real one. Where the call named no
// file (open_by_handle_at) there is only the real one, and where it failed only the asked one.
std::string_view file_name(const Context& context);

}  // namespace saker::field
