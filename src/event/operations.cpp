// SPDX-License-Identifier: Apache-2.0
#include "event/operations.h"

#include <algorithm>
#include <array>

namespace saker::event {
namespace {

constexpr OperationInfo kOperations[] = {
#define OPERATION(name, function) {SAKER_OPERATION_##name, #name, #function},
#include "saker/operations.def"
};

struct Touch {
    EventType event;
    saker_operation operation;
};

constexpr Touch kTouches[] = {
#define TOUCHES(event, operation) {SAKER_EVENT_##event, SAKER_OPERATION_##operation},
#include "saker/operations.def"
};

constexpr auto kByEvent = [] {
    std::array<Operations, SAKER_EVENT_COUNT> operations{};
    for (const Touch& touch : kTouches) operations[touch.event] |= bit(touch.operation);
    return operations;
}();

}  // namespace

std::span<const OperationInfo> operations() {
    return kOperations;
}

const OperationInfo& info(saker_operation operation) {
    return kOperations[operation];
}

Operations operations(EventType type) {
    return kByEvent[type];
}

}  // namespace saker::event
