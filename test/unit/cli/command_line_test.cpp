// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"

#include <string>
#include <vector>

#include "catch.h"
#include "cli/command.h"
#include "cli/version.h"

namespace saker::cli {
namespace {

using Texts = std::vector<std::string>;

Result<std::optional<CommandLine>> parse(const std::vector<const char*>& arguments) {
    std::vector<const char*> all = {"saker"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return parse_command_line(commands(), static_cast<int>(all.size()), all.data());
}

CommandLine parsed(const std::vector<const char*>& arguments) {
    auto line = parse(arguments);
    INFO((line ? "" : line.error().message));
    REQUIRE(line);
    REQUIRE(*line);
    return std::move(**line);
}

std::string error_of(const std::vector<const char*>& arguments) {
    const auto line = parse(arguments);
    return line ? "parsed" : line.error().message;
}

TEST_CASE("saker alone watches, and so does saker run") {
    for (const std::vector<const char*>& arguments : {std::vector<const char*>{}, {"run"}}) {
        const CommandLine line = parsed(arguments);
        CHECK(line.config_file.empty());
        CHECK(line.rules_files.empty());
        CHECK(line.assignments.empty());
        CHECK(line.seconds == 0);
        CHECK_FALSE(line.unbuffered);
        CHECK_FALSE(line.dry_run);
    }
}

TEST_CASE("every flag stands before the word run, behind it, or without it") {
    const std::vector<const char*> flags = {"-c",  "c.yaml", "-r", "r.yaml", "-o",
                                            "a=b", "-M",     "5",  "-U",     "--dry-run"};
    std::vector<const char*> before = flags;
    before.push_back("run");
    std::vector<const char*> behind = flags;
    behind.insert(behind.begin(), "run");
    for (const auto& arguments : {flags, before, behind}) {
        const CommandLine line = parsed(arguments);
        CHECK(line.config_file == "c.yaml");
        CHECK(line.rules_files == Texts{"r.yaml"});
        CHECK(line.assignments == Texts{"a=b"});
        CHECK(line.seconds == 5);
        CHECK(line.unbuffered);
        CHECK(line.dry_run);
    }
}

TEST_CASE("rules files and settings are repeated, and keep their order") {
    const CommandLine line = parsed(
        {"-r", "b", "-o", "x=2", "-r", "a", "-rc", "-o", "x=1", "--option", "y=3", "-r", "b"});
    CHECK(line.rules_files == Texts{"b", "a", "c", "b"});
    CHECK(line.assignments == Texts{"x=2", "x=1", "y=3"});
}

TEST_CASE("a value is taken as it is") {
    CHECK(parsed({"-o", "a=b=c d,e"}).assignments == Texts{"a=b=c d,e"});
    CHECK(parsed({"-r", "/with blank/x.yaml"}).rules_files == Texts{"/with blank/x.yaml"});
    CHECK(parsed({"-r", "run"}).rules_files == Texts{"run"});
    CHECK(parsed({"-o", "[a,b]=1"}).assignments == Texts{"[a,b]=1"});
    CHECK(parsed({"--unbuffered"}).unbuffered);
}

TEST_CASE("flags stand for commands") {
    struct Row {
        std::vector<const char*> arguments;
        std::string command;
        std::string topic;
        std::string name;
    };
    const Row rows[] = {
        {{"-V", "a.yaml", "-V", "b.yaml"}, "check", "", ""},
        {{"-L"}, "list", "rules", ""},
        {{"-l", "My rule"}, "list", "rules", "My rule"},
        {{"--list"}, "list", "fields", ""},
        {{"--list=syscall"}, "list", "fields", "syscall"},
        {{"--list-events"}, "list", "events", ""},
        {{"-V", "a.yaml", "-L"}, "check", "rules", ""},
        // A word counts more.
        {{"-L", "run"}, "run", "rules", ""},
    };
    for (const Row& row : rows) {
        const CommandLine line = parsed(row.arguments);
        CAPTURE(row.command, row.topic, row.name);
        CHECK(commands()[line.command].name == row.command);
        CHECK(line.list.topic == row.topic);
        CHECK(line.list.name == row.name);
    }
    CHECK(parsed({"-V", "a", "-V", "b"}).check_files == Texts{"a", "b"});
    CHECK(parsed({"--list", "-N"}).list.names_only);
    CHECK(parsed({"--list-events", "--markdown"}).list.format == "markdown");
}

TEST_CASE("what is not known is an error that names it") {
    CHECK(error_of({"--nope"}) ==
          "The following argument was not expected: --nope (see saker --help)");
    CHECK(error_of({"-Z"}) == "The following argument was not expected: -Z (see saker --help)");
    CHECK(error_of({"walk"}) == "The following argument was not expected: walk (see saker --help)");
    CHECK(error_of({"run", "--nope"}).find("--nope") != std::string::npos);
    CHECK(error_of({"explain"}) == "rule is required (see saker explain --help)");
    // A second file needs a second -r.
    CHECK(error_of({"-r", "a", "b"}).find("not expected: b") != std::string::npos);
}

TEST_CASE("a flag that is not here says what is") {
    CHECK(error_of({"-P", "/run/x.pid"}) ==
          "there is no -P here: let the service manager keep the pid");
    CHECK(error_of({"--rule-schema"}).find("`saker schema rules`") != std::string::npos);
    CHECK(error_of({"-r", "a", "-T", "filesystem"}).find("enabled: false") != std::string::npos);
    CHECK(error_of({"run", "-v"}).starts_with("there is no -v here: "));
    // Known elsewhere.
    CHECK(error_of({"list", "fields", "--format", "json"}) == "parsed");
}

TEST_CASE("a text is added to every output") {
    CHECK(parsed({"-p", "a=%proc.name \"b\"", "--print", "c", "-pd"}).assignments ==
          Texts{R"(append_output[]={"extra_output":"a=%proc.name \"b\""})",
                R"(append_output[]={"extra_output":"d"})"});
    for (const char* word : {"-pc", "-pk", "-pcontainer", "-pkubernetes"}) {
        CAPTURE(word);
        CHECK(parsed({word}).assignments.empty());
    }
}

TEST_CASE("a flag without its value, or with a bad one, is an error that names it") {
    for (const char* flag : {"-c", "-r", "-o", "-M"}) {
        CAPTURE(flag);
        CHECK(error_of({flag}).find(flag) != std::string::npos);
    }
    for (const char* seconds : {"x", "-1", "1.5", "5s", "99999999999"}) {
        CAPTURE(seconds);
        CHECK(error_of({"-M", seconds}).find("-M") != std::string::npos);
    }
    CHECK(error_of({"--dry-run=maybe"}) != "parsed");
    CHECK(error_of({"-c", "a", "-c", "b"}).find("-c") != std::string::npos);
}

TEST_CASE("help and version leave nothing to do") {
    for (const char* flag : {"--help", "-h", "--version"}) {
        CAPTURE(flag);
        const auto line = parse({flag});
        REQUIRE(line);
        CHECK_FALSE(*line);
    }
}

TEST_CASE("the version is that of the project, with the rule language's") {
    CHECK(version_text() == "Saker version: " + std::string(version()) + "\nEngine: 0.63.0");
    CHECK(std::string(version()).find_first_not_of("0123456789.") == std::string::npos);
}

}  // namespace
}  // namespace saker::cli
