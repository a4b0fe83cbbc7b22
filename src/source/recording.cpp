// SPDX-License-Identifier: Apache-2.0
#include "source/recording.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <span>

#include "fmt/core.h"
#include "saker/record.h"

namespace saker::source {

namespace {

struct FileHeader {
    char magic[16] = {'s', 'a', 'k', 'e', 'r', ' ', 'r', 'e',
                      'c', 'o', 'r', 'd', 's', ' ', '1', '\n'};
    std::uint32_t record_size = sizeof(saker_record);
    std::uint32_t process_size = sizeof(saker_process);
    std::uint32_t events = SAKER_EVENT_COUNT;
    std::uint32_t reserved = 0;
};

constexpr std::size_t pad(std::size_t size) {
    return (size + 7) & ~std::size_t{7};
}

std::unexpected<Error> file_error(const char* what, const std::string& path) {
    return fail(fmt::format("cannot {} {}: {}", what, path, std::strerror(errno)));
}

}  // namespace

Result<RecordingWriter> RecordingWriter::create(const std::string& path) {
    std::FILE* file = std::fopen(path.c_str(), "wbe");
    if (file == nullptr) return file_error("create", path);
    RecordingWriter writer(file, path);
    const FileHeader header;
    if (std::fwrite(&header, sizeof(header), 1, file) != 1) return file_error("write", path);
    return writer;
}

Result<void> RecordingWriter::write(event::Bytes record) {
    constexpr char kPadding[8] = {};
    const std::size_t padding = pad(record.size()) - record.size();
    if (std::fwrite(record.data(), 1, record.size(), file_.get()) != record.size() ||
        std::fwrite(kPadding, 1, padding, file_.get()) != padding) {
        return file_error("write", path_);
    }
    return {};
}

Result<void> RecordingWriter::close() {
    if (std::fclose(file_.release()) != 0) return file_error("write", path_);
    return {};
}

Result<Recording> Recording::read(const std::string& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                               std::fclose);
    if (file == nullptr) return file_error("open", path);
    FileHeader header;
    const FileHeader expected;
    if (std::fread(&header, sizeof(header), 1, file.get()) != 1 ||
        std::memcmp(&header, &expected, sizeof(header)) != 0) {
        return fail(fmt::format("{} was not recorded by this version of Saker", path));
    }
    struct stat status{};
    if (fstat(fileno(file.get()), &status) != 0) return file_error("read", path);
    if (!S_ISREG(status.st_mode)) return fail(fmt::format("{} is no regular file", path));
    const std::size_t size = static_cast<std::size_t>(status.st_size) - sizeof(header);
    Recording recording;
    recording.storage_.resize(size / 8);
    if (size % 8 != 0 ||
        std::fread(recording.storage_.data(), 8, size / 8, file.get()) != size / 8) {
        return fail(fmt::format("{}: record is cut off", path));
    }

    event::Bytes rest = std::as_bytes(std::span(recording.storage_));
    while (!rest.empty()) {
        const auto event = event::Event::parse(rest);
        if (!event) return fail(fmt::format("{}: {}", path, event.error().message));
        const std::size_t length = event->header().size;
        recording.records_.push_back(rest.first(length));
        rest = rest.subspan(std::min(pad(length), rest.size()));
    }
    return recording;
}

}  // namespace saker::source
