// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "field/field.h"

// Every field that a rule file written for Falco 0.44 and its container plugin may name, with its
// type and argument there. Such a file must load here, and its comparisons must mean the same.
namespace saker::field {
namespace {

// name, type, argument (- none), and `list` where it has several values
constexpr std::string_view kNative = R"(
evt.num u64 -
evt.time str -
evt.time.s str -
evt.time.iso8601 str -
evt.datetime str -
evt.datetime.s str -
evt.rawtime abstime -
evt.rawtime.s abstime -
evt.rawtime.ns abstime -
evt.reltime reltime -
evt.reltime.s reltime -
evt.reltime.ns reltime -
evt.pluginname str -
evt.plugininfo str -
evt.source str -
evt.is_async bool -
evt.asynctype str -
evt.hostname str -
evt.latency reltime -
evt.latency.s reltime -
evt.latency.ns reltime -
evt.latency.human str -
evt.deltatime reltime -
evt.deltatime.s reltime -
evt.deltatime.ns reltime -
evt.outputtime str -
evt.dir str -
evt.type str -
evt.type.is u32 required
syscall.type str -
evt.category str -
evt.cpu i16 -
evt.args str -
evt.arg str required
evt.rawarg dyn required
evt.info str -
evt.buffer bytes -
evt.buflen u64 -
evt.res str -
evt.rawres i64 -
evt.failed bool -
evt.is_io bool -
evt.is_io_read bool -
evt.is_io_write bool -
evt.io_dir str -
evt.is_wait bool -
evt.wait_latency reltime -
evt.is_syslog bool -
evt.count u32 -
evt.count.error u32 -
evt.count.error.file u32 -
evt.count.error.net u32 -
evt.count.error.memory u32 -
evt.count.error.other u32 -
evt.count.exit u32 -
evt.around u64 required
evt.abspath str optional
evt.is_open_read bool -
evt.is_open_write bool -
evt.is_open_exec bool -
evt.is_open_create bool -
proc.exe str -
proc.pexe str -
proc.aexe str optional
proc.exepath str -
proc.pexepath str -
proc.aexepath str optional
proc.name str -
proc.pname str -
proc.aname str optional
proc.args str optional
proc.aargs str optional
proc.cmdline str -
proc.pcmdline str -
proc.acmdline str optional
proc.cmdnargs u64 -
proc.cmdlenargs u64 -
proc.exeline str -
proc.env str optional
proc.aenv str optional
proc.cwd str -
proc.loginshellid i64 -
proc.tty u32 -
proc.pid i64 -
proc.ppid i64 -
proc.apid i64 optional
proc.vpid i64 -
proc.pvpid i64 -
proc.sid i64 -
proc.sname str -
proc.sid.exe str -
proc.sid.exepath str -
proc.vpgid i64 -
proc.vpgid.name str -
proc.vpgid.exe str -
proc.vpgid.exepath str -
proc.pgid i64 -
proc.pgid.name str -
proc.pgid.exe str -
proc.pgid.exepath str -
proc.duration reltime -
proc.ppid.duration reltime -
proc.pid.ts reltime -
proc.ppid.ts reltime -
proc.is_exe_writable bool -
proc.is_exe_upper_layer bool -
proc.is_exe_lower_layer bool -
proc.is_exe_from_memfd bool -
proc.is_sid_leader bool -
proc.is_vpgid_leader bool -
proc.is_pgid_leader bool -
proc.exe_ino i64 -
proc.exe_ino.ctime abstime -
proc.exe_ino.mtime abstime -
proc.exe_ino.ctime_duration_proc_start abstime -
proc.exe_ino.ctime_duration_pidns_start abstime -
proc.pidns_init_start_ts u64 -
thread.cap_permitted str -
thread.cap_inheritable str -
thread.cap_effective str -
proc.fdopencount u64 -
proc.fdlimit i64 -
proc.fdusage double -
proc.vmsize u64 -
proc.vmrss u64 -
proc.vmswap u64 -
thread.pfmajor u64 -
thread.pfminor u64 -
thread.tid i64 -
thread.ismain bool -
thread.vtid i64 -
thread.exectime reltime -
thread.totexectime reltime -
thread.cgroups str -
thread.cgroup str required
proc.nthreads u64 -
proc.nchilds u64 -
thread.cpu double -
thread.cpu.user double -
thread.cpu.system double -
thread.vmsize u64 -
thread.vmrss u64 -
proc.stdin.type str -
proc.stdout.type str -
proc.stderr.type str -
proc.stdin.name str -
proc.stdout.name str -
proc.stderr.name str -
user.uid u32 -
user.name str -
user.homedir str -
user.shell str -
user.loginuid i64 -
user.loginname str -
group.gid u32 -
group.name str -
fd.num i64 -
fd.type str -
fd.typechar str -
fd.name str -
fd.directory str -
fd.filename str -
fd.ip ipaddr -
fd.cip ipaddr -
fd.sip ipaddr -
fd.lip ipaddr -
fd.rip ipaddr -
fd.port port -
fd.cport port -
fd.sport port -
fd.lport port -
fd.rport port -
fd.l4proto str -
fd.sockfamily str -
fd.is_server bool -
fd.uid str -
fd.containername str -
fd.containerdirectory str -
fd.proto port -
fd.cproto str -
fd.sproto str -
fd.lproto str -
fd.rproto str -
fd.net ipnet -
fd.cnet ipnet -
fd.snet ipnet -
fd.lnet ipnet -
fd.rnet ipnet -
fd.connected bool -
fd.name_changed bool -
fd.cip.name str -
fd.sip.name str -
fd.lip.name str -
fd.rip.name str -
fd.dev i32 -
fd.dev.major i32 -
fd.dev.minor i32 -
fd.ino i64 -
fd.nameraw str -
fd.types str optional list
fd.is_upper_layer bool -
fd.is_lower_layer bool -
fs.path.name str -
fs.path.nameraw str -
fs.path.source str -
fs.path.sourceraw str -
fs.path.target str -
fs.path.targetraw str -
fdlist.nums str -
fdlist.names str -
fdlist.cips str -
fdlist.sips str -
fdlist.cports str -
fdlist.sports str -
)";

// Accepted in rules, but not listed.
constexpr std::string_view kUnlisted = R"(
evt.latency.quantized u64 -
evt.count.procinfo u64 -
evt.count.threadinfo u64 -
evt.buflen.in u64 -
evt.buflen.out u64 -
evt.buflen.file u64 -
evt.buflen.file.in u64 -
evt.buflen.file.out u64 -
evt.buflen.net u64 -
evt.buflen.net.in u64 -
evt.buflen.net.out u64 -
evt.infra.docker.name str -
evt.infra.docker.container.id str -
evt.infra.docker.container.name str -
evt.infra.docker.container.image str -
thread.nametid str -
thread.vmsize.b u64 -
thread.vmrss.b u64 -
util.cnt u64 -
)";

constexpr std::string_view kContainer = R"(
container.id str -
container.full_id str -
container.name str -
container.image str -
container.image.id str -
container.type str -
container.privileged bool -
container.mounts str -
container.mount str optional
container.mount.source str optional
container.mount.dest str optional
container.mount.mode str optional
container.mount.rdwr str optional
container.mount.propagation str optional
container.image.repository str -
container.image.tag str -
container.image.digest str -
container.healthcheck str -
container.liveness_probe str -
container.readiness_probe str -
container.start_ts abstime -
container.duration reltime -
container.ip str -
container.cni.json str -
container.host_pid bool -
container.host_network bool -
container.host_ipc bool -
container.label str required
container.labels str -
proc.is_container_healthcheck bool -
proc.is_container_liveness_probe bool -
proc.is_container_readiness_probe bool -
k8s.pod.name str -
k8s.ns.name str -
k8s.pod.id str -
k8s.pod.uid str -
k8s.pod.sandbox_id str -
k8s.pod.full_sandbox_id str -
k8s.pod.label str required
k8s.pod.labels str -
k8s.pod.ip str -
k8s.pod.cni.json str -
k8s.rc.name str -
k8s.rc.id str -
k8s.rc.label str required
k8s.rc.labels str -
k8s.svc.name str -
k8s.svc.id str -
k8s.svc.label str required
k8s.svc.labels str -
k8s.rs.name str -
k8s.rs.id str -
k8s.rs.label str required
k8s.rs.labels str -
k8s.deployment.name str -
k8s.deployment.id str -
k8s.deployment.label str required
k8s.deployment.labels str -
k8s.ns.id str -
k8s.ns.label str required
k8s.ns.labels str -
)";

struct Known {
    std::string name;
    std::string type;
    std::string argument;
    bool list = false;
};

std::vector<Known> read(std::string_view table) {
    std::vector<Known> all;
    std::istringstream lines{std::string(table)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        Known known;
        std::string several;
        if (!(words >> known.name >> known.type >> known.argument)) continue;
        known.list = (words >> several) && several == "list";
        all.push_back(std::move(known));
    }
    return all;
}

// A field of ours may be a path where it is a string there: the same operators work on both.
struct TypeRow {
    std::string_view known;
    std::vector<ValueType> ours;
};
const std::vector<TypeRow> kTypes = {
    {"str", {ValueType::kString, ValueType::kPath}},
    {"u32", {ValueType::kUint}},
    {"u64", {ValueType::kUint}},
    {"i16", {ValueType::kInt}},
    {"i32", {ValueType::kInt}},
    {"i64", {ValueType::kInt}},
    {"bool", {ValueType::kBool}},
    {"double", {ValueType::kDouble}},
    {"reltime", {ValueType::kReltime}},
    {"abstime", {ValueType::kAbstime}},
    {"port", {ValueType::kPort}},
    {"ipaddr", {ValueType::kIp}},
    {"ipnet", {ValueType::kNet}},
    {"bytes", {ValueType::kBytes}},
    {"dyn", {ValueType::kString}},  // its argument decides
};

bool same_type(const Known& known, ValueType ours) {
    const auto row = std::ranges::find(kTypes, known.type, &TypeRow::known);
    REQUIRE(row != kTypes.end());
    return std::ranges::find(row->ours, ours) != row->ours.end();
}

// An argument that each field takes, if it takes any.
std::string_view argument_for(Argument argument) {
    switch (argument) {
        case Argument::kParam:
            return "fd";
        case Argument::kEventType:
            return "open";
        case Argument::kSideOptional:
            return "src";
        case Argument::kController:
            return "memory";
        default:
            return "1";
    }
}

void check_fields(std::string_view table, std::size_t count, bool listed) {
    const auto all = read(table);
    CHECK(all.size() == count);
    for (const Known& known : all) {
        INFO(known.name);
        const FieldInfo* info = Registry::native().find(known.name);
        CHECK(info != nullptr);
        if (info == nullptr) continue;
        CHECK(same_type(known, info->type));
        CHECK((info->several == Several::kList) == known.list);
        CHECK(info->has(kHidden) != listed);
        CHECK_FALSE(info->has(kOwn));
        const auto with = Registry::native().bind(known.name, argument_for(info->argument));
        const auto without = Registry::native().bind(known.name, std::nullopt);
        CHECK(with.has_value() == (known.argument != "-"));
        CHECK(without.has_value() == (known.argument != "required"));
    }
}

}  // namespace

TEST_CASE("all fields of Falco are there, with their types and arguments") {
    check_fields(kNative, 214, true);
    check_fields(kUnlisted, 19, false);
}

TEST_CASE("all fields of its container plugin are there, with their types and arguments") {
    check_fields(kContainer, 61, true);
}

TEST_CASE("what no other sensor has is marked") {
    std::vector<std::string_view> own;
    for (const FieldInfo& info : Registry::native().fields()) {
        if (info.has(kOwn)) own.push_back(info.name);
    }
    std::ranges::sort(own);
    CHECK(own == std::vector<std::string_view>{
                     "evt.abi", "evt.has_result", "evt.toctou", "evt.truncated", "fd.realpath",
                     "fs.path.namereal", "fs.path.sourcereal", "fs.path.targetreal",
                     "proc.args.count", "proc.args.list", "proc.id", "proc.lineage", "proc.ns.mnt",
                     "proc.ns.net", "proc.ns.pid", "proc.ns.user"});
    // And `static`, whose keys are the user's.
    CHECK(own.size() + 214 + 19 + 61 + 1 == Registry::native().fields().size());
}

}  // namespace saker::field
