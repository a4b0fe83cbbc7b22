// SPDX-License-Identifier: Apache-2.0
#include "field/native.h"

namespace saker::field {

std::array<std::span<const FieldInfo>, 12> native_tables() {
    return {event_fields(),  category_fields(), time_fields(),    process_fields(),
            thread_fields(), ancestor_fields(), user_fields(),    fd_fields(),
            socket_fields(), path_fields(),     retired_fields(), container_fields()};
}

}  // namespace saker::field
