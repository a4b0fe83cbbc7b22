// SPDX-License-Identifier: Apache-2.0
#include "cli/explanation.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "catch.h"
#include "engine/engine.h"
#include "record_builder.h"
#include "rule/loader.h"

namespace saker::cli {
namespace {

using test::RecordBuilder;

constexpr const char* kRules = R"(
- rule: Shadow
  desc: d
  condition: evt.type = openat and (fd.name = /a or fd.name = /etc/shadow) and not proc.tty = 7
  output: o
  priority: INFO
- rule: Other
  desc: d
  condition: evt.type = openat and proc.name = cat
  output: o
  priority: INFO
)";

// The alerts of an event, each with what explains it.
std::vector<std::string> explained(const std::string& only, const RecordBuilder& record) {
    rule::Loader loader(field::Registry::native());
    loader.add_text("r.yaml", kRules);
    const rule::LoadResult loaded = loader.finish();
    REQUIRE_FALSE(loaded.has_errors);
    engine::EngineOptions options;
    options.matching = filter::MatchMode::kAll;
    options.host_root = "/dev/null";
    options.explain = [&](const rule::Rule& rule, const field::Context& context) {
        return rule.name == only ? std::optional(explanation_of(rule, context)) : std::nullopt;
    };
    std::vector<std::string> lines;
    engine::Engine engine(loaded.rules, options, [&](const engine::Alert& alert) {
        std::string line = alert.rule;
        if (alert.explanation && alert.explanation->real_name) line += ", real name";
        if (alert.explanation) {
            for (const auto& reason : alert.explanation->reasons) {
                line +=
                    "; " + reason.test + (reason.holds ? " holds, " : " does not, ") + reason.value;
            }
        }
        lines.push_back(line);
    });
    engine.process(record.build().bytes());
    return lines;
}

RecordBuilder opening(std::string_view asked, std::string_view real) {
    return RecordBuilder("openat").ret(3).comm("cat").path(0, asked).fd(1, 3, SAKER_FD_FILE, real);
}

TEST_CASE("a match is explained by the tests that decided, on their values") {
    const std::vector<std::string> expected = {
        "Shadow; evt.type = openat holds, evt.type is openat; fd.name = /etc/shadow holds, "
        "fd.name is /etc/shadow; proc.tty = 7 does not, proc.tty is 0",
        "Other"};
    CHECK(explained("Shadow", opening("/etc/shadow", "/etc/shadow")) == expected);
}

TEST_CASE("a match under the file's real name is explained under that one") {
    const auto lines = explained("Shadow", opening("/tmp/link", "/etc/shadow"));
    REQUIRE(lines.size() == 2);
    const auto found = std::ranges::find_if(
        lines, [](const std::string& line) { return line.starts_with("Shadow, real name; "); });
    REQUIRE(found != lines.end());
    CHECK(found->find("fd.name = /etc/shadow holds, fd.name is /etc/shadow") != std::string::npos);
}

}  // namespace
}  // namespace saker::cli
