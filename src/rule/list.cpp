// SPDX-License-Identifier: Apache-2.0
#include "rule/list.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "filter/operators.h"
#include "filter/parser.h"
#include "rule/diagnostics.h"
#include "rule/quoting.h"

namespace saker::rule {
namespace {

constexpr std::string_view kBlanks = " \t\b\r\n";
constexpr std::string_view kDelimiters = " \t\b\r\n(),=";

// The largest number of lists inside each other whose names are looked up further down in the
// files; a list that was defined before costs no depth.
constexpr std::size_t kMaxDepth = 100;

// What it costs to go into a list that was not expanded before, in steps: without items, lists in
// lists can still be exponentially many.
constexpr std::size_t kEnterCost = 100;

std::string join(const std::vector<std::string>& items) {
    std::string joined;
    for (const std::string& item : items) {
        if (!joined.empty()) joined += ", ";
        joined += item;
    }
    return joined;
}

// True for the words behind which the grammar wants a list.
bool takes_list(std::string_view word) {
    if (filter::find_quantifier(word)) return true;
    const auto op = filter::find_operator(word);
    return op && filter::info(*op).rhs == filter::Rhs::kList;
}

// The words, quoted texts and delimiters of a condition, one after the other.
class Words {
public:
    explicit Words(std::string_view text) : text_(text) {}

    struct Word {
        std::size_t begin;
        std::size_t end;
        bool plain;  // neither a delimiter nor quoted
    };

    bool next(Word& word) {
        if (at_ == text_.size()) return false;
        word.begin = at_;
        word.plain = false;
        if (kDelimiters.find(text_[at_]) != kDelimiters.npos) {
            ++at_;
        } else if (text_[at_] == '"' || text_[at_] == '\'') {
            skip_quoted();
        } else {
            at_ = std::min(text_.find_first_of(" \t\b\r\n(),=\"'", at_), text_.size());
            word.plain = true;
        }
        word.end = at_;
        return true;
    }

private:
    // As the lexer does. What has no closing quote goes on to the end: the parser reports it.
    void skip_quoted() {
        const char quote = text_[at_++];
        while (at_ < text_.size() && text_[at_] != quote) at_ += text_[at_] == '\\' ? 2 : 1;
        at_ = std::min(at_ + 1, text_.size());
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

// Builds the expanded text from left to right.
class Substitution {
public:
    explicit Substitution(const MappedText& from) : from_(from) {}

    // Bytes [begin, end) as they are. Not a comma that an empty list has taken along.
    void copy(std::size_t begin, std::size_t end) {
        const std::string_view word = std::string_view(from_.text()).substr(begin, end - begin);
        if (take_comma_ && word == ",") {
            take_comma_ = false;
            return;
        }
        if (kBlanks.find(word[0]) == kBlanks.npos) {
            take_comma_ = false;
            after_list_operator_ = takes_list(word);
        }
        into_.append_part(from_, begin, end);
        if (kBlanks.find(word[0]) == kBlanks.npos) solid_ = into_.text().size();
    }

    void put(std::size_t origin, const std::string& items) {
        const bool parentheses = std::exchange(after_list_operator_, false);
        if (items.empty() && !parentheses) {
            if (!drop_comma_before()) take_comma_ = true;
            return;
        }
        take_comma_ = false;
        into_.append_instead(from_, origin, parentheses ? "(" + items + ")" : items);
        solid_ = into_.text().size();
    }

    MappedText take() { return std::move(into_); }

private:
    // Takes back a comma at the end of what was written, with the blanks around it: so no blank is
    // looked at twice.
    bool drop_comma_before() {
        const std::string_view written = std::string_view(into_.text()).substr(0, solid_);
        if (!written.ends_with(',')) return false;
        const std::size_t last = written.substr(0, solid_ - 1).find_last_not_of(kBlanks);
        solid_ = last == written.npos ? 0 : last + 1;
        into_.truncate(solid_);
        return true;
    }

    const MappedText& from_;
    MappedText into_;
    std::size_t solid_ = 0;             // bytes of it without the blanks at its end
    bool take_comma_ = false;           // the next comma goes with an empty list
    bool after_list_operator_ = false;  // nothing but blanks since an operator that takes a list
};

}  // namespace

// The way to where the expansion of one list is.
struct ListExpander::Walk {
    std::size_t target;             // the list that is expanded
    std::vector<std::size_t> open;  // the lists that the walk is inside of
    std::size_t steps = 0;
    std::string problem;  // not empty: given up
};

ListExpander::ListExpander(const ListTable& lists, Diagnostics& diagnostics)
    : lists_(lists), expanded_(lists.size()) {
    for (; done_ < lists_.size(); ++done_) expand_list(done_, diagnostics);
}

void ListExpander::expand_list(std::size_t list, Diagnostics& diagnostics) {
    Walk walk{list, {}, 0, {}};
    add_items(list, walk);
    if (walk.problem.empty()) return;
    expanded_[list].items.clear();
    diagnostics.add(Code::kErrValidate, {"list", lists_[list].name, lists_[list].place},
                    walk.problem);
}

void ListExpander::add_items(std::size_t list, Walk& walk) {
    if (walk.open.size() >= kMaxDepth) walk.problem = "lists are nested too deep";
    walk.open.push_back(list);
    for (const Scalar& item : lists_[list].items) {
        if (!walk.problem.empty()) break;
        const std::size_t inner = visible_list(list, item.text(), walk);
        if (inner == ListTable::kNone) {
            add_item(is_value(item.text()) ? item.text() : quoted(item.text()), walk);
            continue;
        }
        expanded_[inner].used = true;
        if (inner >= done_) {
            step(kEnterCost, walk);
            add_items(inner, walk);
        } else {
            for (const std::string& value : expanded_[inner].items) {
                if (!walk.problem.empty()) break;
                add_item(value, walk);
            }
        }
    }
    walk.open.pop_back();
}

void ListExpander::add_item(std::string item, Walk& walk) {
    bytes_ += item.size() + sizeof(std::string);
    step(1, walk);
    if (walk.problem.empty()) expanded_[walk.target].items.push_back(std::move(item));
}

void ListExpander::step(std::size_t cost, Walk& walk) {
    walk.steps += cost;
    steps_ += cost;
    if (walk.steps > kMaxSteps || steps_ > kMaxAllSteps || is_full()) {
        walk.problem = "the list is too large";
    }
}

std::size_t ListExpander::visible_list(std::size_t from, const std::string& item,
                                       const Walk& walk) const {
    const std::size_t list = lists_.position(item);
    if (list == ListTable::kNone || !lists_[from].sees(lists_[list])) return ListTable::kNone;
    return std::ranges::find(walk.open, list) == walk.open.end() ? list : ListTable::kNone;
}

std::vector<std::string> ListExpander::lists_in(std::size_t list) const {
    std::set<std::string> found;
    for (const Scalar& item : lists_[list].items) {
        const std::size_t inner = lists_.position(item.text());
        if (inner != ListTable::kNone && lists_[list].sees(lists_[inner]))
            found.insert(item.text());
    }
    return {found.begin(), found.end()};
}

MappedText ListExpander::expand(const MappedText& condition, std::vector<std::string>* named) {
    // The parser refuses it anyway.
    if (condition.text().size() > filter::ParseLimits{}.size) return condition;
    std::set<std::string> found;
    Substitution substitution(condition);
    Words words(condition.text());
    for (Words::Word word; words.next(word);) {
        const auto text =
            std::string_view(condition.text()).substr(word.begin, word.end - word.begin);
        const std::size_t list = word.plain ? lists_.position(text) : ListTable::kNone;
        if (list == ListTable::kNone || is_full()) {
            substitution.copy(word.begin, word.end);
            continue;
        }
        expanded_[list].used = true;
        if (named != nullptr) found.insert(lists_[list].name);
        const std::string items = join(expanded_[list].items);
        bytes_ += items.size();
        substitution.put(word.begin, items);
    }
    if (named != nullptr) named->assign(found.begin(), found.end());
    return substitution.take();
}

}  // namespace saker::rule
