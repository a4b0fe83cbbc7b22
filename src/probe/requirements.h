// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "event/operations.h"
#include "probe/kernel_types.h"
#include "util/result.h"

namespace saker::probe {

// In which form the BPF objects are to be loaded. Each does what the one before it does, with more
// of the kernel's own functions: an object that names one that is not there cannot be loaded.
enum class ObjectForm {
    kHelpers,      // any kernel
    kDirectReads,  // memory is read by bpf_rdonly_cast (6.2)
    kPreemptible,  // and programs keep their processor, as tracepoints no longer let them (7.0)
};
constexpr std::size_t kObjectForms = 3;

// What this kernel and this process can do, looked up before anything is loaded.
struct Requirements {
    std::string kernel;  // "6.1.0-18-amd64"
    std::shared_ptr<const KernelTypes> types;
    ObjectForm form = ObjectForm::kHelpers;
    bool sees_modules = false;         // the types of the kernel's modules, by CAP_SYS_ADMIN
    bool task_storage = false;         // programs may keep something with a task (5.13)
    event::Operations operations = 0;  // those whose function a program can be attached to
    int function_program_error = 0;    // the errno with which the kernel refuses all such programs
    bool v1_memory = false;  // the v1 memory controller, or the v1 pids controller, is mounted
    bool v1_pids = false;
    // Capabilities whose lack only costs detail, in words: one line each, to be logged once.
    std::vector<std::string> gaps;
};

// An error names what is missing and what to do about it: a kernel below 5.8, no BTF, no ring
// buffer, no CAP_BPF or CAP_PERFMON.
Result<Requirements> check_requirements();

// Gives up every capability but those that reading other processes' /proc files takes, for good
// (bounding set, no_new_privs). To be called when everything is attached. Does nothing that is not
// allowed: without CAP_SETPCAP the bounding set stays as it is.
//
// Capabilities and no_new_privs are each thread's own: no other thread may have been started yet,
// it would keep all that it has. If there is one, that is an error, though the caller's are given
// up.
Result<void> drop_privileges();

}  // namespace saker::probe
