// SPDX-License-Identifier: Apache-2.0
#include "cli/describe.h"

#include <cstdio>

#include "cli/rules.h"
#include "fmt/format.h"

namespace saker::cli {

namespace {

template <typename T>
Result<int> list_names(const ListRequest& request, std::vector<T> rule::RuleSet::* items,
                       std::string_view what) {
    const auto rules = load_rules(request.config.rules_files);
    if (!rules) return std::unexpected(rules.error());
    bool found = request.name.empty();
    for (const T& item : (*rules).*items) {
        if (!request.name.empty() && item.name != request.name) continue;
        found = true;
        std::printf("%s\n", item.name.c_str());
    }
    if (!found) return fail(fmt::format("there is no {} '{}'", what, request.name));
    return 0;
}

}  // namespace

Result<int> list_rules(const ListRequest& request) {
    return list_names(request, &rule::RuleSet::rules, "rule");
}

Result<int> list_macros(const ListRequest& request) {
    return list_names(request, &rule::RuleSet::macros, "macro");
}

Result<int> list_lists(const ListRequest& request) {
    return list_names(request, &rule::RuleSet::lists, "list");
}

}  // namespace saker::cli
