// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "field/field.h"

// Short names for the columns of the tables of fields, so that a field stays on one line.
namespace saker::field::row {

inline constexpr auto kStr = ValueType::kString;
inline constexpr auto kPath = ValueType::kPath;
inline constexpr auto kInt = ValueType::kInt;
inline constexpr auto kUint = ValueType::kUint;
inline constexpr auto kReal = ValueType::kDouble;
inline constexpr auto kBool = ValueType::kBool;
inline constexpr auto kBytes = ValueType::kBytes;
inline constexpr auto kPort = ValueType::kPort;
inline constexpr auto kIp = ValueType::kIp;
inline constexpr auto kNet = ValueType::kNet;
inline constexpr auto kRel = ValueType::kReltime;
inline constexpr auto kAbs = ValueType::kAbstime;

inline constexpr auto kNone = Argument::kNone;
inline constexpr auto kIndex = Argument::kIndexOptional;
inline constexpr auto kKey = Argument::kKeyRequired;

inline constexpr auto kOne = Several::kOne;
inline constexpr auto kAny = Several::kAny;
inline constexpr auto kEither = Several::kEither;
inline constexpr auto kList = Several::kList;

}  // namespace saker::field::row
