// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace saker::container {

// The parts of an image's name, [registry[:port]/]path[:tag][@digest]; those that are not there are
// empty. An id in place of a name (sha256:...) has a digest only. Views into the name.
// Grammar: the "reference" of the OCI distribution specification, read leniently.
struct ImageName {
    std::string_view repository;
    std::string_view tag;
    std::string_view digest;
};

ImageName parse_image_name(std::string_view name);

}  // namespace saker::container
