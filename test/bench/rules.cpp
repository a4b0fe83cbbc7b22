// SPDX-License-Identifier: Apache-2.0
#include "rules.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "field/field.h"
#include "rule/loader.h"

namespace saker::bench {

namespace {

rule::RuleSet finish(rule::Loader& loader) {
    rule::LoadResult result = loader.finish();
    for (const rule::Diagnostic& diagnostic : result.diagnostics) {
        if (diagnostic.is_error()) {
            std::fprintf(stderr, "%s\n", rule::to_text(diagnostic).c_str());
        }
    }
    if (result.has_errors) std::exit(1);
    return std::move(result.rules);
}

}  // namespace

rule::RuleSet load_file(const std::string& path) {
    rule::Loader loader(field::Registry::native());
    loader.add_file(path);
    return finish(loader);
}

rule::RuleSet load_text(const std::string& name, const std::string& text) {
    rule::Loader loader(field::Registry::native());
    loader.add_text(name, text);
    return finish(loader);
}

}  // namespace saker::bench
