// SPDX-License-Identifier: Apache-2.0
#include "cli/config.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "cli/append_output.h"
#include "fmt/core.h"
#include "saker/record.h"
#include "util/number.h"
#include "yaml-cpp/yaml.h"

namespace saker::cli {

namespace {

constexpr std::uintmax_t kMaxFileBytes = std::uintmax_t{1} << 20;
constexpr std::string_view kStaticFields = "static_fields";
constexpr std::string_view kAppendOutput = "append_output";
constexpr std::string_view kOneAppendOutput = "append_output[]";  // on the command line

// What is wrong with a value; empty if nothing.
using Problem = std::string;

Problem set_bool(bool& target, const std::string& value) {
    bool parsed = false;
    if (!YAML::convert<bool>::decode(YAML::Node(value), parsed)) return "is not true or false";
    target = parsed;
    return "";
}

template <bool output::Options::* member>
Problem set_output(Config& config, const std::string& value) {
    return set_bool(config.output.*member, value);
}

template <bool Config::* member>
Problem set_flag(Config& config, const std::string& value) {
    return set_bool(config.*member, value);
}

template <rule::Priority Config::* member>
Problem set_priority(Config& config, const std::string& value) {
    const auto priority = rule::parse_priority(value);
    if (!priority) {
        return "is no priority: emergency, alert, critical, error, warning, notice, "
               "informational or debug";
    }
    config.*member = *priority;
    return "";
}

Problem set_rule_matching(Config& config, const std::string& value) {
    if (value != "first" && value != "all") return "is not first or all";
    config.rule_matching = value == "all" ? filter::MatchMode::kAll : filter::MatchMode::kFirst;
    return "";
}

Problem set_snap_length(Config& config, const std::string& value) {
    const auto number = text::parse_number<std::uint64_t>(value);
    if (!number || *number > SAKER_SNAP_MAX) {
        return fmt::format("is not a number from 0 to {}", SAKER_SNAP_MAX);
    }
    config.snap_length = *number;
    return "";
}

// 1 is 1 MiB, and each step doubles it.
Problem set_buffer_preset(Config& config, const std::string& value) {
    const auto number = text::parse_number<std::uint64_t>(value);
    if (!number || *number < 1 || *number > 10) return "is not a number from 1 to 10";
    config.bulk_bytes = std::size_t{1} << (19 + *number);
    return "";
}

// Ring buffers are a power of two of pages.
template <std::size_t Config::* member>
Problem set_ring_bytes(Config& config, const std::string& value) {
    const auto number = text::parse_number<std::uint64_t>(value);
    if (!number || *number < 4096 || *number > (1u << 30) || (*number & (*number - 1)) != 0) {
        return "is not a power of two from 4096 to 1073741824";
    }
    config.*member = *number;
    return "";
}

Problem set_cpus_per_ring(Config& config, const std::string& value) {
    const auto number = text::parse_number<std::uint64_t>(value);
    if (!number || *number > 1024) return "is not a number from 0 to 1024";
    config.cpus_per_ring = *number == 0 ? 1024 : static_cast<unsigned>(*number);
    return "";
}

template <std::size_t Config::* member, std::uint64_t max>
Problem set_number(Config& config, const std::string& value) {
    const auto number = text::parse_number<std::uint64_t>(value);
    if (!number || *number > max) return fmt::format("is not a number from 0 to {}", max);
    config.*member = *number;
    return "";
}

// There is one probe, whichever driver the file is made for. Other kinds are about something else
// than this kernel.
Problem set_engine_kind(Config& /*config*/, const std::string& value) {
    if (value == "modern_ebpf" || value == "ebpf" || value == "kmod") return "";
    return "is not modern_ebpf, ebpf or kmod, which all mean Saker's own probe";
}

struct Key {
    std::string_view name;
    Problem (*set)(Config& config, const std::string& value);
};

using output::Options;

constexpr Key kKeys[] = {
    {"json_output", set_output<&Options::json_output>},
    {"json_include_output_property", set_output<&Options::json_include_output_property>},
    {"json_include_message_property", set_output<&Options::json_include_message_property>},
    {"json_include_output_fields_property",
     set_output<&Options::json_include_output_fields_property>},
    {"json_include_tags_property", set_output<&Options::json_include_tags_property>},
    {"time_format_iso_8601", set_output<&Options::time_format_iso_8601>},
    {"buffered_outputs", set_flag<&Config::buffered_outputs>},
    {"log_level", set_priority<&Config::log_level>},
    {"priority", set_priority<&Config::priority>},
    {"rule_matching", set_rule_matching},
    {"falco_libs.snaplen", set_snap_length},
    {"engine.kind", set_engine_kind},
    {"engine.modern_ebpf.buf_size_preset", set_buffer_preset},
    {"engine.modern_ebpf.cpus_for_each_buffer", set_cpus_per_ring},
    {"probe.args_bytes", set_number<&Config::args_bytes, SAKER_ARGS_LIMIT>},
    {"probe.bulk_bytes", set_ring_bytes<&Config::bulk_bytes>},
    {"probe.vital_bytes", set_ring_bytes<&Config::vital_bytes>},
    {"probe.kernel_filter", set_flag<&Config::kernel_filter>},
    {"containers.wait_ms", set_number<&Config::container_wait_ms, 60'000>},
    {"containers.queue_bytes", set_number<&Config::container_queue_bytes, 1u << 30>},
    {"containers.label_max_len", set_number<&Config::container_label_bytes, 65'536>},
    {"containers.sockets", set_flag<&Config::container_sockets>},
};

const Key* find_key(std::string_view name) {
    const auto* found = std::ranges::find(kKeys, name, &Key::name);
    return found == std::end(kKeys) ? nullptr : found;
}

Result<void> set_value(Config& config, const Key& key, const std::string& value) {
    const Problem problem = key.set(config, value);
    if (!problem.empty()) return fail(fmt::format("{}: '{}' {}", key.name, value, problem));
    return {};
}

Result<void> set_value(Config& config, const Key& key, const YAML::Node& node) {
    if (node.IsNull()) return {};  // the default stays
    if (!node.IsScalar()) return fail(fmt::format("{}: is not a single value", key.name));
    return set_value(config, key, node.as<std::string>());
}

Result<void> read_rules_files(Config& config, const YAML::Node& node) {
    if (node.IsNull()) return {};  // all entries of the list are commented out
    if (node.IsScalar()) {
        config.rules_files.push_back(node.as<std::string>());
        return {};
    }
    if (!node.IsSequence()) return fail("rules_files: not a list of files and folders");
    for (const YAML::Node& item : node) {
        if (!item.IsScalar()) return fail("rules_files: not a list of files and folders");
        config.rules_files.push_back(item.as<std::string>());
    }
    return {};
}

// Of static.KEY, which a condition can name only if the key is a word.
Result<void> set_static_field(Config& config, const std::string& key, const std::string& value) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const bool word = !key.empty() && is_letter(key[0]) && std::ranges::all_of(key, [&](char c) {
        return is_letter(c) || c == '_' || (c >= '0' && c <= '9');
    });
    if (!word) return fail(fmt::format("static_fields: '{}' is no name of a field", key));
    config.static_fields[key] = value;
    return {};
}

Result<void> read_static_fields(Config& config, const YAML::Node& node) {
    if (node.IsNull()) return {};
    if (!node.IsMap()) return fail("static_fields: not a map of names and values");
    for (const auto& item : node) {
        if (!item.second.IsScalar()) return fail("static_fields: not a map of names and values");
        auto done =
            set_static_field(config, item.first.as<std::string>(), item.second.as<std::string>());
        if (!done) return done;
    }
    return {};
}

Result<void> set_append_output(Config& config, const YAML::Node& node) {
    auto additions = read_append_output(node, config.unknown_keys);
    if (!additions) return std::unexpected(additions.error());
    config.append_output = std::move(*additions);
    return {};
}

// True if a key lies in the map of that name. Others are not looked into: through an alias a map
// can even contain itself.
bool leads_to_keys(std::string_view name) {
    return std::ranges::any_of(kKeys, [name](const Key& key) {
        return key.name.starts_with(name) && key.name.substr(name.size()).starts_with('.');
    });
}

// "syslog_output" and its like, with enabled: true.
bool is_output_in_use(std::string_view name, const YAML::Node& node) {
    if (!name.ends_with("_output") || name == "stdout_output" || !node.IsMap()) return false;
    bool enabled = false;
    const YAML::Node& value = node["enabled"];
    return value && YAML::convert<bool>::decode(value, enabled) && enabled;
}

// Walks the maps of a file; nested keys are joined by dots.
Result<void> read_map(Config& config, const YAML::Node& map, const std::string& prefix) {
    for (const auto& item : map) {
        const std::string name = prefix + item.first.as<std::string>();
        Result<void> done;
        if (name == "rules_files" || name == "rules_file") {
            done = read_rules_files(config, item.second);
        } else if (name == kStaticFields) {
            done = read_static_fields(config, item.second);
        } else if (name == kAppendOutput) {
            done = set_append_output(config, item.second);
        } else if (const Key* key = find_key(name); key != nullptr) {
            done = set_value(config, *key, item.second);
        } else if (item.second.IsMap() && leads_to_keys(name)) {
            done = read_map(config, item.second, name + ".");
        } else {
            config.unknown_keys.push_back(name);
            if (is_output_in_use(name, item.second)) config.missing_outputs.push_back(name);
        }
        if (!done) return done;
    }
    return {};
}

}  // namespace

Result<void> Config::read_file(const std::string& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error) return fail(fmt::format("cannot read {}: {}", path, error.message()));
    if (size > kMaxFileBytes) return fail(fmt::format("{} is larger than 1 MiB", path));
    try {
        const YAML::Node root = YAML::LoadFile(path);
        if (root.IsNull()) return {};
        if (!root.IsMap()) return fail(fmt::format("{}: not a map of keys and values", path));
        if (auto done = read_map(*this, root, ""); !done) {
            return fail(fmt::format("{}: {}", path, done.error().message));
        }
    } catch (const YAML::Exception& exception) {
        return fail(fmt::format("{}:{}:{}: {}", path, exception.mark.line + 1,
                                exception.mark.column + 1, exception.msg));
    }
    return {};
}

Result<void> Config::set(std::string_view assignment) {
    const auto equals = assignment.find('=');
    if (equals == std::string_view::npos) {
        return fail(fmt::format("-o {}: not of the form key=value", assignment));
    }
    const std::string_view name = assignment.substr(0, equals);
    const std::string value(assignment.substr(equals + 1));
    if (name.starts_with(kStaticFields) && name.substr(kStaticFields.size()).starts_with('.')) {
        return set_static_field(*this, std::string(name.substr(kStaticFields.size() + 1)), value);
    }
    if (name == kOneAppendOutput) {
        auto addition = parse_append_output(value);
        if (!addition) return fail(fmt::format("-o {}", addition.error().message));
        append_output.push_back(std::move(*addition));
        return {};
    }
    const Key* key = find_key(name);
    if (key == nullptr) return fail(fmt::format("-o {}: unknown key {}", assignment, name));
    auto done = set_value(*this, *key, value);
    if (!done) return fail(fmt::format("-o {}", done.error().message));
    return {};
}

}  // namespace saker::cli
