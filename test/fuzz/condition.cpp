// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <string>

#include "events.h"
#include "filter/check.h"
#include "filter/compile.h"
#include "filter/fold.h"
#include "filter/parser.h"
#include "filter/vm.h"
#include "targets.h"
#include "tool/decision.h"
#include "tool/given.h"

namespace saker::fuzz {

namespace {

// The bytecode and the tree must agree, under both names of a file.
void run(const filter::Expr& expr, tool::Scenario& scenario) {
    const filter::RuleCondition condition{0, &expr};
    const filter::Program program = filter::compile(scenario.type(), {&condition, 1});
    filter::disassemble(program);
    filter::to_text(*filter::fold(expr, scenario.type()).expr);

    tool::GivenContext& context = scenario.context();
    std::vector<std::uint32_t> matches;
    filter::Vm vm;
    vm.run(program, context, filter::MatchMode::kAll, matches);
    if (scenario.has_two_names() && program.reads_file_names()) {
        context.names = field::NameView::kReal;
        vm.run_again(program, context, filter::MatchMode::kAll, matches);
        context.names = field::NameView::kAsked;
    }
    if (tool::decide(expr, scenario, {}).holds == matches.empty()) std::abort();
}

}  // namespace

void condition(Input input) {
    auto expr = filter::parse(as_text(input));
    if (!expr) return;
    const std::string text = filter::to_text(**expr);
    if (filter::check(**expr, tool::given_fields())) return;
    for (const auto& scenario : events()) run(**expr, *scenario);
}

}  // namespace saker::fuzz
