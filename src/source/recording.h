// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "event/event.h"
#include "util/result.h"

// Records in a file: what benchmarks and tests run the engine on without a kernel.
//
// The file is for the machine and the version that wrote it, and says so at its start: the magic
// text, the sizes of the structs and the number of event types. Then the records follow as they
// were in the ring buffer, each padded to 8 bytes.
namespace saker::source {

class RecordingWriter {
public:
    static Result<RecordingWriter> create(const std::string& path);

    Result<void> write(event::Bytes record);
    // All is on disk when this succeeds.
    Result<void> close();

private:
    struct CloseFile {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    RecordingWriter(std::FILE* file, std::string path) : file_(file), path_(std::move(path)) {}

    std::unique_ptr<std::FILE, CloseFile> file_;
    std::string path_;
};

// A whole recording in memory.
class Recording {
public:
    static Result<Recording> read(const std::string& path);

    const std::vector<event::Bytes>& records() const { return records_; }

private:
    std::vector<std::uint64_t> storage_;  // aligned as a ring buffer is
    std::vector<event::Bytes> records_;
};

}  // namespace saker::source
