// SPDX-License-Identifier: Apache-2.0
#include "field/make.h"
#include "field/native.h"
#include "field/row.h"

// Fields that rule files may still name, and that say nothing any more.
namespace saker::field {

namespace {

const Value kZero = Value::of_uint(0);
const Value kNoTime = Value::of("0ns");
const Value kExit = Value::of("<");

template <const Value& value>
Values constant(const FieldUse& /*use*/, const Context& /*context*/) {
    return {&value, 1};
}
template <const Value& value>
std::optional<Values> fold_constant(const FieldUse& /*use*/, event::EventType /*type*/) {
    return Values(&value, 1);
}

using namespace row;

#define CONSTANT(name, type, value, description) \
    {name, type, kNone, kOne, kDeprecated, constant<value>, fold_constant<value>, description}
#define HIDDEN(name, type) \
    {name, type, kNone, kOne, kHidden | kNeverValued, never, fold_never, "Never has a value."}

// clang-format off
const FieldInfo kRows[] = {
    CONSTANT("evt.dir", kStr, kExit, "Always <: events are taken when a call returns."),
    CONSTANT("evt.latency", kRel, kZero, "Always 0."),
    CONSTANT("evt.latency.s", kRel, kZero, "Always 0."),
    CONSTANT("evt.latency.ns", kRel, kZero, "Always 0."),
    CONSTANT("evt.latency.human", kStr, kNoTime, "Always 0ns."),
    CONSTANT("evt.wait_latency", kRel, kZero, "Always 0."),
    HIDDEN("evt.latency.quantized", kUint),
    HIDDEN("evt.count.procinfo", kUint),
    HIDDEN("evt.count.threadinfo", kUint),
    HIDDEN("evt.buflen.in", kUint),
    HIDDEN("evt.buflen.out", kUint),
    HIDDEN("evt.buflen.file", kUint),
    HIDDEN("evt.buflen.file.in", kUint),
    HIDDEN("evt.buflen.file.out", kUint),
    HIDDEN("evt.buflen.net", kUint),
    HIDDEN("evt.buflen.net.in", kUint),
    HIDDEN("evt.buflen.net.out", kUint),
    HIDDEN("evt.infra.docker.name", kStr),
    HIDDEN("evt.infra.docker.container.id", kStr),
    HIDDEN("evt.infra.docker.container.name", kStr),
    HIDDEN("evt.infra.docker.container.image", kStr),
    HIDDEN("thread.nametid", kStr),
    HIDDEN("thread.vmsize.b", kUint),
    HIDDEN("thread.vmrss.b", kUint),
    HIDDEN("util.cnt", kUint),
};
// clang-format on

#undef CONSTANT
#undef HIDDEN

}  // namespace

std::span<const FieldInfo> retired_fields() {
    return kRows;
}

}  // namespace saker::field
