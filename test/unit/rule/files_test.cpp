// SPDX-License-Identifier: Apache-2.0
#include "rule/files.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "catch.h"
#include "rule/yaml.h"

using namespace saker::rule;
namespace fs = std::filesystem;

namespace {

// A folder that is gone with its content at the end of a test.
class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "saker-rule-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    std::string add(const std::string& name, const std::string& text = "") const {
        std::ofstream(path_ / name) << text;
        return (path_ / name).string();
    }
    std::string path() const { return path_.string(); }

private:
    fs::path path_;
};

}  // namespace

TEST_CASE("a folder stands for its YAML files in order") {
    const Folder folder;
    const std::string b = folder.add("b.yml");
    const std::string a = folder.add("a.yaml");
    const std::string other = folder.add("notes.txt");
    fs::create_directory(folder.path() + "/sub.yaml");
    const auto files = expand_rule_paths({other, folder.path()});
    REQUIRE(files);
    CHECK(*files == std::vector<std::string>{other, a, b});
}

TEST_CASE("a path that does not exist is an error that names it") {
    const auto files = expand_rule_paths({"/nonexistent/rules.yaml"});
    REQUIRE_FALSE(files);
    CHECK(files.error().message.find("/nonexistent/rules.yaml") != std::string::npos);
}

TEST_CASE("files are read whole, and not beyond their bound") {
    const Folder folder;
    const std::string text(100'000, 'x');
    CHECK((read_rules_file(folder.add("long.yaml", text)) == text));
    CHECK_FALSE(read_rules_file(folder.add("huge.yaml", std::string(kMaxFileSize + 1, 'x'))));
    CHECK_FALSE(read_rules_file(folder.path()));
    CHECK_FALSE(read_rules_file(folder.path() + "/none.yaml"));
    CHECK_FALSE(read_rules_file("/dev/zero"));
}
