// SPDX-License-Identifier: Apache-2.0
#include "container/http_get.h"

#include <sys/stat.h>

#include <string>
#include <string_view>

#include "as_nobody.h"
#include "service.h"

// Services that answer, and services that do not as they should.
namespace saker::container {
namespace {

using saker::test::AsNobody;
using test::hear;
using test::Listener;
using test::say;
using test::Service;
using test::TempFolder;

constexpr const char* kSocket = "run/x.sock";
constexpr int kLong = 60'000;  // what no test waits for

ServiceStatus get(const TempFolder& folder, std::string& body, int timeout_ms = kLong) {
    const RootFolder root(folder.path());
    return http_get(root, {.socket = kSocket, .target = "/a", .timeout_ms = timeout_ms}, body);
}

// What came of it, and the body.
std::string outcome(const TempFolder& folder, int timeout_ms = kLong) {
    static constexpr std::string_view kNames[] = {"done", "absent", "late", "denied", "error"};
    std::string body = "left over";
    const ServiceStatus status = get(folder, body, timeout_ms);
    return std::string(kNames[static_cast<std::size_t>(status)]) + (body.empty() ? "" : " ") + body;
}

struct Case {
    std::string said;
    std::string outcome;
};

TEST_CASE("An answer is its body, or what is wrong with it") {
    const auto [said, expected] = GENERATE(values<Case>({
        {"HTTP/1.0 200 OK\r\nContent-Type: x\r\n\r\n{\"a\":1}", "done {\"a\":1}"},
        {"HTTP/1.1 200 OK\r\n\r\na\r\n\r\nb", "done a\r\n\r\nb"},
        {"HTTP/1.0 200 OK\r\n\r\n", "done"},
        {"HTTP/1.0 404 Not Found\r\n\r\n{}", "error"},
        {"HTTP/1.0 500 \r\n\r\n", "error"},
        {"HTTP/1.0 200 OK\r\nA: b\r\n", "absent"},
        {"HTTP/1.0", "absent"},
        {"\xff\xff\xff\xff\r\n\r\n", "absent"},
        {"", "absent"},
    }));
    CAPTURE(said);
    const TempFolder folder;
    std::string heard;
    {
        const Service service(folder, kSocket, [&, said = said](int connection) {
            heard = hear(connection);
            say(connection, said);
        });
        CHECK(outcome(folder) == expected);
    }
    CHECK(heard.starts_with("GET /a HTTP/1.0\r\nHost: localhost\r\n"));
}

TEST_CASE("Where there is no HTTP service there is no answer") {
    const TempFolder folder;
    CHECK(outcome(folder) == "absent");
    folder.write(kSocket, "a file");
    CHECK(outcome(folder) == "absent");
}

TEST_CASE("A service that says nothing is waited for no longer than asked") {
    const TempFolder folder;
    const Listener listener(folder, kSocket);
    CHECK(outcome(folder, 20) == "late");
}

TEST_CASE("The time is for the whole answer, and not for each byte of it") {
    const TempFolder folder;
    const Service service(folder, kSocket, [](int connection) {
        while (say(connection, "x") && !test::is_gone(connection, 2)) {
        }
    });
    CHECK(outcome(folder, 50) == "late");
}

TEST_CASE("An answer without an end is cut off") {
    const TempFolder folder;
    const Service service(folder, kSocket, [](int connection) {
        hear(connection);
        say(connection, "HTTP/1.0 200 OK\r\n\r\n");
        const std::string much(1 << 16, 'x');
        while (say(connection, much)) {
        }
    });
    CHECK(outcome(folder) == "absent");
}

TEST_CASE("A socket that may not be used is denied") {
    const TempFolder folder;
    const Listener listener(folder, kSocket);
    REQUIRE(chmod(folder.path().c_str(), 0755) == 0);
    REQUIRE(chmod(folder.path(kSocket).c_str(), 0) == 0);
    const AsNobody somebody;
    CHECK(outcome(folder, 20) == "denied");
}

}  // namespace
}  // namespace saker::container
