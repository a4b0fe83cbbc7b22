// SPDX-License-Identifier: Apache-2.0
//
// One rules file with all that the language has, over the fields that there are.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "catch.h"
#include "field/field.h"
#include "filter/ast.h"
#include "rule/loader.h"

namespace saker::cli {
namespace {

using Texts = std::vector<std::string>;
using Names = std::set<std::string>;

std::string text_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

// What was said, without the places of it.
Texts said(const rule::LoadResult& result) {
    Texts all;
    for (const rule::Diagnostic& diagnostic : result.diagnostics) {
        all.push_back(std::string(rule::info(diagnostic.code).name) + " " +
                      std::to_string(diagnostic.place().position.line));
    }
    return all;
}

void add_transformers(const filter::Operand& operand, Names& names) {
    if (operand.kind == filter::Operand::Kind::kCall) {
        names.emplace(filter::name(operand.transformer));
    }
    for (const filter::Operand& inner : operand.operands) add_transformers(inner, names);
}

// Operators, modifiers and transformers of all conditions.
Names words_of(const rule::RuleSet& rules) {
    Names names;
    for (const rule::Rule& rule : rules.rules) {
        filter::for_each_test(*rule.expr, [&](const filter::Test& test) {
            names.emplace(filter::info(test.op).name);
            names.emplace(filter::name(test.quantifier));
            add_transformers(test.lhs, names);
            if (test.rhs) add_transformers(*test.rhs, names);
        });
    }
    return names;
}

// What the last rule of the file means.
constexpr std::string_view kIdioms =
    R"_(((proc.name in ([, yes, "(systemd)", 75-system-updat, runc:[1:CHILD], 11-dhclient) )_"
    R"(or proc.pname in (runc:[0:PARENT], exe)) and evt.type in (sendto, sendmsg) )"
    R"(and (proc.args contains \ or proc.args endswith \) and proc.env != "" and fd.ip != 0.0.0.0 )"
    R"(and not fd.snet in (10.0.0.0/8, 127.0.0.1/8) and fd.sport = 443 )"
    R"(and not container.mount.dest[/proc*] in (<NA>, N/A) )"
    R"(and proc.cmdline startswith "sh -c \"x\"" and proc.cmdline contains "'a b"))";

}  // namespace

TEST_CASE("a file with every construct of the language loads, and says what it should") {
    rule::Loader loader(field::Registry::native());
    loader.add_text("every.yaml", text_of(TEST_FOLDER "/every_construct.yaml"));
    const rule::LoadResult result = loader.finish();
    CHECK_FALSE(result.has_errors);
    CHECK(said(result) == Texts{
                              "LOAD_INVALID_LIST_NAME 24",
                              "LOAD_DEPRECATED_ITEM 46",  // append
                              "LOAD_DEPRECATED_ITEM 94",  // append
                              "LOAD_UNKNOWN_SOURCE 233",
                              "LOAD_DEPRECATED_ITEM 272",  // append
                              "LOAD_DEPRECATED_ITEM 321",  // enabled alone
                              "LOAD_DEPRECATED_ITEM 86",   // evt.dir
                              "LOAD_UNKNOWN_FILTER 210",
                              "LOAD_UNUSED_MACRO 66",
                              "LOAD_UNUSED_LIST 24",
                          });
    const Texts rules = {"Comparisons", "Texts",       "Quantifiers",  "Lists and sets",
                         "Bytes",       "Addresses",   "Transformers", "Fields with arguments",
                         "Grammar",     "Every event", "Exceptions",   "Idioms"};
    Texts names;
    for (const rule::Rule& rule : result.rules.rules) names.push_back(rule.name);
    CHECK(names == rules);
    CHECK(filter::to_text(*result.rules.rules.back().expr) == kIdioms);

    const Names words = words_of(result.rules);
    for (const filter::OperatorInfo& op : filter::operators()) {
        CAPTURE(op.name);
        CHECK(words.contains(std::string(op.name)));
    }
    for (const char* word : {"oneof", "anyof", "allof", "tolower", "toupper", "b64", "basename",
                             "len", "join", "concat", "getopt"}) {
        CAPTURE(word);
        CHECK(words.contains(word));
    }
}

}  // namespace saker::cli
