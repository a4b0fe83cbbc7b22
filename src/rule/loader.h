// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "field/field.h"
#include "rule/condition_places.h"
#include "rule/definitions.h"
#include "rule/diagnostics.h"
#include "rule/rule.h"
#include "rule/source_file.h"
#include "rule/yaml.h"

namespace saker::rule {

struct LoadResult {
    RuleSet rules;
    ConditionPlaces places;          // valid as long as the loader is there
    std::vector<FileSummary> files;  // in the order in which they were added
    std::vector<Diagnostic> diagnostics;
    bool has_errors = false;  // then `rules` is incomplete, and must not be run
};

// Loads rules files, one after the other, into one set of rules:
//
//   Loader loader(field::Registry::native());
//   for (const std::string& path : paths) loader.add_file(path);
//   LoadResult result = loader.finish();
//
// A file may hold several YAML documents, each a sequence of items: required_engine_version,
// required_plugin_versions, list, macro, rule. A name that is defined again replaces what was
// defined before, and keeps its place in the order. Everything is compiled at the end, so that a
// rule may use a macro or a list of a later file. (Falco compiles after each file. Whatever it
// loads means the same here.)
//
// Nothing in a file can make it throw, hang, or use memory without bound. One thread.
class Loader {
public:
    // The registry must outlive the loader, and its fields the rules.
    explicit Loader(const field::Registry& registry) : registry_(registry) {}

    void add_file(const std::string& path);

    // The same from memory; `name` is for messages.
    void add_text(std::string name, std::string text);

    // Compiles what was added. To be called once, at the end.
    LoadResult finish();

private:
    // A file with its tree, which definitions point into.
    struct Loaded {
        SourceFile file;
        YamlTree tree;
    };

    const field::Registry& registry_;
    std::deque<Loaded> loaded_;
    Definitions definitions_;
    Diagnostics diagnostics_;
    std::vector<FileSummary> files_;
};

}  // namespace saker::rule
