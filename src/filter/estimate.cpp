// SPDX-License-Identifier: Apache-2.0
#include "filter/estimate.h"

#include <algorithm>

namespace saker::filter {
namespace {

// Rough, as they only have to put a comparison before a search, and what is rare before what is
// common. Rules look for what is rare, so a text that equals a constant is; whatever is negated is
// common.
struct OpEstimate {
    Op op;
    Estimate estimate;
};

constexpr OpEstimate kOps[] = {
    {Op::kEq, {2, 0.03}},          {Op::kNe, {2, 0.97}},         {Op::kLt, {1, 0.5}},
    {Op::kLe, {1, 0.5}},           {Op::kGt, {1, 0.5}},          {Op::kGe, {1, 0.7}},
    {Op::kIn, {4, 0.05}},          {Op::kIntersects, {4, 0.05}}, {Op::kStartswith, {4, 0.05}},
    {Op::kBstartswith, {4, 0.05}}, {Op::kEndswith, {4, 0.05}},   {Op::kPmatch, {10, 0.05}},
    {Op::kContains, {10, 0.05}},   {Op::kIcontains, {20, 0.05}}, {Op::kBcontains, {10, 0.05}},
    {Op::kGlob, {10, 0.05}},       {Op::kIglob, {30, 0.05}},     {Op::kRegex, {100, 0.05}},
    {Op::kExists, {1, 0.9}},
};

constexpr double kProcFile = 5000;     // 10 µs
constexpr double kRenderedParam = 60;  // evt.arg: text is made for it
constexpr double kSeveralValues = 20;  // ancestors, both ends of a connection
constexpr double kTransformer = 20;

// Numbers and flags mostly have, too.
bool has_few_values(const Operand& operand) {
    const bool text = is_text(operand.type) || operand.type == field::ValueType::kBytes;
    if (!text) return true;
    return operand.kind == Operand::Kind::kField && operand.use.info->has(field::kFewValues);
}

Estimate estimate_row(const std::vector<ExprPtr>& children, bool stops) {
    Estimate row{0, 1};
    double reached = 1;  // how often a child is tested at all
    for (const auto& [child, found] : by_expected_cost(children, stops)) {
        row.cost += reached * found.cost;
        reached *= stops ? 1 - found.truth : found.truth;
    }
    row.truth = stops ? 1 - reached : reached;
    return row;
}

}  // namespace

double cost_of(const Operand& operand) {
    double cost = operand.several == field::Several::kOne ? 0 : kSeveralValues;
    if (operand.kind == Operand::Kind::kCall) cost += kTransformer;
    if (operand.kind == Operand::Kind::kField) {
        const field::FieldInfo& info = *operand.use.info;
        if (info.argument == field::Argument::kParam) cost += kRenderedParam;
        if (info.has(field::kReadsProc)) cost += kProcFile;
    }
    for (const Operand& inner : operand.operands) cost += cost_of(inner);
    return cost;
}

Estimate estimate(const Test& test) {
    const auto* row = std::ranges::find(kOps, test.op, &OpEstimate::op);
    Estimate result = row == std::end(kOps) ? Estimate{} : row->estimate;
    if (has_few_values(test.lhs) && result.truth < 0.5) result.truth = 0.4;
    result.cost += cost_of(test.lhs);
    if (test.rhs) result.cost += cost_of(*test.rhs);
    return result;
}

Estimate estimate(const Expr& expr) {
    if (const auto* test = std::get_if<Test>(&expr.node)) return estimate(*test);
    if (const auto* negated = std::get_if<Not>(&expr.node)) {
        const Estimate inner = estimate(*negated->child);
        return {inner.cost, 1 - inner.truth};
    }
    if (const auto* row = std::get_if<And>(&expr.node)) return estimate_row(row->children, false);
    return estimate_row(std::get<Or>(expr.node).children, true);
}

std::vector<Estimated> by_expected_cost(const std::vector<ExprPtr>& children, bool stops) {
    constexpr double kNeverZero = 1e-6;
    const auto price = [stops](const Estimated& child) {
        const double decides = stops ? child.estimate.truth : 1 - child.estimate.truth;
        return child.estimate.cost / (decides + kNeverZero);
    };
    std::vector<Estimated> row;
    row.reserve(children.size());
    for (const ExprPtr& child : children) row.push_back({child.get(), estimate(*child)});
    std::ranges::stable_sort(row, {}, price);
    return row;
}

}  // namespace saker::filter
