// SPDX-License-Identifier: Apache-2.0
#include "tool/event_spec.h"

#include <algorithm>

namespace saker::tool {

EventSpec EventSpec::with(const EventSpec& changes) const {
    EventSpec changed = *this;
    changed.place = changes.place;
    if (changes.ancestors) changed.ancestors = changes.ancestors;
    for (const GivenField& field : changes.fields) {
        const auto old = std::ranges::find_if(
            changed.fields, [&](const GivenField& other) { return other.is(field); });
        if (old == changed.fields.end()) {
            changed.fields.push_back(field);
        } else {
            *old = field;
        }
    }
    return changed;
}

}  // namespace saker::tool
