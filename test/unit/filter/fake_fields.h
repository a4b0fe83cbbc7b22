// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/table.h"
#include "field/context.h"
#include "field/field.h"

// Fields of every type whose values a test chooses, in place of those of an event.
namespace saker::filter::fake {

enum FieldNumber : std::uint8_t {
    kEvtType,
    kEvtNum,
    kStr,
    kOther,
    kPath,
    kInt,
    kInt2,
    kUint,
    kReal,
    kBool,
    kBytes,
    kPort,
    kIp,
    kIp2,
    kNet,
    kReltime,
    kAbstime,
    kAny,  // as ancestors have: any value will do
    kAnyInt,
    kEnds,  // as both ends of a connection: `!=` means neither
    kPorts,
    kNets,
    kList,
    kList2,
    kNumbers,
    kPaths,  // lists of every type that a list may have
    kTimes,
    kMoments,
    kTruths,
    kIps,
    kNetList,
    kFile,  // has two names
    kKind,  // known for some types of event
    kFlag,  // likewise
    kParam,
    kFilterOnly,
    kPrintOnly,
    kHost,
    kHostName,
    kAround,
    kFields,
};

// Indexed by FieldNumber.
extern const std::array<field::FieldInfo, kFields> kTable;

const field::Registry& registry();

// One event's values.
struct Context : field::Context {
    Context();
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    event::EventType type = 0;
    std::array<std::vector<field::Value>, kFields> values;
    std::vector<field::Value> real_file;  // kFile under its real name
    field::Scratch memory;
    mutable std::array<unsigned, kFields> extractions{};  // how often each was asked for
};

event::EventType type_of(std::string_view name);

field::IpAddress ip(const char* text);

}  // namespace saker::filter::fake
