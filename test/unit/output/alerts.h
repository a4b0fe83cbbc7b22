// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <ctime>
#include <string>

#include "engine/alert.h"

namespace saker::test {

// An alert with everything that is plain.
inline engine::Alert plain_alert() {
    engine::Alert alert;
    alert.rule = "Read sensitive file";
    alert.priority = rule::Priority::kWarning;
    alert.tags = {"T1003", "filesystem"};
    alert.time_ns = 1'700'000'000'123'456'789;
    alert.text = "Sensitive file read (file=/etc/shadow tty=0)";
    alert.fields = {{"fd.name", "/etc/shadow"}, {"proc.tty", std::uint64_t{0}}};
    alert.hostname = "box";
    return alert;
}

// Makes local time UTC as long as it lives.
class Utc {
public:
    Utc() {
        setenv("TZ", "UTC", 1);
        tzset();
    }
    ~Utc() {
        unsetenv("TZ");
        tzset();
    }
};

}  // namespace saker::test
