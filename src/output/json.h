// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/alert.h"
#include "output/options.h"

// Alerts as JSON.
namespace saker::output {

// Appends one object without a newline at its end, keys in alphabetical order:
//
//   explanation    if one was asked for: which of a file's names matched (asked or real), and the
//                  tests that decided
//   hostname       always
//   message        with json_include_message_property: the rule's text alone
//   missing        if a fact about the container has no value: for each such field of the output,
//                  why (pending, absent or denied: see container::Missing)
//   output         with json_include_output_property: the text line, see append_output()
//   output_fields  with json_include_output_fields_property: each field with its type; and the time
//                  as ns since the epoch, named evt.time, or evt.time.iso8601 as the output's is
//   priority       always
//   rule           always
//   source         always
//   tags           with json_include_tags_property
//   time           always: YYYY-MM-DDTHH:MM:SS.nnnnnnnnnZ
//
// Strings are escaped once, as text::append_escaped does: any reader of JSON gets the text itself.
void append_json_line(std::string& out, const engine::Alert& alert, const Options& options);

}  // namespace saker::output
