// SPDX-License-Identifier: Apache-2.0
#include "rule/source_file.h"

#include <string>

#include "catch.h"

using namespace saker::rule;

TEST_CASE("offsets become lines and columns") {
    const SourceFile file("f.yaml", "ab\ncd\r\n\n\xC3\xA9x");
    struct Row {
        std::size_t offset;
        Position position;
    };
    for (const Row& row : {Row{0, {1, 1}}, Row{1, {1, 2}}, Row{2, {1, 3}}, Row{3, {2, 1}},
                           Row{7, {3, 1}}, Row{8, {4, 1}}, Row{10, {4, 2}}, Row{99, {4, 3}}}) {
        CAPTURE(row.offset);
        CHECK(file.position(row.offset).line == row.position.line);
        CHECK(file.position(row.offset).column == row.position.column);
    }
}

TEST_CASE("a byte order mark is no column") {
    const SourceFile file("f.yaml", "\xEF\xBB\xBFx");
    CHECK(file.text() == "x");
    CHECK(file.position(0) == Position{1, 1});
}

TEST_CASE("a snippet shows the line and a caret") {
    const SourceFile file("f.yaml", "first\n  second: x\r\nthird");
    CHECK(file.snippet(8) == "  second: x\n  ^\n");
    CHECK(file.snippet(19) == "third\n^\n");
    CHECK(file.snippet(24) == "third\n     ^\n");
    CHECK(SourceFile("f", "").snippet(0) == "\n^\n");
}

TEST_CASE("the caret stands right behind tabs, wide bytes and controls") {
    const SourceFile file("f.yaml", "\t\xC3\xA9\x1B[mX\xFFY");
    CHECK(file.snippet(6) == " \xC3\xA9?[mX?Y\n     ^\n");
    CHECK(file.snippet(8) == " \xC3\xA9?[mX?Y\n       ^\n");
}

TEST_CASE("of a long line the part around the caret is shown") {
    const SourceFile file("f.yaml", std::string(300, 'a') + "B" + std::string(300, 'c'));
    CHECK(file.snippet(300) == std::string(100, 'a') + "B" + std::string(59, 'c') + "\n" +
                                   std::string(100, ' ') + "^\n");
}
