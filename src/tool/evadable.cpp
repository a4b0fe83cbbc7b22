// SPDX-License-Identifier: Apache-2.0
#include "tool/evadable.h"

#include <algorithm>
#include <set>
#include <string>

namespace saker::tool {

namespace {

using filter::Test;

// Names and texts that a process gives itself or its children: comm by prctl and by the name of the
// file, argv and the environment at execve, a parent by starting one.
constexpr std::string_view kChosen[] = {
    "proc.name",       "proc.pname",     "proc.aname",    "proc.sname",      "proc.exe",
    "proc.pexe",       "proc.aexe",      "proc.sid.exe",  "proc.args",       "proc.aargs",
    "proc.cmdline",    "proc.pcmdline",  "proc.acmdline", "proc.exeline",    "proc.cmdnargs",
    "proc.cmdlenargs", "proc.env",       "proc.aenv",     "proc.cwd",        "proc.vpgid.name",
    "proc.vpgid.exe",  "proc.pgid.name", "proc.pgid.exe", "proc.args.count", "proc.args.list",
    "proc.lineage",    "evt.arg.comm",   "evt.arg.exe",   "evt.arg.args",
};

// Says nothing about who it is: true of every event that comes so far.
constexpr std::string_view kNeutral[] = {"evt.type", "syscall.type", "evt.dir", "evt.rawres",
                                         "evt.res",  "evt.failed",   "evt.num"};

template <std::size_t size>
bool is_one_of(const Test& test, const std::string_view (&names)[size]) {
    bool any = false;
    bool all = true;
    filter::for_each_field(test.lhs, [&](const field::FieldUse& use) {
        const bool found = std::ranges::find(names, use.info->name) != std::end(names) ||
                           std::ranges::find(names, use.name()) != std::end(names);
        any = any || found;
        all = all && found;
    });
    return any && all;
}

// What can be said of a condition that lets pass.
struct Chosen {
    bool possible = false;       // whoever wants can make it hold, as far as fields tell
    const Test* test = nullptr;  // a name that is chosen for it
};

Chosen choose(const filter::Expr& expr, bool negated, std::vector<const Test*>& ways);

// All parts must be possible, and one of them be chosen.
Chosen choose_all(const std::vector<filter::ExprPtr>& children, bool negated) {
    Chosen row{true, nullptr};
    std::vector<const Test*> inner;
    for (const auto& child : children) {
        const Chosen one = choose(*child, negated, inner);
        row.possible = row.possible && one.possible;
        if (row.test == nullptr) row.test = one.test;
    }
    return row;
}

// Each part is a way of its own.
Chosen choose_any(const std::vector<filter::ExprPtr>& children, bool negated,
                  std::vector<const Test*>& ways) {
    Chosen row;
    for (const auto& child : children) {
        const Chosen one = choose(*child, negated, ways);
        if (!one.possible) continue;
        row.possible = true;
        if (one.test == nullptr) continue;
        if (row.test == nullptr) row.test = one.test;
        ways.push_back(one.test);
    }
    return row;
}

Chosen choose(const filter::Expr& expr, bool negated, std::vector<const Test*>& ways) {
    if (const auto* test = std::get_if<Test>(&expr.node)) {
        if (is_one_of(*test, kChosen)) return {true, test};
        return {is_one_of(*test, kNeutral), nullptr};
    }
    if (const auto* inner = std::get_if<filter::Not>(&expr.node)) {
        return choose(*inner->child, !negated, ways);
    }
    const auto* all = std::get_if<filter::And>(&expr.node);
    const auto* any = std::get_if<filter::Or>(&expr.node);
    const auto& children = all != nullptr ? all->children : any->children;
    const bool conjunction = (all != nullptr) != negated;
    return conjunction ? choose_all(children, negated) : choose_any(children, negated, ways);
}

class Finder {
public:
    std::vector<Evadable> run(const filter::Expr& expr) {
        visit(expr);
        return std::move(found_);
    }

private:
    // Down to the negations in what must hold.
    void visit(const filter::Expr& expr) {
        if (const auto* negation = std::get_if<filter::Not>(&expr.node)) {
            std::vector<const Test*> ways;
            const Chosen chosen = choose(*negation->child, false, ways);
            if (chosen.possible && chosen.test != nullptr) ways.push_back(chosen.test);
            for (const Test* way : ways) add(*way);
        } else if (const auto* all = std::get_if<filter::And>(&expr.node)) {
            for (const auto& child : all->children) visit(*child);
        } else if (const auto* any = std::get_if<filter::Or>(&expr.node)) {
            for (const auto& child : any->children) visit(*child);
        } else if (const auto* test = std::get_if<Test>(&expr.node)) {
            if (test->op == filter::Op::kNe && is_one_of(*test, kChosen)) add(*test);
        }
    }

    void add(const Test& test) {
        if (!known_.insert(filter::to_text(test)).second) return;
        std::string_view name;
        filter::for_each_field(test.lhs,
                               [&](const field::FieldUse& use) { name = use.info->name; });
        found_.push_back({name, &test});
    }

    std::vector<Evadable> found_;
    std::set<std::string> known_;
};

}  // namespace

std::vector<Evadable> find_evadable(const filter::Expr& expr) {
    return Finder().run(expr);
}

}  // namespace saker::tool
