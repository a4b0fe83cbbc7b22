// SPDX-License-Identifier: Apache-2.0
#include "cli/config.h"

#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "state/temp_folder.h"

namespace saker::cli {
namespace {

using Texts = std::vector<std::string>;

struct ConfigFile {
    test::TempFolder folder;
    std::string path = folder.path("saker.yaml");
    Config config;

    // Reads a file with that content; what is wrong, or "".
    std::string read(std::string_view content) {
        folder.write("saker.yaml", content);
        const auto done = config.read_file(path);
        return done ? "" : done.error().message;
    }
};

std::string set(Config& config, std::string_view assignment) {
    const auto done = config.set(assignment);
    return done ? "" : done.error().message;
}

std::string shown(bool value) {
    return value ? "true" : "false";
}

// Every key: how its value shows, one that it takes, one that it does not, and why not.
struct KeyCase {
    std::string_view key;
    std::string (*shown)(const Config& config);
    std::string_view before;
    std::string_view value;
    std::string_view after;
    std::string_view bad_value;
    std::string_view problem;
};

constexpr std::string_view kNoBool = "is not true or false";
constexpr std::string_view kNoPriority =
    "is no priority: emergency, alert, critical, error, warning, notice, informational or debug";
constexpr std::string_view kNoRingSize = "is not a power of two from 4096 to 1073741824";

const KeyCase kKeys[] = {
    {"json_output", [](const Config& c) { return shown(c.output.json_output); }, "false", "true",
     "true", "maybe", kNoBool},
    {"json_include_output_property",
     [](const Config& c) { return shown(c.output.json_include_output_property); }, "true", "no",
     "false", "1", kNoBool},
    {"json_include_message_property",
     [](const Config& c) { return shown(c.output.json_include_message_property); }, "false", "yes",
     "true", "''", kNoBool},
    {"json_include_output_fields_property",
     [](const Config& c) { return shown(c.output.json_include_output_fields_property); }, "true",
     "off", "false", "0", kNoBool},
    {"json_include_tags_property",
     [](const Config& c) { return shown(c.output.json_include_tags_property); }, "true", "False",
     "false", "tRuE", kNoBool},
    {"time_format_iso_8601", [](const Config& c) { return shown(c.output.time_format_iso_8601); },
     "false", "on", "true", "utc", kNoBool},
    {"buffered_outputs", [](const Config& c) { return shown(c.buffered_outputs); }, "false", "true",
     "true", "full", kNoBool},
    {"priority", [](const Config& c) { return std::string(rule::priority_name(c.priority)); },
     "Debug", "warning", "Warning", "loud", kNoPriority},
    {"rule_matching",
     [](const Config& c) {
         return std::string(c.rule_matching == filter::MatchMode::kAll ? "all" : "first");
     },
     "first", "all", "all", "ALL", "is not first or all"},
    {"falco_libs.snaplen", [](const Config& c) { return std::to_string(c.snap_length); }, "80",
     "512", "512", "513", "is not a number from 0 to 512"},
    // Nothing keeps it: there is one probe.
    {"engine.kind", [](const Config&) { return std::string("probe"); }, "probe", "kmod", "probe",
     "replay", "is not modern_ebpf, ebpf or kmod, which all mean Saker's own probe"},
    {"engine.modern_ebpf.buf_size_preset",
     [](const Config& c) { return std::to_string(c.bulk_bytes); }, "4194304", "4", "8388608", "11",
     "is not a number from 1 to 10"},
    {"engine.modern_ebpf.cpus_for_each_buffer",
     [](const Config& c) { return std::to_string(c.cpus_per_ring); }, "2", "4", "4", "1025",
     "is not a number from 0 to 1024"},
    {"probe.args_bytes", [](const Config& c) { return std::to_string(c.args_bytes); }, "16384",
     "131072", "131072", "131073", "is not a number from 0 to 131072"},
    {"probe.bulk_bytes", [](const Config& c) { return std::to_string(c.bulk_bytes); }, "4194304",
     "8192", "8192", "5000", kNoRingSize},
    {"probe.vital_bytes", [](const Config& c) { return std::to_string(c.vital_bytes); }, "1048576",
     "4096", "4096", "2048", kNoRingSize},
};

// a.b.c: value, as nested maps.
std::string as_yaml(std::string_view key, std::string_view value) {
    std::string text;
    std::string indent;
    for (auto dot = key.find('.'); dot != key.npos; dot = key.find('.')) {
        text += indent + std::string(key.substr(0, dot)) + ":\n";
        indent += "  ";
        key.remove_prefix(dot + 1);
    }
    return text + indent + std::string(key) + ": " + std::string(value) + "\n";
}

TEST_CASE("every key can be set on the command line, and refuses what it cannot mean") {
    for (const KeyCase& test : kKeys) {
        const std::string key(test.key);
        CAPTURE(key);
        Config config;
        CHECK(test.shown(config) == test.before);
        CHECK(set(config, key + "=" + std::string(test.value)) == "");
        CHECK(test.shown(config) == test.after);
        const std::string bad(test.bad_value == "''" ? "" : test.bad_value);
        CHECK(set(config, key + "=" + bad) ==
              "-o " + key + ": '" + bad + "' " + std::string(test.problem));
        CHECK(test.shown(config) == test.after);
    }
}

TEST_CASE("every key can be set in a file, and refuses what it cannot mean") {
    for (const KeyCase& test : kKeys) {
        const std::string key(test.key);
        CAPTURE(key);
        ConfigFile file;
        CHECK(file.read(as_yaml(key, test.value)) == "");
        CHECK(test.shown(file.config) == test.after);
        CHECK(file.config.unknown_keys.empty());
        const std::string bad(test.bad_value == "''" ? "" : test.bad_value);
        CHECK(file.read(as_yaml(key, test.bad_value)) ==
              file.path + ": " + key + ": '" + bad + "' " + std::string(test.problem));
    }
}

TEST_CASE("numbers are whole, positive and in decimal") {
    for (const char* value :
         {"", " 5", "5 ", "-1", "+5", "0x10", "1e2", "5.0", "five", "18446744073709551616"}) {
        CAPTURE(value);
        Config config;
        CHECK(set(config, std::string("falco_libs.snaplen=") + value) != "");
        CHECK(config.snap_length == 80);
    }
}

TEST_CASE("no cpus for each buffer means one buffer for all") {
    Config config;
    CHECK(set(config, "engine.modern_ebpf.cpus_for_each_buffer=0") == "");
    CHECK(config.cpus_per_ring == 1024);
}

TEST_CASE("an assignment needs a known key and an equals sign") {
    Config config;
    CHECK(set(config, "priority") == "-o priority: not of the form key=value");
    CHECK(set(config, "") == "-o : not of the form key=value");
    CHECK(set(config, "=x") == "-o =x: unknown key ");
    CHECK(set(config, "webserver.enabled=true") ==
          "-o webserver.enabled=true: unknown key webserver.enabled");
    CHECK(set(config, "priority =debug") == "-o priority =debug: unknown key priority ");
    // Only the first equals sign divides.
    CHECK(set(config, "rule_matching=all=all").starts_with("-o rule_matching: 'all=all' is not"));
}

TEST_CASE("what comes later wins") {
    ConfigFile file;
    REQUIRE(file.read("priority: error\n") == "");
    REQUIRE(set(file.config, "priority=notice") == "");
    CHECK(file.config.priority == rule::Priority::kNotice);
    REQUIRE(set(file.config, "priority=ALERT") == "");
    CHECK(file.config.priority == rule::Priority::kAlert);
}

TEST_CASE("rules files are a list or a single one, under the new name or the old") {
    const auto rules = [](std::string_view content) {
        ConfigFile file;
        CHECK(file.read(content) == "");
        return file.config.rules_files;
    };
    CHECK(rules("rules_files:\n  - /a.yaml\n  - /b\n") == Texts{"/a.yaml", "/b"});
    CHECK(rules("rules_file: [/a.yaml]\n") == Texts{"/a.yaml"});
    CHECK(rules("rules_files: /a.yaml\n") == Texts{"/a.yaml"});
    CHECK(rules("rules_files: []\n").empty());
    // All entries are commented out.
    CHECK(rules("rules_files:\n#  - /a.yaml\n").empty());
    for (const char* content : {"rules_files: {a: b}\n", "rules_files: [[/a.yaml]]\n"}) {
        ConfigFile file;
        CHECK(file.read(content) == file.path + ": rules_files: not a list of files and folders");
    }
}

TEST_CASE("static fields are names and values, from the file and the command line") {
    ConfigFile file;
    REQUIRE(file.read("static_fields:\n  stage: prod\n  Zone_2: 'a b'\n") == "");
    CHECK(set(file.config, "static_fields.stage=test=1") == "");
    CHECK(file.config.static_fields == field::StaticFields{{"Zone_2", "a b"}, {"stage", "test=1"}});
    CHECK(file.config.unknown_keys.empty());
    CHECK(file.read("static_fields:\n") == "");
    for (const char* content : {"static_fields: x\n", "static_fields: {a: [b]}\n"}) {
        CAPTURE(content);
        CHECK(file.read(content) == file.path + ": static_fields: not a map of names and values");
    }
    for (const char* key : {"", "1", "a-b", "a.b", "_a"}) {
        CAPTURE(key);
        CHECK(set(file.config, std::string("static_fields.") + key + "=x") ==
              std::string("static_fields: '") + key + "' is no name of a field");
    }
}

TEST_CASE("what is added to outputs is a list, and more from the command line") {
    ConfigFile file;
    REQUIRE(file.read("append_output:\n"
                      "  - match: {rule: r, source: syscall, tags: [a, b]}\n"
                      "    extra_output: on %evt.hostname\n"
                      "    extra_fields: [proc.pid, {where: '%fd.name', who: '%user.name'}]\n"
                      "  - suggested_output: yes\n"
                      "    typo: x\n") == "");
    CHECK(set(file.config, R"(append_output[]={"match":{"tags":["c"]},"extra_output":"x=y"})") ==
          "");
    const auto& additions = file.config.append_output;
    REQUIRE(additions.size() == 3);
    CHECK(additions[0].rule == "r");
    CHECK(additions[0].source == "syscall");
    CHECK(additions[0].tags == std::set<std::string>{"a", "b"});
    CHECK(additions[0].text == "on %evt.hostname");
    REQUIRE(additions[0].fields.size() == 3);
    CHECK(additions[0].fields[0].key == "proc.pid");
    CHECK(additions[0].fields[0].format.empty());
    CHECK(additions[0].fields[2].key == "who");
    CHECK(additions[0].fields[2].format == "%user.name");
    CHECK_FALSE(additions[0].suggested);
    CHECK(additions[1].suggested);
    CHECK(additions[2].tags == std::set<std::string>{"c"});
    CHECK(additions[2].text == "x=y");
    CHECK(file.config.unknown_keys == Texts{"append_output.typo"});
    CHECK(file.read("append_output:\n") == "");
}

TEST_CASE("what is wrong with an addition to outputs is said with its entry") {
    struct Row {
        const char* entry;
        const char* problem;
    };
    const Row rows[] = {
        {"x", "is not a map"},
        {"{match: x}", "match is not a map"},
        {"{match: {tags: x}}", "match tags is not a list of tags"},
        {"{match: {tags: [[x]]}}", "match tags is not a list of tags"},
        {"{match: {rule: [x]}}", "match rule is not a text"},
        {"{extra_output: {a: b}}", "extra_output is not a text"},
        {"{extra_fields: [[x]]}",
         "extra_fields is not a list of fields and of maps of keys and formats"},
        {"{extra_fields: [{a: }]}", "extra_fields has an empty key or format"},
        {"{extra_fields: [{a: [b]}]}", "extra_fields is not a text"},
        {"{suggested_output: maybe}", "suggested_output is not true or false"},
    };
    for (const Row& row : rows) {
        ConfigFile file;
        CAPTURE(row.entry);
        CHECK(file.read(std::string("append_output: [{}, ") + row.entry + "]\n") ==
              file.path + ": append_output, entry 2: " + row.problem);
        CHECK(set(file.config, std::string("append_output[]=") + row.entry) ==
              std::string("-o append_output[]: ") + row.problem);
    }
    ConfigFile file;
    CHECK(file.read("append_output: {a: b}\n") == file.path + ": append_output: is not a list");
    CHECK(set(file.config, "append_output[]={typo: x}") == "-o unknown key append_output.typo");
    CHECK(set(file.config, "append_output[]=[").starts_with("-o append_output[]: "));
}

TEST_CASE("keys that are not used are named, and do not matter") {
    ConfigFile file;
    CHECK(file.read("webserver:\n  enabled: true\n  k8s_healthz_endpoint: /healthz\n"
                    "engine:\n  kind: ebpf\n  modern_ebpf:\n    drop_failed_exit: true\n"
                    "    buf_size_preset: 3\n"
                    "plugins: [a, b]\n"
                    "metrics: yes\n") == "");
    CHECK(file.config.unknown_keys ==
          Texts{"webserver", "engine.modern_ebpf.drop_failed_exit", "plugins", "metrics"});
    CHECK(file.config.bulk_bytes == std::size_t{4} << 20);
}

TEST_CASE("outputs that are switched on and not there are named") {
    ConfigFile file;
    CHECK(file.read("stdout_output: {enabled: true}\n"
                    "syslog_output: {enabled: true}\n"
                    "file_output: {enabled: false, filename: x}\n"
                    "http_output: {enabled: [], url: x}\n"
                    "program_output: true\n") == "");
    CHECK(file.config.missing_outputs == Texts{"syslog_output"});
    CHECK(file.config.unknown_keys.size() == 5);
}

TEST_CASE("a key without a value keeps its default, one with a list or a map is wrong") {
    ConfigFile file;
    CHECK(file.read("priority:\njson_output: ~\n") == "");
    CHECK(file.config.unknown_keys.empty());
    CHECK(file.read("priority: [error]\n") == file.path + ": priority: is not a single value");
    CHECK(file.read("falco_libs:\n  snaplen: {a: 1}\n") ==
          file.path + ": falco_libs.snaplen: is not a single value");
}

TEST_CASE("an empty file is a configuration") {
    for (const char* content : {"", "\n", "# nothing\n", "---\n", "~\n"}) {
        CAPTURE(content);
        ConfigFile file;
        CHECK(file.read(content) == "");
    }
}

TEST_CASE("what is no map is no configuration") {
    for (const char* content : {"priority", "- priority: error\n", "[]", "5"}) {
        CAPTURE(content);
        ConfigFile file;
        CHECK(file.read(content) == file.path + ": not a map of keys and values");
    }
}

TEST_CASE("errors of the YAML itself name the line and the column") {
    ConfigFile file;
    CHECK(file.read("priority: error\njson_output: [\n").starts_with(file.path + ":3:1: "));
    CHECK(file.read("a: b: c\n").starts_with(file.path + ":1:5: "));
}

std::string repeated(std::string_view text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += text;
    return all;
}

// Nine levels, each ten times the one before: a walk of all that is named would not end.
std::string laughs() {
    std::string text = "a0: &a0 {x: y}\n";
    for (int i = 1; i <= 9; ++i) {
        const std::string alias = "*a" + std::to_string(i - 1);
        text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " {";
        for (int k = 0; k < 10; ++k) text += "k" + std::to_string(k) + ": " + alias + ", ";
        text += "}\n";
    }
    return text;
}

TEST_CASE("no file makes the reader throw, crash or hang") {
    const std::vector<std::string> contents = {
        repeated("[", 100'000),
        repeated("{a: ", 100'000),
        repeated("a:\n", 1),
        "a: " + repeated("- ", 100'000),
        "&a [*a]",
        "x: &a {y: *a}",
        "engine: &a {modern_ebpf: *a, engine: *a}",
        "engine: &e\n  modern_ebpf: *e\n",
        "? [a, b]\n: c\n",
        "? {a: b}\n: c\n",
        "*a : b\n",
        "rules_files: &r [*r]\n",
        "engine: *nothing\n",
        "!!binary priority: !!int error\n",
        std::string("priority: \0error\n", 17),
        "\xff\xfe\x00p",
        "priority: \"\xc3\x28\"\n",
        std::string(1000, '\0'),
        repeated("\t", 1000),
        "a: |\n" + repeated(" \n", 10'000),
        repeated("k: v\n", 10'000),
        "%YAML 9.9\n---\na: b\n",
        "%TAG ! !\n---\n!<!> a: b\n",
        laughs(),
    };
    for (const std::string& content : contents) {
        CAPTURE(content.substr(0, 40));
        ConfigFile file;
        const std::string message = file.read(content);
        CHECK((message.empty() || message.starts_with(file.path)));
    }
}

TEST_CASE("a file that is too large, missing or no file is an error that names it") {
    ConfigFile file;
    CHECK(file.read(repeated("#", (1 << 20) + 1)) == file.path + " is larger than 1 MiB");
    CHECK(file.read(repeated("#", 1 << 20)) == "");
    const auto missing = Config().read_file(file.folder.path("none"));
    REQUIRE_FALSE(missing);
    CHECK(missing.error().message ==
          "cannot read " + file.folder.path("none") + ": No such file or directory");
    const auto folder = Config().read_file(file.folder.path());
    REQUIRE_FALSE(folder);
    CHECK(folder.error().message.starts_with("cannot read " + file.folder.path()));
}

}  // namespace
}  // namespace saker::cli
