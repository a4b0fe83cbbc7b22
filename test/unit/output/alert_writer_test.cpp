// SPDX-License-Identifier: Apache-2.0
#include "output/alert_writer.h"

#include <memory>
#include <string>
#include <vector>

#include "alerts.h"
#include "catch.h"

using saker::Result;
using saker::output::AlertWriter;
using saker::output::Options;
using saker::output::Sink;

namespace {

// Keeps lines in a vector that outlives it; fails where it has none.
class MemorySink : public Sink {
public:
    explicit MemorySink(std::vector<std::string>* lines) : lines_(lines) {}

    Result<void> write(std::string_view line) override {
        if (lines_ == nullptr) return saker::fail("no room");
        lines_->emplace_back(line);
        return {};
    }

private:
    std::vector<std::string>* lines_;
};

std::vector<std::unique_ptr<Sink>> sinks(std::vector<std::vector<std::string>*> targets) {
    std::vector<std::unique_ptr<Sink>> made;
    for (auto* target : targets) made.push_back(std::make_unique<MemorySink>(target));
    return made;
}

}  // namespace

TEST_CASE("all sinks get the same line") {
    const saker::test::Utc utc;
    std::vector<std::string> one;
    std::vector<std::string> two;
    AlertWriter writer(Options{}, sinks({&one, &two}));
    REQUIRE(writer.write(saker::test::plain_alert()));
    REQUIRE(writer.write(saker::test::plain_alert()));
    REQUIRE(one.size() == 2);
    CHECK(one[0] == "22:13:20.123456789: Warning Sensitive file read (file=/etc/shadow tty=0)");
    CHECK(one[1] == one[0]);
    CHECK(two == one);
}

TEST_CASE("json_output writes JSON") {
    std::vector<std::string> lines;
    Options options;
    options.json_output = true;
    AlertWriter writer(options, sinks({&lines}));
    REQUIRE(writer.write(saker::test::plain_alert()));
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].substr(0, 18) == R"({"hostname":"box",)");
}

TEST_CASE("a sink that fails does not keep the others from their line") {
    std::vector<std::string> lines;
    AlertWriter writer(Options{}, sinks({nullptr, &lines}));
    const Result<void> result = writer.write(saker::test::plain_alert());
    REQUIRE_FALSE(result);
    CHECK(result.error().message == "no room");
    CHECK(lines.size() == 1);
    CHECK(writer.statistics().total() == 1);
}
