// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "event/param_value.h"

// Parameters of events as text, in the forms that conditions (evt.arg) and outputs (evt.args) have.
//
// Text is appended to what the caller keeps and uses again. It holds whatever bytes a process put
// into its arguments: whoever prints it escapes it. Without a resolver (nullptr), the parameters
// that need it are absent, or have no name.
namespace saker::event {

// Appends the raw text: numbers in decimal, modes in octal (0644), devices in hexadecimal (8F01),
// bytes with dots for those that cannot be printed. False, and nothing, if there is no value.
bool append_raw(const Event& event, const ParamInfo& param, Resolver* resolver, std::string& out);

// Appends the text that a reader wants: the descriptor's name, the errno's, the user's, flags by
// name, a relative path made absolute. False, and nothing, if the value has no such text.
bool append_resolved(const Event& event, const ParamInfo& param, Resolver* resolver,
                     std::string& out);

// evt.arg: the resolved text if there is one, else the raw one. Where the value is absent: "<NA>",
// but false and nothing for payloads and tuples, which conditions see as missing.
bool append_arg(const Event& event, const ParamInfo& param, Resolver* resolver, std::string& out);

// evt.args: every parameter as `name=raw` or `name=raw(resolved)`, joined by blanks.
void append_args(const Event& event, Resolver* resolver, std::string& out);

// Bytes as text: what is not a printable ASCII character becomes a dot.
void append_printable(std::string_view bytes, std::string& out);

}  // namespace saker::event
