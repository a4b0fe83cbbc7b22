// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "field/context.h"

namespace saker::field {

// Sets what the context knows of the files of its event: its descriptor; for calls of the open
// family asked_name and real_name, what the call named, made absolute, and what the kernel opened
// (both empty for all other events; the names are in the scratch memory or in the record); and
// has_two_names, for the other calls that take names of files too.
void find_file(Context& context);

// The file's name in the context's view: the asked one, or the real one. Where the call named no
// file (open_by_handle_at) there is only the real one, and where it failed only the asked one.
inline std::string_view file_name(const Context& context) {
    const bool real =
        context.names == NameView::kReal ? !context.real_name.empty() : context.asked_name.empty();
    return real ? context.real_name : context.asked_name;
}

// The name that a call's capture `slot` (a path) means, in the context's view. Only the asked name
// is known where the kernel did not tell another, only the real one where the caller's memory could
// not be read, and neither may be: an empty name.
std::string_view path_name(const Context& context, std::size_t slot);

// The real one of these, in either view; empty where the kernel did not tell it.
std::string_view real_path_name(const Context& context, std::size_t slot);

}  // namespace saker::field
