// SPDX-License-Identifier: Apache-2.0
#include "output/text.h"

#include "util/text.h"
#include "util/timestamp.h"

namespace saker::output {
namespace {

// Lines of their own, which begin with blanks as no alert does.
void append_explanation(std::string& out, const engine::Explanation& explanation) {
    if (explanation.real_name) out += "\n    under the file's real name";
    for (const auto& reason : explanation.reasons) {
        out += reason.holds ? "\n    true   " : "\n    false  ";
        text::append_visible(out, reason.test);
        out += "    [";
        text::append_visible(out, reason.value);
        out += ']';
    }
}

}  // namespace

void append_output(std::string& out, const engine::Alert& alert, const Options& options) {
    if (options.time_format_iso_8601) {
        timestamp::append_iso8601(out, alert.time_ns, "+0000");
    } else {
        timestamp::append_clock(out, alert.time_ns);
    }
    out += ": ";
    out += rule::priority_name(alert.priority);
    out += ' ';
    out += alert.text;
}

void append_text_line(std::string& out, const engine::Alert& alert, const Options& options) {
    std::string line;
    append_output(line, alert, options);
    text::append_escaped(out, line);
    if (alert.explanation) append_explanation(out, *alert.explanation);
}

}  // namespace saker::output
