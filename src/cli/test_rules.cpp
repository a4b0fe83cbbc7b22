// SPDX-License-Identifier: Apache-2.0
#include "cli/test_rules.h"

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rule/files.h"
#include "tool/rule_tests.h"

namespace saker::cli {

namespace {

struct Options {
    std::vector<std::string> files;
    std::string junit;
};

Result<void> write_file(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file) return fail(path + ": cannot be written");
    return {};
}

Result<int> run(const Options& options, const CommandLine& line) {
    const auto paths = rule::expand_rule_paths(options.files);
    if (!paths) return std::unexpected(paths.error());
    std::vector<tool::TestFile> files;
    for (const std::string& path : *paths) {
        auto file = tool::read_test_file(path);
        if (!file) return std::unexpected(file.error());
        files.push_back(std::move(*file));
    }
    std::vector<tool::FileResult> results;
    std::size_t failed = 0;
    for (const tool::TestFile& file : files) {
        results.push_back(tool::run_tests(file, line.rules_files));
        failed += results.back().failed();
    }
    std::fputs(tool::to_text(results).c_str(), stdout);
    if (!options.junit.empty()) {
        if (auto done = write_file(options.junit, tool::to_junit(results)); !done) {
            return std::unexpected(done.error());
        }
    }
    return failed == 0 ? 0 : 1;
}

}  // namespace

Command test_command() {
    const auto options = std::make_shared<Options>();
    return {
        .name = "test",
        .help = "Run rule tests; needs neither root nor a kernel",
        .options = {{.name = "files",
                     .target = &options->files,
                     .help = "Files with tests, and folders of them",
                     .type = "FILE",
                     .required = true},
                    {"--junit", &options->junit, "Write the results as JUnit's XML too", "FILE"}},
        .run = [options](const CommandLine& line) { return run(*options, line); }};
}

}  // namespace saker::cli
