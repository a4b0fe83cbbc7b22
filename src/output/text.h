// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/alert.h"
#include "output/options.h"

// Alerts as text.
namespace saker::output {

// Appends `<time>: <Priority> <text>`, nothing escaped: what JSON lines carry as "output". The time
// is local HH:MM:SS.nnnnnnnnn, or UTC YYYY-MM-DDTHH:MM:SS.nnnnnnnnn+0000 with
// time_format_iso_8601.
void append_output(std::string& out, const engine::Alert& alert, const Options& options);

// Appends the same as a line for people, without a newline at its end. The line is escaped as a
// JSON string without its quotes (text::append_escaped), so a quote is \", a backslash is \\ and a
// newline is \n. Nothing that a process puts into a name can end the line, begin another alert, or
// reach a terminal as a control sequence; and what is written can be read back without loss, but
// for bytes that are no UTF-8. An explanation follows in lines of its own, a test in each, indented
// by four blanks.
void append_text_line(std::string& out, const engine::Alert& alert, const Options& options);

}  // namespace saker::output
