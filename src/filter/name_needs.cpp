// SPDX-License-Identifier: Apache-2.0
#include "filter/name_needs.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "filter/guard.h"

namespace saker::filter {
namespace {

// A component of the file's name; empty: that the name has at most one.
struct Need {
    std::string component;
    std::uint8_t classes;
};

// Where a condition holds, the event is of one of the classes in `pass`, or one of the needs is
// met.
struct Needs {
    std::uint8_t pass = 0;
    std::vector<Need> needs;

    static Needs all(std::uint8_t classes) { return {classes, {}}; }
};

bool is_file_name(const Operand& operand) {
    if (operand.kind == Operand::Kind::kField) return operand.use.info->has(field::kOfFileNames);
    return operand.kind == Operand::Kind::kCall && operand.transformer == Transformer::kBasename &&
           is_file_name(operand.operands[0]);
}

bool begins_name(Atom::Kind kind) {
    return kind == Atom::Kind::kEquals || kind == Atom::Kind::kPrefix || kind == Atom::Kind::kPath;
}

bool ends_component(Atom::Kind kind) {
    return kind == Atom::Kind::kEquals || kind == Atom::Kind::kSuffix || kind == Atom::Kind::kPath;
}

// The longest of the components that a name has whole where the atom holds: the rarest, as a rule.
std::string_view whole_component(const Atom& atom) {
    std::string_view longest;
    std::size_t begin = 0;
    while (begin < atom.text.size()) {
        const std::size_t end = std::min(atom.text.find('/', begin), atom.text.size());
        const auto part = std::string_view(atom.text).substr(begin, end - begin);
        const bool whole = (begin > 0 || begins_name(atom.kind)) &&
                           (end < atom.text.size() || ends_component(atom.kind));
        if (whole && part.size() >= longest.size()) longest = part;
        begin = end + 1;
    }
    return longest;
}

// The root itself, and fd.directory of what lies in it.
bool is_root(const Atom& atom) {
    return atom.kind == Atom::Kind::kEquals && !atom.text.empty() &&
           atom.text.find_first_not_of('/') == std::string::npos;
}

bool asks_for_writing(const Test& test) {
    return test.op == Op::kEq && test.constants.size() == 1 &&
           test.lhs.kind == Operand::Kind::kField &&
           test.lhs.use.info->name == "evt.is_open_write" && test.constants[0].number == 1;
}
bool asks_for_writing(const ExprPtr& expr) {
    const auto* test = std::get_if<Test>(&expr->node);
    return test != nullptr && asks_for_writing(*test);
}

Needs needs_of(const Test& test, std::uint8_t classes) {
    if (asks_for_writing(test)) return Needs::all(SAKER_NAME_WRITE);
    if (!is_file_name(test.lhs)) return Needs::all(classes);
    Needs found;
    for (const Atom& atom : atoms_of(test)) {
        const std::string_view component = whole_component(atom);
        if (component.empty() && !is_root(atom)) return Needs::all(classes);
        found.needs.push_back({std::string(component), classes});
    }
    return found.needs.empty() ? Needs::all(classes) : found;
}

// How much passes: by class, then by the component that is probably the most common.
auto price(const Needs& needs) {
    std::size_t shortest = std::string::npos;
    for (const Need& need : needs.needs) shortest = std::min(shortest, need.component.size());
    return std::pair(needs.pass & SAKER_NAME_ANY ? 2 : needs.pass != 0,
                     std::string::npos - shortest);
}

Needs needs_of(const Expr& expr, std::uint8_t classes);

Needs any_of(const std::vector<ExprPtr>& children, std::uint8_t classes) {
    Needs any;
    for (const ExprPtr& child : children) {
        Needs one = needs_of(*child, classes);
        any.pass |= one.pass;
        std::ranges::move(one.needs, std::back_inserter(any.needs));
    }
    return any;
}

Needs all_of(const std::vector<ExprPtr>& children, std::uint8_t classes) {
    const auto writing = [](const ExprPtr& child) { return asks_for_writing(child); };
    if (std::ranges::any_of(children, writing)) classes = SAKER_NAME_WRITE;
    Needs best = Needs::all(classes);
    for (const ExprPtr& child : children) {
        Needs one = needs_of(*child, classes);
        if (price(one) < price(best)) best = std::move(one);
    }
    return best;
}

Needs needs_of(const Expr& expr, std::uint8_t classes) {
    if (const auto* test = std::get_if<Test>(&expr.node)) return needs_of(*test, classes);
    if (const auto* row = std::get_if<Or>(&expr.node)) return any_of(row->children, classes);
    if (const auto* row = std::get_if<And>(&expr.node)) return all_of(row->children, classes);
    return Needs::all(classes);
}

}  // namespace

void add_name_needs(const Expr& condition, event::EventType type, event::NameFilter& filter) {
    const Needs found = needs_of(condition, SAKER_NAME_ANY);
    filter.restrict(type, filter.pass(type) | found.pass);
    for (const Need& need : found.needs) {
        if (need.component.empty()) {
            filter.add_shallow(need.classes);
        } else {
            filter.add(need.component, need.classes);
        }
    }
}

}  // namespace saker::filter
