// SPDX-License-Identifier: Apache-2.0
#include "source/recording.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "targets.h"

namespace saker::fuzz {

// The first byte says whether a good header stands before the rest: without one nothing is read.
void recording(Input input) {
    if (input.empty()) return;
    const int fd = memfd_create("recording", MFD_CLOEXEC);
    if (fd < 0) std::abort();
    const std::string path = "/proc/self/fd/" + std::to_string(fd);
    if (input[0] % 2 != 0) {
        auto writer = source::RecordingWriter::create(path);
        if (!writer || !writer->close()) std::abort();
    }
    const Input rest = input.subspan(1);
    lseek(fd, 0, SEEK_END);
    if (write(fd, rest.data(), rest.size()) != static_cast<ssize_t>(rest.size())) std::abort();
    if (const auto recording = source::Recording::read(path)) {
        for (const event::Bytes record : recording->records()) {
            if (!event::Event::parse(record)) std::abort();
        }
    }
    close(fd);
}

}  // namespace saker::fuzz
