// SPDX-License-Identifier: Apache-2.0
#include "cli/check_report.h"

#include <yaml-cpp/yaml.h>

#include <string>

#include "catch.h"
#include "cli/describe.h"
#include "cli/rules.h"
#include "field/field.h"

namespace saker::cli {
namespace {

const std::string kRule =
    "- rule: R\n  desc: why\n  condition: opens and proc.name in (shells)\n"
    "  output: \"%proc.name %toupper(user.name)\"\n  priority: warning\n  tags: [b, a]\n"
    "  capture_duration: 7\n"
    "  exceptions: [{name: e, fields: [proc.pname, fd.name], comps: [=, startswith], "
    "values: [[make, /tmp]]}]\n";
const std::string kRest =
    "- required_engine_version: 57\n"
    "- required_plugin_versions: [{name: x, version: 1.0.0, alternatives: [{name: container, "
    "version: 0.4.0}]}]\n"
    "- {list: plain, items: [sh]}\n- {list: shells, items: [plain, bash]}\n"
    "- {macro: opens, condition: evt.type = open}\n"
    "- {macro: idle, condition: opens or no.such = 1}\n";

rule::LoadResult load(const std::vector<std::string>& texts) {
    rule::Loader loader(field::Registry::native());
    for (std::size_t i = 0; i < texts.size(); ++i) {
        loader.add_text("f" + std::to_string(i), texts[i]);
    }
    return loader.finish();
}

// JSON is YAML, but for nothing that is in here.
YAML::Node parsed(const std::string& json) {
    return YAML::Load(json);
}

using Texts = std::vector<std::string>;

Texts texts(const YAML::Node& node) {
    return node.as<Texts>();
}

}  // namespace

TEST_CASE("results say of each file whether it is right") {
    auto loaded = load(
        {kRest + kRule + "- {rool: x}\n", "- {list: l, items: [a]}\n", "- {list: l, items: x}\n"});
    const auto results = results_of(loaded);
    REQUIRE(results.size() == 3);
    CHECK(results[0].good());
    CHECK(results[1].good());
    CHECK_FALSE(results[2].good());
    const std::string text = text_of(results);
    CHECK(
        text.starts_with("f0: Ok, with warnings\nf1: Ok\nf2: Invalid\n1 Errors:\n"
                         "In rules content: (f2:1:1)\n    list 'l': (f2:1:10)\n"));
    CHECK(text.ends_with("'items' must be a sequence\n"));
    CHECK(report(results[0])
              .starts_with("1 Warnings:\nIn rules content: (f0:1:1)\n    rules content item: "));
}

TEST_CASE("a file that was named twice has its mistakes once for each") {
    rule::Loader loader(field::Registry::native());
    for (int i = 0; i < 2; ++i) loader.add_text("same", "- {rool: x}\n");
    auto loaded = loader.finish();
    const auto results = results_of(loaded);
    CHECK(results[0].warnings.size() == 1);
    CHECK(results[1].warnings.size() == 1);
}

TEST_CASE("results as JSON have the keys that tools read") {
    auto loaded = load({"- {list: l, items: x}\n- {rool: x}\n", "[]"});
    const auto out = json_of(results_of(loaded), nullptr, "");
    REQUIRE(out);
    const YAML::Node all = parsed(*out);
    CHECK_FALSE(all["falco_describe_results"]);
    REQUIRE(all["falco_load_results"].size() == 2);
    const YAML::Node bad = all["falco_load_results"][0];
    CHECK(bad["name"].as<std::string>() == "f0");
    CHECK_FALSE(bad["successful"].as<bool>());
    CHECK_FALSE(bad["schema_valid"].as<bool>());
    CHECK(texts(bad["schema_warnings"]).size() == 2);
    REQUIRE(bad["errors"].size() == 1);
    REQUIRE(bad["warnings"].size() == 1);
    const YAML::Node error = bad["errors"][0];
    CHECK(error["code"].as<std::string>() == "LOAD_ERR_YAML_VALIDATE");
    CHECK(error["codedesc"].as<std::string>() ==
          "Error validating internal structure of YAML file");
    const YAML::Node place = error["context"]["locations"][2];
    CHECK(place["item_type"].as<std::string>() == "value for");
    CHECK(place["item_name"].as<std::string>() == "items");
    CHECK(place["position"]["line"].as<int>() == 0);
    CHECK(place["position"]["column"].as<int>() == 19);
    CHECK(place["position"]["offset"].as<int>() == 19);
    CHECK(error["context"]["snippet"].as<std::string>() ==
          "- {list: l, items: x}\n                   ^\n");
    const YAML::Node good = all["falco_load_results"][1];
    CHECK(good["successful"].as<bool>());
    CHECK(good["schema_valid"].as<bool>());
    CHECK(good["errors"].size() == 0);
}

TEST_CASE("a description tells what became of rules, macros and lists") {
    auto loaded = load({kRest, kRule});
    const auto out = json_of(results_of(loaded), &loaded.rules, "");
    REQUIRE(out);
    const YAML::Node all = parsed(*out)["falco_describe_results"];
    CHECK(all["required_engine_version"].as<std::string>() == "0.57.0");
    const YAML::Node plugin = all["required_plugin_versions"][0];
    CHECK(plugin["name"].as<std::string>() == "x");
    CHECK(plugin["version"].as<std::string>() == "1.0.0");
    CHECK(plugin["alternatives"][0]["name"].as<std::string>() == "container");

    const YAML::Node info = all["rules"][0]["info"];
    CHECK(info["name"].as<std::string>() == "R");
    CHECK(info["condition"].as<std::string>() == "opens and proc.name in (shells)");
    CHECK(info["priority"].as<std::string>() == "Warning");
    CHECK(info["output"].as<std::string>() == "%proc.name %toupper(user.name)");
    CHECK(info["description"].as<std::string>() == "why");
    CHECK(info["enabled"].as<bool>());
    CHECK(info["source"].as<std::string>() == "syscall");
    CHECK_FALSE(info["capture"].as<bool>());
    CHECK(info["capture_duration"].as<int>() == 7);
    CHECK(texts(info["tags"]) == Texts{"a", "b"});

    const YAML::Node details = all["rules"][0]["details"];
    CHECK(texts(details["macros"]) == Texts{"opens"});
    CHECK(texts(details["lists"]) == Texts{"shells"});
    CHECK(texts(details["condition_operators"]) == Texts{"=", "in", "startswith"});
    CHECK(texts(details["condition_fields"]) ==
          Texts{"evt.type", "fd.name", "proc.name", "proc.pname"});
    CHECK(texts(details["output_fields"]) == Texts{"proc.name", "user.name"});
    CHECK(texts(details["exception_names"]) == Texts{"e"});
    CHECK(texts(details["exception_fields"]) == Texts{"fd.name", "proc.pname"});
    CHECK(texts(details["exception_operators"]) == Texts{"=", "startswith"});
    CHECK(texts(details["events"]) == Texts{"open"});
    CHECK(details["condition_compiled"].as<std::string>() ==
          "((evt.type = open and proc.name in (sh, bash)) and not (proc.pname = make and fd.name "
          "startswith /tmp))");
    CHECK(details["output_compiled"].as<std::string>() == "%proc.name %toupper(user.name)");
    CHECK(details["plugins"].size() == 0);
    CHECK_FALSE(details["extra_output_formatted_fields"]);

    const YAML::Node used = all["macros"][0];
    CHECK(used["info"]["name"].as<std::string>() == "opens");
    CHECK(used["details"]["used"].as<bool>());
    CHECK(texts(used["details"]["events"]) == Texts{"open"});
    // A macro that no rule uses may name what is not there.
    const YAML::Node idle = all["macros"][1];
    CHECK_FALSE(idle["details"]["used"].as<bool>());
    CHECK(texts(idle["details"]["macros"]) == Texts{"opens"});
    CHECK(idle["details"]["condition_compiled"].as<std::string>() ==
          "(evt.type = open or no.such = 1)");
    CHECK(idle["details"]["events"].size() == 0);

    const YAML::Node shells = all["lists"][1];
    CHECK(texts(shells["info"]["items"]) == Texts{"plain", "bash"});
    CHECK(shells["details"]["used"].as<bool>());
    CHECK(texts(shells["details"]["lists"]) == Texts{"plain"});
    CHECK(texts(shells["details"]["items_compiled"]) == Texts{"sh", "bash"});
}

TEST_CASE("what is compiled of an output is without %container.info") {
    const auto loaded = load(
        {"- {rule: R, desc: d, condition: evt.type = open, priority: INFO, output: "
         "\"%container.info a=%proc.name (%container.info) %8container.info%container.id\"}\n"});
    std::string out;
    json::Writer json(out);
    REQUIRE(append_description(json, loaded.rules, "R"));
    const YAML::Node rule = parsed(out)["rules"][0];
    CHECK(rule["details"]["output_compiled"].as<std::string>() == " a=%proc.name () %container.id");
    CHECK(rule["info"]["output"].as<std::string>().starts_with("%container.info a="));
}

TEST_CASE("what the configuration adds to outputs is described with the rule") {
    auto loaded = load({kRest, kRule});
    Config config;
    config.append_output = {{.rule = "",
                             .source = "",
                             .tags = {},
                             .text = "on %evt.hostname",
                             .fields = {{"proc.pid", ""}, {"where", "%fd.name"}},
                             .suggested = true}};
    REQUIRE(add_to_outputs(config, field::Registry::native(), loaded.rules));
    std::string out;
    json::Writer json(out);
    REQUIRE(append_description(json, loaded.rules, "R"));
    const YAML::Node rule = parsed(out)["rules"][0];
    CHECK(rule["info"]["output"].as<std::string>() == "%proc.name %toupper(user.name)");
    CHECK(rule["details"]["output_compiled"].as<std::string>() ==
          "%proc.name %toupper(user.name) on %evt.hostname container_id=%container.id "
          "container_name=%container.name "
          "container_image_repository=%container.image.repository "
          "container_image_tag=%container.image.tag k8s_pod_name=%k8s.pod.name "
          "k8s_ns_name=%k8s.ns.name");
    CHECK(texts(rule["details"]["output_fields"]) ==
          Texts{"container.id", "container.image.repository", "container.image.tag",
                "container.name", "evt.hostname", "k8s.ns.name", "k8s.pod.name", "proc.name",
                "proc.pid", "user.name"});
    const YAML::Node formatted = rule["details"]["extra_output_formatted_fields"];
    CHECK(formatted.size() == 1);
    CHECK(formatted["where"].as<std::string>() == "%fd.name");
    const auto text = description_text(loaded.rules, "R");
    REQUIRE(text);
    CHECK(text->find("    Output: %proc.name %toupper(user.name) on %evt.hostname container_id=") !=
          std::string::npos);
}

TEST_CASE("one rule is described alone") {
    const auto loaded = load({kRest, kRule});
    std::string out;
    json::Writer json(out);
    REQUIRE(append_description(json, loaded.rules, "R"));
    const YAML::Node all = parsed(out);
    CHECK(all.size() == 1);
    CHECK(all["rules"].size() == 1);

    const auto text = description_text(loaded.rules, "R");
    REQUIRE(text);
    CHECK(text->starts_with("R\n    Description: why\n    Priority: Warning\n    Tags: a, b\n"));
    CHECK(text->find("    Events: open\n    Exception: e on proc.pname, fd.name\n") !=
          std::string::npos);
    CHECK_FALSE(description_text(loaded.rules, "none"));
}

}  // namespace saker::cli
