// SPDX-License-Identifier: Apache-2.0
#include "cli/standard_output.h"

#include <fcntl.h>

#include <cerrno>
#include <system_error>

#include "fmt/core.h"

namespace saker::cli {

Result<void> check_standard_output(int fd) {
    const int flags = fcntl(fd, F_GETFL);
    if (flags < 0) return fail("standard output is closed: redirect it to /dev/null instead");
    if ((flags & O_ACCMODE) == O_RDONLY) return fail("standard output is open only for reading");
    return {};
}

Result<void> flush_standard_output(std::FILE* stream) {
    // A stream remembers that a write failed, not why. What it says to a further byte tells.
    if (std::ferror(stream) != 0) std::fputc('\n', stream);
    if (std::fflush(stream) != 0) {
        return fail(fmt::format("cannot write to standard output: {}",
                                std::generic_category().message(errno)));
    }
    if (std::ferror(stream) != 0) return fail("cannot write all to standard output");
    return {};
}

}  // namespace saker::cli
