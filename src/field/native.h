// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>

#include "field/field.h"

// The tables that make up the native fields, one for each class.
namespace saker::field {

std::span<const FieldInfo> event_fields();      // evt.*, syscall.type
std::span<const FieldInfo> category_fields();   // evt.category, evt.count*
std::span<const FieldInfo> time_fields();       // evt.*time*, evt.around
std::span<const FieldInfo> process_fields();    // proc.*
std::span<const FieldInfo> thread_fields();     // thread.*
std::span<const FieldInfo> ancestor_fields();   // proc.a*, and the session's and groups' leaders
std::span<const FieldInfo> user_fields();       // user.*, group.*
std::span<const FieldInfo> fd_fields();         // fd.*, fdlist.*
std::span<const FieldInfo> socket_fields();     // fd.*ip, fd.*port, fd.*net
std::span<const FieldInfo> path_fields();       // fs.path.*, evt.abspath
std::span<const FieldInfo> container_fields();  // container.*, k8s.*
std::span<const FieldInfo> retired_fields();    // what is accepted and says nothing

std::array<std::span<const FieldInfo>, 12> native_tables();

}  // namespace saker::field
