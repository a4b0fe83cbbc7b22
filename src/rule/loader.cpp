// SPDX-License-Identifier: Apache-2.0
#include "rule/loader.h"

#include <utility>

#include "rule/compiler.h"
#include "rule/files.h"
#include "rule/reader.h"

namespace saker::rule {

void Loader::add_file(const std::string& path) {
    Result<std::string> text = read_rules_file(path);
    if (text) return add_text(path, std::move(*text));
    // An empty file stands in, so that the message has a place to name.
    const Loaded& loaded = loaded_.emplace_back(SourceFile(path, "", loaded_.size()), YamlTree{});
    diagnostics_.add(Code::kErrFileRead, {"rules content", "", {&loaded.file, 0}},
                     text.error().message);
    files_.push_back({path, 0, 0, 0});
}

void Loader::add_text(std::string name, std::string text) {
    Loaded& loaded = loaded_.emplace_back(
        SourceFile(std::move(name), std::move(text), loaded_.size()), YamlTree{});
    auto tree = parse_yaml(loaded.file);
    if (!tree) {
        diagnostics_.add(Code::kErrYamlParse,
                         {"rules content", "", {&loaded.file, tree.error().offset}},
                         tree.error().message);
        files_.push_back({loaded.file.name(), 0, 0, 0});
        return;
    }
    loaded.tree = std::move(*tree);
    files_.push_back(read_items(loaded.file, loaded.tree, definitions_, diagnostics_));
}

LoadResult Loader::finish() {
    LoadResult result;
    result.rules = compile_rules(definitions_, registry_, diagnostics_);
    result.files = std::move(files_);
    result.has_errors = diagnostics_.has_errors();
    result.diagnostics = diagnostics_.take();
    return result;
}

}  // namespace saker::rule
