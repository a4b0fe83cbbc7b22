// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string_view>

#include "CLI/CLI.hpp"
#include "cli/command.h"
#include "cli/missing_flags.h"
#include "cli/version.h"
#include "fmt/format.h"
#include "util/json.h"

namespace saker::cli {

namespace {

// The setting that adds a text to the output of every rule. Words that once stood for fields are
// none: those fields are shown in any case, or with `suggested_output`.
void add_to_outputs(const std::string& text, CommandLine& line) {
    constexpr std::string_view kOldWords[] = {"c", "container", "k", "kubernetes"};
    if (std::ranges::find(kOldWords, text) != std::end(kOldWords)) return;
    std::string setting = "append_output[]=";
    json::Writer(setting).begin_object().key("extra_output").string(text).end_object();
    line.assignments.push_back(std::move(setting));
}

// The same flags stand before and behind the command's word. Those of a run are accepted behind
// all, and shown behind those that watch.
void add_shared_options(CLI::App& app, CommandLine& line, bool watches) {
    const char* group = watches ? "Options" : "";
    app.add_option("-c", line.config_file, "Configuration file")->type_name("FILE");
    app.add_option("-r", line.rules_files, "Rules file or folder; repeatable, in order")
        ->type_name("PATH")
        ->allow_extra_args(false);
    app.add_option("-o,--option", line.assignments, "Set a configuration key; repeatable")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    app.add_option_function<std::vector<std::string>>(
           "-p,--print",
           [&line](const std::vector<std::string>& texts) {
               for (const std::string& text : texts) add_to_outputs(text, line);
           },
           "Add a text to every rule's output; repeatable (append_output)")
        ->type_name("TEXT")
        ->allow_extra_args(false)
        ->group(group);
    app.add_option("-M", line.seconds, "End after so many seconds")
        ->type_name("SECONDS")
        ->group(group);
    app.add_flag("-U,--unbuffered", line.unbuffered, "Write each alert at once")->group(group);
    app.add_flag("--dry-run", line.dry_run, "Load everything, then end")->group(group);
}

// Flags that stand for a command, and so for its word.
void add_command_flags(CLI::App& app, CommandLine& line) {
    app.add_option("-V,--validate", line.check_files,
                   "Check a rules file; repeatable (saker check)")
        ->type_name("PATH")
        ->allow_extra_args(false);
    app.add_flag_callback(
        "-L", [&line] { line.list.topic = "rules"; }, "Describe all rules (saker list rules)");
    app.add_option_function<std::string>(
           "-l",
           [&line](const std::string& rule) {
               line.list.topic = "rules";
               line.list.name = rule;
           },
           "Describe one rule (saker list rules RULE)")
        ->type_name("RULE");
    app.add_option_function<std::string>(
           "--list",
           [&line](const std::string& source) {
               line.list.topic = "fields";
               line.list.name = source;
           },
           "List all fields, or those of an event source (saker list fields)")
        ->type_name("[SOURCE]")
        ->expected(0, 1);
    app.add_flag_callback(
        "--list-events", [&line] { line.list.topic = "events"; },
        "List all events (saker list events)");
    app.add_flag("-N", line.list.names_only, "With --list: names only");
    app.add_flag_callback(
        "--markdown", [&line] { line.list.format = "markdown"; }, "With --list: as Markdown");
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
    CommandLine line;
    CLI::App app("Saker watches system calls and reports what rules call suspicious", "saker");
    app.set_version_flag("--version", version_text());
    add_shared_options(app, line, true);
    add_command_flags(app, line);
    for (std::size_t i = 0; i < commands.size(); ++i) {
        CLI::App* word = app.add_subcommand(commands[i].name, commands[i].help);
        add_shared_options(*word, line, commands[i].watches);
        if (commands[i].add_options) commands[i].add_options(*word);
        word->callback([&line, i] { line.command = i; });
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
    if (app.get_subcommands().empty()) {
        const auto named = std::ranges::find(commands, command_of_flags(line), &Command::name);
        if (named != commands.end()) line.command = named - commands.begin();
    }
    return std::optional<CommandLine>(std::move(line));
}

}  // namespace saker::cli
