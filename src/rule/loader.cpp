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
    definitions_.incomplete = true;
    files_.push_back({path, 0, 0, 0});
}

void Loader::add_text(std::string name, std::string text) {
    Loaded& loaded = loaded_.emplace_back(
        SourceFile(std::move(name), std::move(text), loaded_.size()), YamlTree{});
    YamlItems items = parse_yaml_items(loaded.file);
    for (YamlError& error : items.errors) {
        diagnostics_.add(Code::kErrYamlParse, {"rules content", "", {&loaded.file, error.offset}},
                         std::move(error.message));
        definitions_.incomplete = true;
    }
    loaded.tree = std::move(items.tree);
    files_.push_back(read_items(loaded.file, loaded.tree, definitions_, diagnostics_));
}

LoadResult Loader::finish() {
    LoadResult result;
    CompiledRules compiled = compile_rules(definitions_, registry_, diagnostics_);
    result.rules = std::move(compiled.set);
    result.places = std::move(compiled.places);
    result.files = std::move(files_);
    result.has_errors = diagnostics_.has_errors();
    result.diagnostics = diagnostics_.take();
    return result;
}

}  // namespace saker::rule
