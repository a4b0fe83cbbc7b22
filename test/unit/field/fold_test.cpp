// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <string>
#include <vector>

#include "catch.h"
#include "field/field.h"
#include "world.h"

// Conditions are decided by fold when a rule is compiled, and by extract when an event comes: a
// contradiction between the two is a rule that silently never fires, or one that fires for what it
// should not. So: every field that folds, on every event type, on records of every shape.
namespace saker::field {
namespace {

using event::EventType;
using test::Descriptor;
using test::Record;
using test::RecordBuilder;
using test::shown;
using test::World;

enum class Content { kPaths, kFiles, kSockets, kGarbage };

// Bytes that differ from one another and fit no struct.
std::string garbage(std::size_t size) {
    std::string bytes(size, '\0');
    std::uint32_t state = 2463534242;
    for (char& byte : bytes) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        byte = static_cast<char>(state);
    }
    return bytes;
}

void fill_slot(RecordBuilder& record, std::size_t slot, Content content) {
    switch (content) {
        case Content::kPaths:
            record.path(slot, "a/../b", "/home/ann");
            break;
        case Content::kFiles:
            record.fd(slot, 3, SAKER_FD_FILE, "/etc/shadow");
            break;
        case Content::kSockets:
            record.inet(slot, 3, {"10.0.0.1", 40000}, {"10.0.0.2", 443});
            break;
        case Content::kGarbage:
            record.bytes(slot, garbage(17 + 13 * slot));
            break;
    }
}

RecordBuilder builder(EventType type, std::int64_t ret) {
    return test::by_cat(event::info(type).name).ret(ret).arg(0, 0).arg(1, ~0ull).arg(2, 0102);
}

// Records of a type: nothing captured, and each content, of a call that succeeded or failed.
std::vector<Record> records_of(EventType type) {
    std::vector<Record> records;
    for (const std::int64_t ret : {0, 5, -2}) {
        records.push_back(builder(type, ret).build());
        for (const auto content :
             {Content::kPaths, Content::kFiles, Content::kSockets, Content::kGarbage}) {
            RecordBuilder record = builder(type, ret);
            for (std::size_t slot = 0; slot < SAKER_MAX_CAPTURES; ++slot) {
                fill_slot(record, slot, content);
            }
            records.push_back(record.build());
        }
    }
    // What the table says that the captures are.
    RecordBuilder proper = builder(type, 0);
    const auto& captures = event::info(type).captures;
    for (std::size_t slot = 0; slot < captures.size(); ++slot) {
        const bool path = captures[slot].kind == SAKER_CAPTURE_PATH;
        fill_slot(proper, slot, path ? Content::kPaths : Content::kFiles);
    }
    records.push_back(proper.build());
    return records;
}

// All ways to name the fields that have a fold, or of all fields; parameters by every name and by
// index.
std::vector<FieldUse> uses(bool only_folding) {
    std::set<std::string_view> params;
    for (const event::EventInfo& info : event::events()) {
        for (const event::ParamInfo& param : info.params) params.insert(param.name);
    }
    std::vector<FieldUse> all;
    for (const FieldInfo& info : Registry::native().fields()) {
        if (only_folding && info.fold == nullptr) continue;
        if (info.argument == Argument::kParam) {
            for (const auto name : params) all.push_back({&info, std::string(name), {}});
            for (const unsigned i : {0u, 1u, 5u, 40u}) all.push_back({&info, std::to_string(i), i});
        } else if (info.argument == Argument::kEventType) {
            all.push_back({&info, "openat", {}});
        } else {
            all.push_back({&info, "", {}});
        }
    }
    return all;
}

// What contradicts between fold and extract; empty if nothing.
std::string contradiction(const FieldUse& use, const std::optional<Values>& folded,
                          const Context& context) {
    const Values extracted = use.info->extract(use, context);
    if (!folded || shown(use.info->type, *folded) == shown(use.info->type, extracted)) return "";
    return use.name() + " of " + std::string(context.event->info().name) + ", ret " +
           std::to_string(context.event->ret()) + ": folds to " + shown(use.info->type, *folded) +
           ", extracts " + shown(use.info->type, extracted);
}

TEST_CASE("fold and extract agree, for every field that folds and every event type") {
    World world;
    const std::vector<FieldUse> all = uses(true);
    std::size_t compared = 0;
    std::set<std::string> contradictions;
    for (EventType type = 0; type < event::events().size(); ++type) {
        const std::vector<Record> records = records_of(type);
        for (const Record& record : records) {
            const Context& context = world.look(record);
            for (const FieldUse& use : all) {
                const auto folded = use.info->fold(use, type);
                compared += folded ? 1 : 0;
                const std::string wrong = contradiction(use, folded, context);
                if (!wrong.empty()) contradictions.insert(wrong);
            }
        }
    }
    for (const std::string& wrong : contradictions) FAIL_CHECK(wrong);
    CHECK(compared > 100'000);
}

TEST_CASE("every field can be taken from any record, whatever it holds, under either name") {
    World world;
    const std::vector<FieldUse> all = uses(false);
    for (EventType type = 0; type < event::events().size(); ++type) {
        if (event::info(type).has(event::kNeverSeen)) continue;
        if (event::info(type).has(event::kGenericCall) && type % 16 != 0) continue;  // all alike
        for (const Record& record : records_of(type)) {
            for (const NameView view : {NameView::kAsked, NameView::kReal}) {
                const Context& context = world.look(record, view);
                for (const FieldUse& use : all) {
                    // Reading all of each value lets the sanitizer see what it points to.
                    const Values values = use.info->extract(use, context);
                    if (shown(use.info->type, values).size() > 100'000) {
                        FAIL_CHECK(use.name() << " of " << event::info(type).name << " is endless");
                    }
                    const bool one = use.info->several == Several::kOne;
                    if (one && values.size() > 1) FAIL_CHECK(use.name() << " has several values");
                }
            }
        }
    }
}

TEST_CASE("fold knows what no event of a type can have, and what all have") {
    const auto fold = [](std::string_view field, EventType type) -> std::string {
        const FieldUse use = test::use_of(field);
        const auto folded = use.info->fold(use, type);
        return folded ? shown(use.info->type, *folded) : "?";
    };
    CHECK(fold("evt.type", SAKER_EVENT_openat) == "openat");
    CHECK(fold("syscall.type", SAKER_EVENT_procexit) == test::kNothing);
    CHECK(fold("evt.is_io_write", SAKER_EVENT_write) == "true");
    CHECK(fold("evt.is_open_read", SAKER_EVENT_setuid) == "false");
    CHECK(fold("evt.is_open_read", SAKER_EVENT_openat) == "?");
    CHECK(fold("fd.name", SAKER_EVENT_setuid) == test::kNothing);
    CHECK(fold("fd.name", SAKER_EVENT_openat) == "?");
    CHECK(fold("fd.nameraw", SAKER_EVENT_read) == test::kNothing);
    CHECK(fold("fd.sip", SAKER_EVENT_rename) == test::kNothing);
    CHECK(fold("fd.sip", SAKER_EVENT_connect) == "?");
    CHECK(fold("fs.path.source", SAKER_EVENT_rename) == "?");
    CHECK(fold("fs.path.source", SAKER_EVENT_unlink) == test::kNothing);
    CHECK(fold("evt.arg.mode", SAKER_EVENT_chmod) == "?");
    CHECK(fold("evt.arg.mode", SAKER_EVENT_setuid) == test::kNothing);
    CHECK(fold("evt.arg[9]", SAKER_EVENT_setuid) == test::kNothing);
    CHECK(fold("evt.buffer", SAKER_EVENT_write) == "?");
    CHECK(fold("evt.buffer", SAKER_EVENT_openat) == test::kNothing);
}

}  // namespace
}  // namespace saker::field
