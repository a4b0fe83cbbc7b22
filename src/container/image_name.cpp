// SPDX-License-Identifier: Apache-2.0
#include "container/image_name.h"

namespace saker::container {

ImageName parse_image_name(std::string_view name) {
    if (name.starts_with("sha256:")) return {{}, {}, name};
    ImageName image;
    if (const auto at = name.find('@'); at != name.npos) {
        image.digest = name.substr(at + 1);
        name = name.substr(0, at);
    }
    // A colon before the last slash belongs to a registry's port.
    const auto slash = name.rfind('/');
    const auto colon = name.find(':', slash == name.npos ? 0 : slash);
    if (colon != name.npos) image.tag = name.substr(colon + 1);
    image.repository = name.substr(0, colon);
    return image;
}

}  // namespace saker::container
