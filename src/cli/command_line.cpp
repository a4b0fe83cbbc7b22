// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"

#include <algorithm>
#include <cstdio>
#include <initializer_list>
#include <iterator>
#include <string_view>
#include <variant>

#include "CLI/CLI.hpp"
#include "cli/command.h"
#include "cli/missing_flags.h"
#include "cli/option.h"
#include "cli/version.h"
#include "fmt/core.h"
#include "util/json.h"

namespace saker::cli {

namespace {

// How CLI11 is told of an option of each kind.
CLI::Option* add(CLI::App& app, const Option& option, bool* target) {
    return app.add_flag(option.name, *target, option.help);
}

CLI::Option* add(CLI::App& app, const Option& option, std::string* target) {
    return app.add_option(option.name, *target, option.help);
}

CLI::Option* add(CLI::App& app, const Option& option, unsigned* target) {
    return app.add_option(option.name, *target, option.help);
}

CLI::Option* add(CLI::App& app, const Option& option, std::optional<std::string>* target) {
    const auto keep = [target](const std::string& value) { *target = value; };
    return app.add_option_function<std::string>(option.name, keep, option.help)->expected(0, 1);
}

// What stands before the command's word and behind it counts together.
CLI::Option* add(CLI::App& app, const Option& option, std::vector<std::string>* target) {
    const auto keep = [target](const std::vector<std::string>& values) {
        target->insert(target->end(), values.begin(), values.end());
    };
    CLI::Option* added =
        app.add_option_function<std::vector<std::string>>(option.name, keep, option.help);
    return *option.name == '-' ? added->allow_extra_args(false) : added;
}

CLI::Option* add_any(CLI::App& app, const Option& option) {
    CLI::Option* added =
        std::visit([&](auto* target) { return add(app, option, target); }, option.target);
    added->required(option.required);
    if (*option.type) added->type_name(option.type);
    if (*option.excludes) added->excludes(app.get_option(option.excludes));
    return added;
}

// The flags that all commands share, and what stands for something else.
struct Flags {
    CommandLine line;
    std::vector<std::string> prints;  // for append_output
    bool list_rules = false;          // these stand for the command `list`
    std::string list_rule;
    std::optional<std::string> list_fields;
    bool list_events = false;
    bool markdown = false;
};

// The same flags stand before and behind the command's word. Those of a run are accepted behind
// all, and shown behind those that watch.
void add_shared_options(CLI::App& app, Flags& flags, bool watches) {
    CommandLine& line = flags.line;
    for (const Option& option : std::initializer_list<Option>{
             {"-c", &line.config_file, "Configuration file", "FILE"},
             {"-r", &line.rules_files, "Rules file or folder; repeatable, in order", "PATH"},
             {"-o,--option", &line.assignments, "Set a configuration key; repeatable",
              "KEY=VALUE"}}) {
        add_any(app, option);
    }
    for (const Option& option : std::initializer_list<Option>{
             {"-p,--print", &flags.prints,
              "Add a text to every rule's output; repeatable (append_output)", "TEXT"},
             {"-M", &line.seconds, "End after so many seconds", "SECONDS"},
             {"-U,--unbuffered", &line.unbuffered, "Write each alert at once"},
             {"--dry-run", &line.dry_run, "Load everything, then end"}}) {
        add_any(app, option)->group(watches ? "Options" : "");
    }
}

// Flags that stand for a command, and so for its word.
void add_command_flags(CLI::App& app, Flags& flags) {
    for (const Option& option : std::initializer_list<Option>{
             {"-V,--validate", &flags.line.check_files,
              "Check a rules file; repeatable (saker check)", "PATH"},
             {"-L", &flags.list_rules, "Describe all rules (saker list rules)"},
             {"-l", &flags.list_rule, "Describe one rule (saker list rules RULE)", "RULE"},
             {"--list", &flags.list_fields,
              "List all fields, or those of an event source (saker list fields)", "[SOURCE]"},
             {"--list-events", &flags.list_events, "List all events (saker list events)"},
             {"-N", &flags.line.list.names_only, "With --list: names only"},
             {"--markdown", &flags.markdown, "With --list: as Markdown"}}) {
        add_any(app, option);
    }
}

// The setting that adds a text to the output of every rule. Words that once stood for fields are
// none: those fields are shown in any case, or with `suggested_output`.
void add_to_outputs(const std::string& text, CommandLine& line) {
    constexpr std::string_view kOldWords[] = {"c", "container", "k", "kubernetes"};
    if (std::ranges::find(kOldWords, text) != std::end(kOldWords)) return;
    std::string setting = "append_output[]=";
    json::Writer(setting).begin_object().key("extra_output").string(text).end_object();
    line.assignments.push_back(std::move(setting));
}

// What the flags say, in terms of what they stand for.
CommandLine understood(const Flags& flags) {
    CommandLine line = flags.line;
    for (const std::string& text : flags.prints) add_to_outputs(text, line);
    if (flags.list_rules || !flags.list_rule.empty()) {
        line.list.topic = "rules";
        line.list.name = flags.list_rule;
    } else if (flags.list_fields) {
        line.list.topic = "fields";
        line.list.name = *flags.list_fields;
    } else if (flags.list_events) {
        line.list.topic = "events";
    }
    if (flags.markdown) line.list.format = "markdown";
    return line;
}

// The command that flags stand for, if the line has no word for one.
std::string_view command_of_flags(const CommandLine& line) {
    if (!line.check_files.empty()) return "check";
    return line.list.topic.empty() ? "" : "list";
}

// What is wrong, and where to read on.
std::string explained(const CLI::ParseError& error, const CLI::App& app) {
    for (const std::string& argument : app.remaining(true)) {
        const std::string_view instead = instead_of(argument);
        if (!instead.empty()) return fmt::format("there is no {} here: {}", argument, instead);
    }
    const auto words = app.get_subcommands();
    const std::string help = words.empty() ? "saker" : "saker " + words[0]->get_name();
    return std::string(error.what()) + " (see " + help + " --help)";
}

}  // namespace

Result<std::optional<CommandLine>> parse_command_line(const std::vector<Command>& commands,
                                                      int argc, const char* const* argv) {
    Flags flags;
    CLI::App app("Saker watches system calls and reports what rules call suspicious", "saker");
    app.set_version_flag("--version", version_text());
    add_shared_options(app, flags, true);
    add_command_flags(app, flags);
    for (std::size_t i = 0; i < commands.size(); ++i) {
        CLI::App* word = app.add_subcommand(commands[i].name, commands[i].help);
        add_shared_options(*word, flags, commands[i].watches);
        for (const Option& option : commands[i].options) add_any(*word, option);
        word->callback([&flags, i] { flags.line.command = i; });
    }
    app.require_subcommand(0, 1);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        std::fputs(app.help().c_str(), stdout);
        return std::optional<CommandLine>();
    } catch (const CLI::CallForVersion& version) {
        std::printf("%s\n", version.what());
        return std::optional<CommandLine>();
    } catch (const CLI::ParseError& error) {
        return fail(explained(error, app));
    }
    CommandLine line = understood(flags);
    if (app.get_subcommands().empty()) {
        const auto named = std::ranges::find(commands, command_of_flags(line), &Command::name);
        if (named != commands.end()) line.command = named - commands.begin();
    }
    return std::optional<CommandLine>(std::move(line));
}

}  // namespace saker::cli
