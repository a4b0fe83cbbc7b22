// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "event/table.h"
#include "saker/name_filter.h"
#include "saker/record.h"

namespace saker::event {

// Which opened files the kernel side has to report, by the components of their names
// (saker/name_filter.h). A new one lets everything pass. A plain value.
class NameFilter {
public:
    NameFilter() { pass_.fill(SAKER_NAME_ANY); }

    // Events of this type are sent only if a component is wanted, or if they are of one of the
    // classes in `pass`. For events that open files; the names of others are not all captured.
    void restrict(EventType type, std::uint8_t pass) { pass_[type] = pass; }

    // From now on a name with this component is wanted, in these classes. Not empty, no slash.
    void add(std::string_view component, std::uint8_t classes);
    // Likewise each name of at most one component: what lies in the root directory.
    void add_shallow(std::uint8_t classes);

    std::uint8_t pass(EventType type) const { return pass_[type]; }
    const saker_name_filter& table() const { return table_; }

private:
    saker_name_filter table_{};
    std::array<std::uint8_t, SAKER_EVENT_COUNT> pass_{};
};

// The classes in which a name is wanted: what the kernel side finds out, by the same code. `name`
// is as it stands in a record, with its last NUL.
std::uint8_t scan_name(const saker_name_filter& filter, std::string_view name);

}  // namespace saker::event
