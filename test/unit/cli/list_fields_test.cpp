// SPDX-License-Identifier: Apache-2.0
#include "cli/list_fields.h"

#include <array>
#include <fstream>
#include <sstream>
#include <string>

#include "catch.h"

namespace saker::cli {
namespace {

using field::Argument;
using field::FieldInfo;
using field::Several;
using field::ValueType;

constexpr FieldInfo row(std::string_view name, ValueType type, Argument argument, Several several,
                        std::uint16_t flags) {
    return {name, type, argument, several, flags, nullptr, nullptr, "A | b."};
}

const field::Registry& small_registry() {
    static const std::array rows = {
        row("a.plain", ValueType::kUint, Argument::kNone, Several::kOne, 0),
        row("b.list", ValueType::kString, Argument::kIndexOptional, Several::kList, field::kOwn),
        row("a.raw", ValueType::kString, Argument::kParam, Several::kOne,
            field::kTypedByParam | field::kFilterOnly),
        row("a.hidden", ValueType::kString, Argument::kNone, Several::kOne, field::kHidden),
    };
    static const field::Registry registry(rows);
    return registry;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("fields are listed as text, by class") {
    CHECK(fields_text(small_registry()) ==
          "a\n\n"
          "a.plain  (uint)\n    A | b.\n"
          "a.raw.NAME, a.raw[n]  (the parameter's, conditions only)\n    A | b.\n"
          "\nb\n\n"
          "b.list, b.list[n]  (list of string, Saker's own)\n    A | b.\n");
    CHECK(field_names(small_registry()) == "a.plain\nb.list\na.raw\n");
}

TEST_CASE("fields are chosen by name, class or beginning") {
    const auto names = [](std::string_view name) {
        std::string all;
        for (const FieldInfo& info : fields_named(field::Registry::native(), name)) {
            (all += all.empty() ? "" : " ") += info.name;
        }
        return all;
    };
    CHECK(names("proc.aname") == "proc.aname");
    CHECK(names("proc.aname[2]") == "proc.aname");
    CHECK(names("fd.sip") == "fd.sip fd.sip.name");
    CHECK(names("user").starts_with("user.uid user.name "));
    for (const char* none : {"proc.anam", "nosuch", "proc.", "util.cnt", "[2]"}) {
        CAPTURE(none);
        CHECK(names(none).empty());
    }
}

TEST_CASE("fields are listed as Markdown tables") {
    const std::string text = fields_markdown(small_registry());
    CHECK(text.starts_with("# Fields\n"));
    CHECK(has(text,
              "\n## a\n\n| Field | Type | |\n|---|---|---|\n"
              "| `a.plain` | uint | A \\| b. |\n"));
    CHECK(has(text, "| `b.list` `b.list[n]` | list of string | A \\| b. *(Saker's own)* |\n"));
    CHECK_FALSE(has(text, "hidden"));
}

TEST_CASE("fields are listed as JSON") {
    CHECK(fields_json(small_registry()) ==
          R"({"fields":[{"name":"a.plain","class":"a","type":"uint","list":false,)"
          R"("forms":["a.plain"],"notes":[],"description":"A | b."},)"
          R"({"name":"b.list","class":"b","type":"string","list":true,)"
          R"("forms":["b.list","b.list[n]"],"notes":["Saker's own"],"description":"A | b."},)"
          R"({"name":"a.raw","class":"a","type":"parameter","list":false,)"
          R"("forms":["a.raw.NAME","a.raw[n]"],"notes":["conditions only"],)"
          R"("description":"A | b."}]})"
          "\n");
}

// A page that nobody makes again when a field is added tells half of the truth.
TEST_CASE("docs/fields.md is what the program prints") {
    std::ifstream file(SAKER_DOCS "/fields.md");
    std::ostringstream page;
    page << file.rdbuf();
    const bool same = page.str() == fields_markdown(field::Registry::native());
    INFO("saker list fields --format markdown > docs/fields.md");
    CHECK(same);
}

}  // namespace saker::cli
