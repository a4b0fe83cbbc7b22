// SPDX-License-Identifier: Apache-2.0
#include "rule/files.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <memory>
#include <system_error>

#include "fmt/core.h"
#include "rule/yaml.h"

namespace saker::rule {
namespace {

namespace fs = std::filesystem;

bool is_rules_file(const fs::directory_entry& entry) {
    std::error_code error;
    const fs::path extension = entry.path().extension();
    return (extension == ".yaml" || extension == ".yml") && !entry.is_directory(error);
}

// A loop with increment(), since the operator throws.
Result<std::vector<std::string>> files_in_folder(const std::string& folder) {
    std::vector<std::string> found;
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
        if (is_rules_file(*entry)) found.push_back(entry->path().string());
    }
    if (error) return fail(fmt::format("cannot read folder {}: {}", folder, error.message()));
    std::ranges::sort(found);
    return found;
}

}  // namespace

Result<std::vector<std::string>> expand_rule_paths(const std::vector<std::string>& paths) {
    std::vector<std::string> files;
    for (const std::string& path : paths) {
        std::error_code error;
        const fs::file_status status = fs::status(path, error);
        if (!fs::exists(status)) {
            return fail(
                fmt::format("cannot read {}: {}", path, error ? error.message() : "no such file"));
        }
        if (!fs::is_directory(status)) {
            files.push_back(path);
            continue;
        }
        auto found = files_in_folder(path);
        if (!found) return std::unexpected(found.error());
        std::ranges::move(*found, std::back_inserter(files));
    }
    return files;
}

Result<std::string> read_rules_file(const std::string& path) {
    const auto failed = [&](int error) {
        return fail(
            fmt::format("cannot read {}: {}", path, std::generic_category().message(error)));
    };
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"),
                                                               std::fclose);
    if (!file) return failed(errno);
    std::string text;
    char block[16 * 1024];
    while (std::feof(file.get()) == 0 && std::ferror(file.get()) == 0) {
        text.append(block, std::fread(block, 1, sizeof(block), file.get()));
        if (text.size() > kMaxFileSize) {
            return fail(fmt::format("{} is larger than 16 MiB", path));
        }
    }
    if (std::ferror(file.get()) != 0) return failed(errno);
    return text;
}

}  // namespace saker::rule
