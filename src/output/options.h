// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace saker::output {

// How alerts are written. Each is the configuration key of the same name.
struct Options {
    bool json_output = false;
    bool json_include_output_property = true;
    bool json_include_message_property = false;
    bool json_include_output_fields_property = true;
    bool json_include_tags_property = true;
    bool time_format_iso_8601 = false;
};

}  // namespace saker::output
