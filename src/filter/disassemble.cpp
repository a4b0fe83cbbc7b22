// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "filter/glob.h"
#include "filter/path_patterns.h"
#include "filter/program.h"
#include "filter/regex.h"
#include "filter/sets.h"
#include "fmt/core.h"
#include "fmt/ranges.h"

namespace saker::filter {
namespace {

std::string instruction_text(const Program& program, const Instruction& code);

std::string quoted(std::string_view text) {
    return fmt::format("\"{}\"", text);
}

// "(a, b)", with `render` for each item.
template <typename Items, typename Render>
std::string group(const Items& items, std::string_view separator, Render render) {
    std::string text;
    for (const auto& item : items) {
        if (!text.empty()) text += separator;
        text += render(item);
    }
    return "(" + text + ")";
}

std::string slot_text(const Program& program, std::uint32_t number) {
    const Slot& slot = program.slots[number];
    const auto argument = [&](std::uint32_t inner) { return slot_text(program, inner); };
    switch (slot.kind) {
        case Slot::Kind::kField:
            return slot.use.name();
        case Slot::Kind::kConstant:
            return quoted(slot.text);
        case Slot::Kind::kList:
            return group(slot.arguments, ", ", argument);
        case Slot::Kind::kCall:
            break;
    }
    std::string text = std::string(name(slot.transformer)) + group(slot.arguments, ", ", argument);
    if (slot.selector != 0) text += fmt::format("[{}]", slot.selector);
    return text;
}

std::string net_text(const NetSet::Net& net) {
    const auto& bytes = net.ip.bytes;
    if (!net.ip.v6) {
        return fmt::format("{}.{}.{}.{}/{}", bytes[12], bytes[13], bytes[14], bytes[15],
                           net.bits - 96);
    }
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        text += fmt::format("{}{:x}", i == 0 ? "" : ":", bytes[i] << 8 | bytes[i + 1]);
    }
    return fmt::format("{}/{}", text, net.bits);
}

// One function for each kind of operand in opcodes.def.
std::string render_none(const Program&, const Instruction&) {
    return "";
}
std::string render_number(const Program&, const Instruction& code) {
    return fmt::format("{}", code.number);
}
std::string render_integer(const Program&, const Instruction& code) {
    return fmt::format("{}", code.integer);
}
std::string render_real(const Program&, const Instruction& code) {
    return fmt::format("{}", code.real);
}
std::string render_text(const Program&, const Instruction& code) {
    return quoted(*code.text);
}
std::string render_texts(const Program&, const Instruction& code) {
    return group(code.texts->texts(), ", ", quoted);
}
std::string render_list(const Program&, const Instruction& code) {
    return group(code.list->texts(), ", ", quoted);
}
std::string render_prefixes(const Program&, const Instruction& code) {
    return group(code.prefixes->prefixes(), ", ", quoted);
}
std::string render_suffixes(const Program&, const Instruction& code) {
    return group(code.suffixes->suffixes(), ", ", quoted);
}
std::string render_numbers(const Program&, const Instruction& code) {
    return group(code.numbers->numbers(), ", ", [](auto number) { return fmt::to_string(number); });
}
std::string render_reals(const Program&, const Instruction& code) {
    return group(code.reals->numbers(), ", ", [](auto number) { return fmt::to_string(number); });
}
std::string render_nets(const Program&, const Instruction& code) {
    return group(code.nets->nets(), ", ", net_text);
}
std::string render_glob(const Program&, const Instruction& code) {
    return quoted(code.glob->pattern()) + (code.glob->ignores_case() ? " in any case" : "");
}
std::string render_regex(const Program&, const Instruction& code) {
    return quoted(code.regex->pattern());
}
std::string render_paths(const Program&, const Instruction& code) {
    return group(code.paths->paths(), ", ", quoted);
}
std::string render_comparison(const Program& program, const Instruction& code) {
    return fmt::format("{} {}", info(code.comparison.op).name,
                       slot_text(program, code.comparison.slot));
}
std::string render_quantified(const Program& program, const Instruction& code) {
    const Quantified& quantified = *code.quantified;
    return std::string(name(quantified.quantifier)) +
           group(quantified.tests, "; ",
                 [&](const Instruction& test) { return instruction_text(program, test); });
}

using Render = std::string (*)(const Program&, const Instruction&);

// Indexed by Opcode.
constexpr Render kRenderers[] = {
#define OPCODE(name, mnemonic, operand, description) render_##operand,
#include "filter/opcodes.def"
};

// Mnemonic and constant.
std::string instruction_text(const Program& program, const Instruction& code) {
    const std::string operand = kRenderers[static_cast<std::size_t>(code.opcode)](program, code);
    return std::string(mnemonic(code.opcode)) + (operand.empty() ? "" : " ") + operand;
}

// What is asked before any rule is run.
std::string guards_text(const Program& program) {
    const GuardIndex& guards = program.guards;
    std::vector<std::string> asked;
    asked.reserve(guards.texts.size() + guards.steady_texts.size() + guards.numbers.size() +
                  guards.tests.size());
    for (const auto& [slot, index] : guards.texts) asked.push_back(slot_text(program, slot));
    for (const auto& [slot, index] : guards.steady_texts) asked.push_back(slot_text(program, slot));
    for (const auto& [slot, rules] : guards.numbers) asked.push_back(slot_text(program, slot));
    for (const auto& [at, rules] : guards.tests) asked.push_back(fmt::format("test {}", at));
    return fmt::format("guards: {}; {} rules without\n",
                       asked.empty() ? "none" : fmt::format("{}", fmt::join(asked, ", ")),
                       guards.unguarded.count());
}

std::string line(const Program& program, std::size_t at) {
    const Instruction& code = program.code[at];
    const std::string text = instruction_text(program, code);
    if (code.opcode == Opcode::kEnd) return fmt::format("{:4}  {}\n", at, text);
    if (code.opcode == Opcode::kMatch) {
        return fmt::format("{:4}  {}  next {}\n", at, text, code.if_true);
    }
    const std::string shared =
        code.test == Instruction::kUnshared ? "" : fmt::format("  shared {}", code.test);
    return fmt::format("{:4}  {}: {}{}  true {} false {}{}\n", at, slot_text(program, code.slot),
                       code.all ? "all " : "", text, code.if_true, code.if_false, shared);
}

}  // namespace

std::string_view mnemonic(Opcode opcode) {
    static constexpr std::string_view kMnemonics[] = {
#define OPCODE(name, mnemonic, kind, description) mnemonic,
#include "filter/opcodes.def"
    };
    return kMnemonics[static_cast<std::size_t>(opcode)];
}

std::string disassemble(const Program& program) {
    std::string text = fmt::format("{}: {} rules, {} instructions, {} values, {} shared tests\n",
                                   event::info(program.type).name, program.rules.size(),
                                   program.code.size(), program.slots.size(), program.shared_tests);
    text += guards_text(program);
    for (std::size_t at = 0; at < program.code.size(); ++at) text += line(program, at);
    return text;
}

}  // namespace saker::filter
