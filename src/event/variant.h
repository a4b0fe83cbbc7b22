// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "event/param_value.h"

// Parameters of type kDyn: what other arguments of the call say about them decides whether they are
// a number, a text, an errno, ... The value of a socket's option, the data of ptrace, the arguments
// of keyctl.
namespace saker::event {

// The type that such a parameter has in an event.
ParamType variant_type(const Event& event, const ParamInfo& param);

// Its value, as raw_value() has those of the type. Text points into the record.
RawValue variant_value(const Event& event, const ParamInfo& param);

}  // namespace saker::event
