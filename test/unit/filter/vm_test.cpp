// SPDX-License-Identifier: Apache-2.0
#include "filter/vm.h"

#include <string>
#include <string_view>
#include <vector>

#include "unit/filter/conditions.h"
// Last: its CAPTURE is not the event table's.
#include "catch.h"

namespace saker::filter {
namespace {

using field::Value;
using Numbers = std::vector<std::uint32_t>;

void fill(fake::Context& context) {
    auto& values = context.values;
    context.type = fake::type_of("openat");
    values[fake::kEvtNum] = {Value::of_uint(7)};
    values[fake::kStr] = {Value::of("bash")};
    values[fake::kOther] = {Value::of("BASH")};
    values[fake::kPath] = {Value::of("/etc/shadow")};
    values[fake::kInt] = {Value::of_int(-5)};
    values[fake::kInt2] = {Value::of_int(3)};
    values[fake::kUint] = {Value::of_uint(UINT64_MAX)};
    Value real;
    real.real = 1.5;
    values[fake::kReal] = {real};
    values[fake::kBool] = {Value::of_bool(true)};
    values[fake::kBytes] = {Value::of("\x01ZZ\xff")};
    values[fake::kPort] = {Value::of_uint(22)};
    values[fake::kIp] = {Value::of_ip(fake::ip("10.1.2.3"))};
    values[fake::kIp2] = {Value::of_ip(fake::ip("fe80::7"))};
    values[fake::kNet] = {Value::of_ip(fake::ip("10.1.2.3"))};
    values[fake::kAny] = {Value::of("sshd"), Value::of("bash"), Value::of("systemd")};
    values[fake::kAnyInt] = {Value::of_int(4), Value::of_int(1)};
    values[fake::kEnds] = {Value::of_ip(fake::ip("10.0.0.1")), Value::of_ip(fake::ip("10.0.0.2"))};
    values[fake::kPorts] = {Value::of_uint(80), Value::of_uint(50000)};
    values[fake::kList] = {Value::of("-e"), Value::of("/bin/sh")};
    values[fake::kList2] = {Value::of("-e"), Value::of("/bin/sh"), Value::of("more")};
    values[fake::kNumbers] = {Value::of_uint(1), Value::of_uint(2)};
    values[fake::kFile] = {Value::of("/tmp/link")};
    values[fake::kKind] = {Value::of("kind")};
    values[fake::kHost] = {Value::of_ip(fake::ip("10.1.2.3"))};
    values[fake::kHostName] = {Value::of("a.example"), Value::of("b.example")};
    values[fake::kAround] = {Value::of_uint(500)};
    context.real_file = {Value::of("/etc/shadow")};
}

constexpr std::string_view kTrue[] = {
    "t.str = bash",
    "t.str == bash",
    "t.str != zsh",
    "t.str contains as",
    "t.str icontains AS",
    "t.str startswith ba",
    "t.str endswith sh",
    "t.str glob b?s*",
    "t.str iglob B*",
    "t.str regex \"ba?sh\"",
    "t.str in (zsh, bash)",
    "t.str intersects (bash)",
    "t.str exists",
    "t.str = bash and t.path = /etc/shadow",
    "t.path pmatch (/usr, /etc)",
    "t.path pmatch (/e*)",
    "t.int = -5",
    "t.int < -4",
    "t.int <= -5",
    "t.int > -6",
    "t.int >= -5",
    "t.int != 5",
    "t.int in (-5)",
    "t.int2 = 0x3",
    "t.uint = 18446744073709551615",
    "t.uint > 5",
    "t.uint >= 5",
    "not t.uint < 5",
    "t.real = 1.5",
    "t.real < 2",
    "t.real > 1",
    "t.real in (1, 1.5)",
    "t.real != 2",
    "t.bool = true",
    "t.bool != false",
    "t.bool in (true)",
    "t.bytes bcontains 5A5a",
    "t.bytes bstartswith 01",
    "t.bytes contains ZZ",
    "t.bytes endswith \"\xff\"",
    "t.port = ssh",
    "t.port in (ssh, 80)",
    "t.port < 23",
    "t.ip = 10.1.2.3",
    "t.ip != 10.1.2.4",
    "t.ip in (10.0.0.0/8)",
    "t.ip2 = fe80::7",
    "t.ip2 in (fe80::/10)",
    "t.ip != ::ffff:10.1.2.3",
    "t.net = 10.1.0.0/16",
    "t.net != 10.2.0.0/16",
    "t.net in (1.0.0.0/8, 10.0.0.0/8)",
    // Any of several values, `!=` too.
    "t.any = bash",
    "t.any != bash",
    "t.any in (x, systemd)",
    "t.any startswith sys",
    "t.any[0] = sshd",
    "t.anyint > 3",
    "t.anyint < 2",
    "t.any pmatch (bash)",
    // Either end; `!=`: neither.
    "t.ends = 10.0.0.1",
    "t.ends = 10.0.0.2",
    "t.ends != 10.0.0.3",
    "t.ends in (10.0.0.2)",
    "t.ports = 80",
    "t.ports != 81",
    "t.ports > 1000",
    "t.ends != anyof (10.0.0.1, 10.0.0.9)",
    // Lists: `in` asks for all.
    "t.list in (-e, /bin/sh, x)",
    "t.list intersects (x, -e)",
    "t.list exists",
    "t.numbers in (1, 2)",
    "t.list in val(t.list2)",
    "t.list2 intersects val(t.list)",
    "t.list[1] = /bin/sh",
    "t.list[0] in val(t.list)",
    // Modifiers.
    "t.str startswith oneof (ba, za)",
    "t.str contains allof (a, s)",
    "t.str endswith anyof (x, h)",
    "t.str regex anyof (zsh, bash)",
    "t.str != allof (x, y)",
    "t.str = oneof (bash, zsh)",
    "t.str contains allof ()",
    "t.int = anyof (1, -5)",
    "t.str glob oneof (b*, z*)",
    // Fields against fields, transformers.
    "t.str = tolower(t.other)",
    "toupper(t.str) = val(t.other)",
    "t.int < val(t.int2)",
    "t.other icontains val(t.str)",
    "t.any = val(t.str)",
    "t.any[1] = val(t.str)",
    "basename(t.path) = shadow",
    "len(t.str) = 4",
    "len(t.list) = 2",
    "join(\" \", t.list) = \"-e /bin/sh\"",
    "concat(t.str, \":\", t.other) = bash:BASH",
    "getopt(t.list, \"e:\")[e] = /bin/sh",
    "getopt(t.list, \"e:\") intersects (e)",
    "t.str in (a, b, c, d, e, f, g, h, bash)",
    // Hosts by any of their names; a time at most so far away.
    "t.host.name = b.example",
    "t.host.name != c.example",
    "t.host.name in (x.example, a.example)",
    "t.around[1] = 500",
    // What the type of event decides.
    "evt.type = openat",
    "evt.type in (open, openat)",
    "evt.type startswith open",
    "evt.num > 0",
    "evt.num != 0",
};

constexpr std::string_view kFalse[] = {
    "t.str = bas",
    "t.str != bash",
    "t.str contains AS",
    "t.str startswith ash",
    "t.str endswith bas",
    "t.str glob b",
    "t.str glob B*",
    "t.str regex bas",
    "t.str in ()",
    "t.str in (zsh, sh)",
    "t.path pmatch (/etc/shadow/x)",
    "t.path pmatch (/et)",
    "t.path pmatch ()",
    "t.int < -5",
    "t.int > 5",
    "t.uint < 5",
    "t.bool = false",
    "t.bytes bcontains 02",
    "t.bytes bstartswith 5A",
    "t.ip = 10.1.2.4",
    "t.ip = ::ffff:10.1.2.3",
    "t.ip in (11.0.0.0/8)",
    "t.net != 10.0.0.0/8",
    "t.any = zsh",
    "t.any[1] != bash",
    "t.any[3] exists",
    "t.anyint > 4",
    "t.ends != 10.0.0.1",
    "t.ends != 10.0.0.2",
    "t.ends != allof (10.0.0.1, 10.0.0.9)",
    "t.ends != oneof (10.0.0.8, 10.0.0.9)",
    "t.list in (-e)",
    "t.list intersects (x)",
    "t.list2 in val(t.list)",
    "t.numbers in (1)",
    "t.str startswith oneof (b, ba)",
    "t.str startswith oneof ()",
    "t.str contains allof (a, x)",
    "t.str endswith anyof ()",
    "t.str != oneof (x, y)",
    "t.str = val(t.other)",
    "len(t.str) > 4",
    "t.host.name != a.example",
    "t.around[1] = 499",
    "evt.num = 0",
    "evt.num < 1",
    "evt.type = open",
    "evt.type exists and t.str = x",
    "getopt(t.list, \"x\")[x] exists",
};

constexpr std::string_view kTests[] = {
    "exists",
    "= a",
    "!= a",
    "contains a",
    "icontains a",
    "startswith a",
    "endswith a",
    "glob *",
    "iglob *",
    "regex \".*\"",
    "in (a)",
    "in ()",
    "intersects (a)",
    "pmatch (/)",
    "< 9",
    "<= 9",
    "> 0",
    ">= 0",
    "!= allof ()",
    "contains allof ()",
    "!= oneof (a)",
    "= val(t.str)",
    "!= val(t.str)",
    "= concat(t.str, \"a\")",
};

struct Rules {
    std::vector<ExprPtr> trees;
    std::vector<RuleCondition> rules;

    explicit Rules(std::initializer_list<std::string_view> texts) {
        for (const std::string_view text : texts) {
            trees.push_back(checked(text));
            rules.push_back({static_cast<std::uint32_t>(rules.size()), trees.back().get()});
        }
    }
};

}  // namespace

TEST_CASE("conditions that hold") {
    fake::Context context;
    fill(context);
    for (const std::string_view text : kTrue) {
        INFO(text);
        CHECK(matches(text, context));
        CHECK_FALSE(matches("not (" + std::string(text) + ")", context));
    }
}

TEST_CASE("conditions that do not hold") {
    fake::Context context;
    fill(context);
    for (const std::string_view text : kFalse) {
        INFO(text);
        CHECK_FALSE(matches(text, context));
        CHECK(matches("not (" + std::string(text) + ")", context));
    }
}

TEST_CASE("without a value every test is false, and its negation true") {
    fake::Context context;
    fill(context);
    context.values[fake::kOther] = {};
    for (const std::string_view test : kTests) {
        const std::string text = "t.other " + std::string(test);
        INFO(text);
        CHECK_FALSE(matches(text, context));
        CHECK(matches("not " + text, context));
        // Nor does a missing right side make it true, or a transformer in between.
        CHECK_FALSE(matches("tolower(t.other) " + std::string(test), context));
    }
    CHECK_FALSE(matches("t.str != val(t.other)", context));
    CHECK_FALSE(matches("t.str != concat(t.str, t.other)", context));
    CHECK_FALSE(matches("join(\",\", (t.str, t.other)) exists", context));
}

// Nobody knows the address: it is not the host's, whose addresses are known.
TEST_CASE("an address without a name is another host's") {
    fake::Context context;
    fill(context);
    context.values[fake::kHostName] = {};
    CHECK(matches("t.host.name != a.example", context));
    CHECK_FALSE(matches("t.host.name = a.example", context));
    CHECK_FALSE(matches("t.host.name exists", context));
    // And where there is no address, there is no test.
    context.values[fake::kHost] = {};
    CHECK_FALSE(matches("t.host.name != a.example", context));
}

TEST_CASE("the first match, or all, in the order of the rules") {
    fake::Context context;
    fill(context);
    const Rules rules({"t.str = zsh", "t.str = bash", "evt.type = open", "t.int < 0",
                       "t.int < 0 and t.str = bash", "evt.type = openat"});
    const Program program = compile(context.type, rules.rules);
    Vm vm;
    Numbers found;
    vm.run(program, context, MatchMode::kAll, found);
    CHECK(found == Numbers{1, 3, 4, 5});
    found.clear();
    vm.run(program, context, MatchMode::kFirst, found);
    CHECK(found == Numbers{1});
}

TEST_CASE("a field is extracted at most once for each event") {
    fake::Context context;
    fill(context);
    const Rules rules({"t.str = a or t.str contains c or tolower(t.str) = d", "t.str = bash",
                       "t.str icontains x or t.any = x", "t.str = bash and t.any[0] = y"});
    const Program program = compile(context.type, rules.rules);
    Vm vm;
    for (unsigned event = 1; event <= 3; ++event) {
        Numbers found;
        context.memory.reset();
        vm.run(program, context, MatchMode::kAll, found);
        CHECK(found == Numbers{1});
        CHECK(context.extractions[fake::kStr] == event);
        CHECK(context.extractions[fake::kAny] == 2 * event);  // t.any and t.any[0]
        CHECK(context.extractions[fake::kPath] == 0);
    }
}

TEST_CASE("what is remembered of one event is not used for the next") {
    fake::Context context;
    fill(context);
    const Rules rules({"t.str = bash and t.int = 1", "t.str = bash and t.int = 2"});
    const Program program = compile(context.type, rules.rules);
    Vm vm;
    for (const int number : {1, 2, 3, 1}) {
        context.values[fake::kStr] = {Value::of(number == 3 ? "sh" : "bash")};
        context.values[fake::kInt] = {Value::of_int(number)};
        Numbers found;
        vm.run(program, context, MatchMode::kAll, found);
        CHECK(found == (number == 3 ? Numbers{} : Numbers{static_cast<std::uint32_t>(number - 1)}));
    }
}

TEST_CASE("a file's second name is tried on the rules that read it and did not match") {
    fake::Context context;
    fill(context);
    const Rules rules({"t.file startswith /tmp", "t.file = /etc/shadow and t.str = bash",
                       "t.str = bash", "t.int = 1", "basename(t.file) = shadow",
                       "not t.file startswith /tmp", "t.str = x or t.path = val(t.file)"});
    const Program program = compile(context.type, rules.rules);
    CHECK(program.reads_file_names());
    Vm vm;
    Numbers found;
    vm.run(program, context, MatchMode::kAll, found);
    CHECK(found == Numbers{0, 2});
    const auto before = context.extractions;

    context.names = field::NameView::kReal;
    vm.run_again(program, context, MatchMode::kAll, found);
    CHECK(found == Numbers{0, 2, 1, 4, 5, 6});
    CHECK(context.extractions[fake::kFile] == before[fake::kFile] + 1);
    CHECK(context.extractions[fake::kStr] == before[fake::kStr]);
    CHECK(context.extractions[fake::kPath] == before[fake::kPath]);

    found.clear();
    context.names = field::NameView::kAsked;
    vm.run(program, context, MatchMode::kFirst, found);
    CHECK(found == Numbers{0});
    context.names = field::NameView::kReal;
    vm.run_again(program, context, MatchMode::kFirst, found);
    CHECK(found == Numbers{0, 1});
}

TEST_CASE("rules that read no name are not run again") {
    fake::Context context;
    fill(context);
    const Rules rules({"t.str = zsh", "t.int = 1"});
    const Program program = compile(context.type, rules.rules);
    CHECK_FALSE(program.reads_file_names());
    Vm vm;
    Numbers found;
    vm.run(program, context, MatchMode::kAll, found);
    context.values[fake::kStr] = {Value::of("zsh")};
    vm.run_again(program, context, MatchMode::kAll, found);
    CHECK(found.empty());
}

TEST_CASE("one machine runs programs of different sizes") {
    fake::Context context;
    fill(context);
    const Rules small({"t.str = bash"});
    const Rules large({"t.int = 1 or t.int2 = 1 or t.uint = 1 or t.str = bash", "t.str = bash"});
    const Program first = compile(context.type, small.rules);
    const Program second = compile(context.type, large.rules);
    Vm vm;
    for (int i = 0; i < 3; ++i) {
        Numbers found;
        vm.run(first, context, MatchMode::kAll, found);
        vm.run(second, context, MatchMode::kAll, found);
        CHECK(found == Numbers{0, 0, 1});
    }
}

TEST_CASE("a program without rules finds nothing") {
    fake::Context context;
    fill(context);
    const Rules rules({"evt.type = open", "evt.num = 0"});
    const Program program = compile(context.type, rules.rules);
    CHECK(program.empty());
    Vm vm;
    Numbers found;
    vm.run(program, context, MatchMode::kAll, found);
    vm.run_again(program, context, MatchMode::kAll, found);
    CHECK(found.empty());
    Program unused;
    vm.run(unused, context, MatchMode::kAll, found);
    CHECK(found.empty());
}

}  // namespace saker::filter
