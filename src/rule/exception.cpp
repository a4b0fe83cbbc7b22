// SPDX-License-Identifier: Apache-2.0
#include "rule/exception.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "fmt/core.h"
#include "rule/item.h"

namespace saker::rule {
namespace {

using Kind = YamlNode::Kind;

constexpr std::string_view kKeys[] = {"name", "fields", "comps", "values"};

// A text, or a sequence of texts. `single` is set to which of the two it is.
std::vector<Scalar> read_words(Item& exception, std::string_view key, bool& single) {
    const YamlNode* node = exception.node(key);
    if (node == nullptr || (node->kind == Kind::kNull && !is_word(*node))) return {};
    single = node->kind != Kind::kSequence;
    if (!single) return exception.scalars(key).value_or(std::vector<Scalar>{});
    const auto word = exception.text(key, false);
    return word ? std::vector{*word} : std::vector<Scalar>{};
}

ExceptionValue read_value(Item& exception, const YamlNode& node) {
    ExceptionValue value{{}, node.kind == Kind::kSequence, {&exception.file(), node.offset}};
    if (is_word(node)) {
        value.items.push_back({&exception.file(), &node});
        return value;
    }
    bool good = value.is_list;
    for (const YamlNode* item : node.items) {
        good = good && is_word(*item);
        value.items.push_back({&exception.file(), item});
    }
    if (!good) {
        exception.error_at(Code::kErrYamlValidate, "exception value", node,
                           "a value must be a text or a sequence of texts");
    }
    return value;
}

ExceptionRow read_row(Item& exception, const YamlNode& node) {
    ExceptionRow row{{}, node.kind == Kind::kSequence, {&exception.file(), node.offset}};
    if (!row.is_list) {
        row.values.push_back(read_value(exception, node));
        return row;
    }
    row.values.reserve(node.items.size());
    for (const YamlNode* value : node.items) row.values.push_back(read_value(exception, *value));
    return row;
}

void read_rows(Item& exception, bool adds, std::vector<ExceptionRow>& rows) {
    const YamlNode* node = exception.node("values");
    if (node == nullptr || node->kind == Kind::kNull) {
        if (adds) {
            exception.warning(Code::kAppendNoValues, "values",
                              "the exception has no values, so it changes nothing");
        }
        return;
    }
    if (node->kind != Kind::kSequence) {
        return exception.error(Code::kErrYamlValidate, "values",
                               "Rule exception values must be a sequence");
    }
    rows.reserve(node->items.size());
    for (const YamlNode* row : node->items) rows.push_back(read_row(exception, *row));
}

Exception read_exception(Item& rule, const YamlNode& list, const YamlNode& node, bool adds) {
    Exception exception;
    exception.place = {&rule.file(), node.offset};
    std::vector<Subject> way = rule.way();
    way.push_back({"exceptions", "", {&rule.file(), list.offset}});
    const YamlNode* name = node.kind == Kind::kMap ? find_key(node, "name") : nullptr;
    way.push_back({"exception", name != nullptr ? name->text : "", exception.place});
    Item item(rule.file(), node, std::move(way), rule.diagnostics());
    if (node.kind != Kind::kMap) {
        item.error(Code::kErrYamlValidate, "", "Rule exception must be a map");
    } else {
        item.check_keys(kKeys);
        if (const auto text = item.text("name", true)) exception.name = *text;
        exception.fields = read_words(item, "fields", exception.single);
        exception.comps = read_words(item, "comps", exception.single_comp);
        read_rows(item, adds, exception.rows);
    }
    if (!item.good()) rule.spoil();
    return exception;
}

void report(Item& rule, const Exception& exception, Place place, const char* message) {
    std::vector<Subject> way = rule.way();
    way.push_back({"exception", exception.name.text(), exception.place});
    if (place != exception.place) way.push_back({"value for", "", place});
    rule.diagnostics().add(Code::kErrValidate, way, message);
    rule.spoil();
}

void merge(Item& rule, Exception added, std::vector<Exception>& into) {
    const auto old = std::ranges::find(into, added.name.text(),
                                       [](const Exception& e) { return e.name.text(); });
    if (old != into.end()) {
        for (const std::vector<Scalar>& words : {added.fields, added.comps}) {
            if (words.empty()) continue;
            report(rule, added, words.front().place(),
                   "to an exception that is there only values can be appended, not 'fields' or "
                   "'comps'");
        }
        std::ranges::move(added.rows, std::back_inserter(old->rows));
        return;
    }
    if (added.fields.empty()) {
        report(rule, added, added.place, "Rule exception must have fields property");
    } else if (added.rows.empty()) {
        report(rule, added, added.place, "Rule exception must have values property");
    } else if (into.size() == kMaxExceptions) {
        report(rule, added, added.place, "too many exceptions in a rule");
    } else {
        into.push_back(std::move(added));
    }
}

void warn_of_equal_names(Item& rule, const std::vector<Exception>& exceptions) {
    std::set<std::string_view> seen;
    for (const Exception& exception : exceptions) {
        if (seen.insert(exception.name.text()).second) continue;
        std::vector<Subject> way = rule.way();
        way.push_back({"exception", exception.name.text(), exception.name.place()});
        rule.diagnostics().add(
            Code::kExceptionNameNotUnique, way,
            fmt::format("there is another exception '{}' in this rule", exception.name.text()));
    }
}

}  // namespace

std::vector<Exception> read_exceptions(Item& rule, bool adds) {
    const YamlNode* list = rule.node("exceptions");
    if (list == nullptr || list->kind == Kind::kNull) return {};
    if (list->kind != Kind::kSequence) {
        rule.error(Code::kErrYamlValidate, "exceptions", "Rule exceptions must be a sequence");
        return {};
    }
    if (list->items.size() > kMaxExceptions) {
        rule.error(Code::kErrValidate, "exceptions", "too many exceptions in a rule");
        return {};
    }
    std::vector<Exception> exceptions;
    exceptions.reserve(list->items.size());
    for (const YamlNode* node : list->items) {
        exceptions.push_back(read_exception(rule, *list, *node, adds));
    }
    if (!rule.good()) return {};
    warn_of_equal_names(rule, exceptions);
    return exceptions;
}

void merge_exceptions(Item& rule, std::vector<Exception> added, std::vector<Exception>& into) {
    for (Exception& exception : added) merge(rule, std::move(exception), into);
}

}  // namespace saker::rule
