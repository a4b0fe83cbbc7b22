// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "sensor.h"
// Last: its CAPTURE is not the event table's.
#include "catch.h"

namespace saker::engine {
namespace {

using test::RecordBuilder;
using test::rule_text;
using test::Sensor;

bool alerts(std::string_view condition, const RecordBuilder& record) {
    Sensor sensor(rule_text("r", condition, "x"));
    return !sensor.feel(record).empty();
}

RecordBuilder mapped() {
    RecordBuilder record("mmap");
    record.arg(1, 10).arg(2, 7).arg(4, static_cast<std::uint64_t>(-1));
    return record;
}

RecordBuilder traced() {
    RecordBuilder record("ptrace");
    record.arg(0, 16).arg(1, 77).arg(3, 5);
    return record;
}

RecordBuilder failed() {
    RecordBuilder record("unlinkat");
    record.ret(-2).arg(2, 0x200).path(0, "x", "/tmp");
    return record;
}

}  // namespace

TEST_CASE("a raw parameter compares as what it is, evt.arg as text") {
    struct Case {
        std::string_view condition;
        RecordBuilder (*record)();
        bool holds;
    };
    const std::vector<Case> cases = {
        // As texts, 10 is before 9.
        {"evt.type = mmap and evt.rawarg.length > 9", mapped, true},
        {"evt.type = mmap and evt.rawarg.length <= 9", mapped, false},
        {"evt.type = mmap and evt.arg.length > 9", mapped, false},
        {"evt.type = mmap and evt.rawarg.prot = 0x7", mapped, true},
        {"evt.type = mmap and evt.rawarg.prot in (1, 7)", mapped, true},
        {"evt.type = mmap and evt.arg.prot contains PROT_EXEC", mapped, true},
        {"evt.type = mmap and evt.rawarg.fd = -1", mapped, true},
        {"evt.type = mmap and evt.rawarg.fd < 0", mapped, true},
        {"evt.type = ptrace and evt.rawarg.request = 16", traced, true},
        {"evt.type = ptrace and evt.arg.request = PTRACE_ATTACH", traced, true},
        {"evt.type = ptrace and evt.rawarg.pid > 76", traced, true},
        // Payload in most events, a number here.
        {"evt.type = ptrace and evt.rawarg.data exists", traced, false},
        {"evt.type = unlinkat and evt.rawarg.res = -2", failed, true},
        {"evt.type = unlinkat and evt.arg.res = ENOENT", failed, true},
        {"evt.type = unlinkat and evt.rawarg.name = x", failed, true},
        {"evt.type = unlinkat and evt.arg.name = /tmp/x", failed, true},
        {"evt.type = unlinkat and evt.abspath = /tmp/x", failed, true},
        {"evt.type = unlinkat and evt.rawarg.res = val(evt.rawres)", failed, true},
        {"evt.type.is.unlinkat = 1", failed, true},
        {"evt.type.is.unlink = 1", failed, false},
    };
    for (const Case& test : cases) {
        INFO(test.condition);
        CHECK(alerts(test.condition, test.record()) == test.holds);
    }
}

}  // namespace saker::engine
