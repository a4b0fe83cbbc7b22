// SPDX-License-Identifier: Apache-2.0
#include "world.h"

#include <linux/capability.h>

#include <utility>

#include "event/socket.h"
#include "field/file_names.h"

namespace saker::test {

namespace {

constexpr std::uint32_t kHostPids = 4026531836;
constexpr std::uint32_t kContainerPids = 4026532500;
constexpr std::uint32_t kNoLogin = UINT32_MAX;

saker_process facts_of_parent(std::uint32_t pid, std::uint64_t start_time) {
    saker_process facts{};
    facts.ptgid = pid;
    facts.parent_start_time = start_time;
    facts.ns.pid = kHostPids;
    facts.loginuid = kNoLogin;
    return facts;
}

Image init_image() {
    Image image{.exe = "/usr/lib/systemd/systemd", .args = {"/sbin/init"}};
    image.facts = facts_of_parent(0, 0);
    image.facts.pidns_start_time = World::kBoot;
    return image;
}

Image sshd_image() {
    Image image{.exe = "/usr/sbin/sshd", .args = {"sshd:", "ann"}};
    image.facts = facts_of_parent(1, World::kBoot);
    return image;
}

Image bash_image() {
    Image image{.exe = "/usr/bin/bash",
                .args = {"-bash"},
                .env = {"HOME=/home/ann", "LANG=C"},
                .cwd = "/home/ann"};
    image.facts = facts_of_parent(100, 400'000'000'000);
    return image;
}

Image cat_image() {
    Image image{.exe = "/usr/bin/cat",
                .args = {"cat", "-n", "/etc/shadow"},
                .env = {"HOME=/root", "EMPTY="},
                .cwd = "/home/ann",
                .cgroup = "/user.slice/session-1.scope"};
    saker_process& facts = image.facts;
    facts = facts_of_parent(200, World::kBashStart);
    facts.pidns_start_time = World::kBoot;
    facts.exe_ino = 131;
    facts.exe_ctime = World::kEpochOffset + 980'000'000'000;
    facts.exe_mtime = World::kEpochOffset + 970'000'000'000;
    facts.cap_inheritable = 1ull << CAP_CHOWN;
    facts.cap_permitted = 1ull << CAP_NET_RAW | 1ull << CAP_SYS_ADMIN;
    facts.cap_effective = 1ull << CAP_NET_RAW;
    facts.fdlimit = 1024;
    facts.pgft_maj = 3;
    facts.pgft_min = 99;
    facts.memory = {.vm_size = 2000, .vm_rss = 1000, .vm_swap = 5};
    facts.sid = 200;
    facts.tty = 34818;
    facts.loginuid = 1001;
    facts.flags = SAKER_EXE_WRITABLE | SAKER_EXE_UPPER;
    image.stdio = {Descriptor::file(0, SAKER_FD_CHAR, "/dev/pts/2"),
                   Descriptor::inet(1, {"10.0.0.1", 40000}, {"10.0.0.2", 443}),
                   Descriptor::unix_socket(2, "/run/log")};
    return image;
}

Image sh_image() {
    Image image{.exe = "/bin/sh", .args = {"sh"}, .cwd = "/"};
    image.cgroup = "/system.slice/docker-" + std::string(World::kContainerId) + ".scope";
    saker_process& facts = image.facts;
    facts = facts_of_parent(1, World::kBoot);
    facts.ns.pid = kContainerPids;
    facts.pidns_start_time = World::kShStart;
    facts.vpid = 1;
    facts.vpgid = 1;
    facts.sid = 1;
    facts.pgid = 2999;
    facts.flags = SAKER_EXE_LOWER | SAKER_EXE_MEMFD;
    return image;
}

std::string shown(field::ValueType type, const field::Value& value) {
    using field::ValueType;
    switch (type) {
        case ValueType::kString:
        case ValueType::kPath:
        case ValueType::kBytes:
            return std::string(value.text);
        case ValueType::kInt:
            return std::to_string(value.integer);
        case ValueType::kDouble:
            return std::to_string(value.real);
        case ValueType::kBool:
            return value.number == 1 ? "true" : value.number == 0 ? "false" : "neither";
        case ValueType::kUint:
        case ValueType::kPort:
        case ValueType::kReltime:
        case ValueType::kAbstime:
            return std::to_string(value.number);
        case ValueType::kIp:
        case ValueType::kNet:
            break;
    }
    std::string address;
    event::append_ip(value.ip, address);
    return address;
}

}  // namespace

World::World() {
    root_.write("etc/passwd", "root:x:0:0::/root:/bin/bash\nann:x:1001:1001::/home/ann:/bin/zsh\n");
    root_.write("etc/group", "root:x:0:\nstaff:x:50:ann\n");
    context_.processes = &processes_;
    context_.users = &users_;
    context_.scratch = &scratch_;
    context_.hostname = &hostname_;
    context_.epoch_offset_ns = kEpochOffset;
    context_.number = 7;
    context_.first_time = kFirst;
    context_.previous_time = kPrevious;
    start(1, kBoot, init_image(), "systemd", 1);
    start(100, 400'000'000'000, sshd_image(), "sshd", 1);
    start(200, kBashStart, bash_image(), "bash", 2);
    start(kCat, kCatStart, cat_image(), "cat", 2);
    start(kSh, kShStart, sh_image(), "sh", kContainerCgroup);
}

void World::start(std::uint32_t pid, std::uint64_t start_time, const Image& image,
                  std::string_view comm, std::uint64_t cgroup) {
    look(RecordBuilder("execve")
             .pid(pid)
             .start_time(start_time)
             .time(start_time)
             .ptgid(image.facts.ptgid)
             .comm(comm)
             .cgroup(cgroup)
             .process(image)
             .build());
}

const field::Context& World::look(Record record, field::NameView names) {
    record_ = std::move(record);
    event_ = record_->event();
    const std::uint64_t cgroup = event_->header().cgroup;
    context_.event = &*event_;
    context_.process = processes_.apply(*event_);
    context_.container = &containers_.learn(cgroup, context_.process->cgroup);
    context_.names = names;
    scratch_.reset();
    field::find_file(context_);
    return context_;
}

std::string World::show(std::string_view field, const Record& record, field::NameView names) {
    const field::FieldUse use = use_of(field);
    return test::shown(use.type, use.info->extract(use, look(record, names)));
}

RecordBuilder by_cat(std::string_view event) {
    return RecordBuilder(event)
        .time(World::kNow)
        .pid(World::kCat)
        .start_time(World::kCatStart)
        .ptgid(200)
        .cgroup(2)
        .cpu(3)
        .comm("cat");
}

RecordBuilder by_sh(std::string_view event) {
    return RecordBuilder(event)
        .time(World::kNow)
        .pid(World::kSh)
        .start_time(World::kShStart)
        .ptgid(1)
        .cgroup(World::kContainerCgroup)
        .comm("sh");
}

RecordBuilder by_stranger(std::string_view event) {
    return RecordBuilder(event)
        .time(World::kNow)
        .pid(4242)
        .start_time(World::kNow + 5)
        .ptgid(4241)
        .cgroup(9)
        .uid(5555)
        .gid(5555)
        .comm("ghost");
}

field::FieldUse use_of(std::string_view field) {
    const auto bracket = field.find('[');
    std::optional<std::string_view> argument;
    if (bracket != field.npos) {
        argument = field.substr(bracket + 1, field.size() - bracket - 2);
    }
    auto use = field::Registry::native().bind(field.substr(0, bracket), argument);
    if (!use) throw std::invalid_argument(use.error().message);
    return *use;
}

std::string shown(field::ValueType type, field::Values values) {
    if (values.empty()) return std::string(kNothing);
    std::string all;
    for (const field::Value& value : values) {
        if (&value != &values.front()) all += " | ";
        all += shown(type, value);
    }
    return all;
}

}  // namespace saker::test
