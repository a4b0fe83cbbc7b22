// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "event/table.h"
#include "field/value.h"
#include "util/result.h"

// Fields: the names that conditions and outputs use, each with a type and a way to get its value
// from an event. Field tables are constant; any thread may read them.
namespace saker::field {

struct Context;  // field/context.h: the event, the process, the tables, scratch memory

enum class Argument : std::uint8_t {
    kNone,
    kIndexOptional,       // proc.aname or proc.aname[2]
    kIndexOrKeyOptional,  // container.mount[0] or container.mount[/etc]
    kKeyRequired,         // proc.env-like: container.label[app]
    kKeyOptional,         // proc.env or proc.env[HOME]
    kParam,               // evt.arg.flags, evt.arg[flags] or evt.arg[0]
    kEventType,           // evt.type.is.open or evt.type.is[open]
    kTime,                // evt.around[1700000000000000000]: ns since the epoch
    kSideOptional,        // evt.abspath, evt.abspath.src or evt.abspath.dst
    kController,          // thread.cgroup.memory or thread.cgroup[memory]
};

// How a test looks at a field that has several values for one event.
enum class Several : std::uint8_t {
    kOne,     // never has several
    kAny,     // a test holds if it holds for any of them, `!=` too (ancestors)
    kEither,  // likewise, but `!=` holds if none is equal (both ends of a connection)
    kList,    // a list: `in` all of them, `intersects` any, `exists`; no other operator
};

// Bits of FieldInfo::flags.
enum FieldFlag : std::uint16_t {
    kFilterOnly = 1 << 0,  // compiles in an output, prints <NA>
    kPrintOnly = 1 << 1,   // not for conditions
    kDeprecated = 1 << 2,
    kNamesFile = 1 << 3,      // differs between the asked and the real name: evaluated under both
    kHidden = 1 << 4,         // accepted, not listed
    kOwn = 1 << 5,            // Saker's own: no other sensor has it
    kNeverValued = 1 << 6,    // accepted and listed, but no event has it
    kTypedByParam = 1 << 7,   // has the type of the parameter that its argument names
    kResolvesHosts = 1 << 8,  // its constants are host names, compared by their addresses
    kDistance = 1 << 9,       // `=` means at most so far away, and is its only operator
    kHexadecimal = 1 << 10,   // how it is printed
    kNineDigits = 1 << 11,    // likewise: filled up with zeros
    kOfFileNames = 1 << 12,   // of an open: components of the file's names, as they stand there
};

struct FieldInfo;

// A field with its argument, as one place of a condition or an output names it.
struct FieldUse {
    const FieldInfo* info = nullptr;
    std::string argument;                // the text in brackets, or behind the last dot
    std::optional<std::uint32_t> index;  // the argument, where it is a number
    ValueType type = ValueType::kString;
    bool operator==(const FieldUse&) const = default;

    // As it was written: proc.aname[2], evt.arg.flags.
    std::string name() const;
};

// Gets the values of a field: empty if the event has none. Called with a context whose event is
// set; the result lives in the context's scratch memory or in what the event points to.
using Extract = Values (*)(const FieldUse& use, const Context& context);

// What a field always is for one type of event: nullopt if only the event itself can tell, no
// values if events of that type never have the field (fd.name of setuid). Lets conditions be
// decided when a rule is compiled. The values are constants.
using Fold = std::optional<Values> (*)(const FieldUse& use, event::EventType type);

struct FieldInfo {
    std::string_view name;
    ValueType type;
    Argument argument;
    Several several;
    std::uint16_t flags;
    Extract extract;
    Fold fold;                     // nullptr: never known before the event
    std::string_view description;  // one sentence for `list fields` and the documentation

    bool has(FieldFlag flag) const { return (flags & flag) != 0; }
};

// True if the field's value can differ between a file's asked and its real name, in events of that
// type: that of an event's parameter only if it is such a name.
bool names_file(const FieldUse& use, event::EventType type);

// A set of fields to look names up in. The one with all of Saker's fields is `native()`; tests
// make their own. Immutable after construction.
class Registry {
public:
    explicit Registry(std::span<const FieldInfo> fields);

    // Finds a field and checks its argument. `text` is the dotted name as written; `argument` is
    // what stood in brackets, if anything. Errors: unknown field, argument missing, not a number,
    // unknown event parameter. Logarithmic in the number of fields: outputs try many names.
    Result<FieldUse> bind(std::string_view text, std::optional<std::string_view> argument) const;

    // The field of exactly that name; nullptr if there is none.
    const FieldInfo* find(std::string_view name) const;

    std::span<const FieldInfo> fields() const { return fields_; }

    static const Registry& native();

private:
    const FieldInfo* find_dotted(std::string_view text) const;

    std::span<const FieldInfo> fields_;
    std::vector<const FieldInfo*> by_name_;
};

}  // namespace saker::field
