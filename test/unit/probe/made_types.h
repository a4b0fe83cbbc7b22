// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bpf/btf.h>

#include <initializer_list>
#include <string>

#include "probe/kernel_types.h"

namespace saker::probe {

// Types of a kernel that does not exist, made for a test. Sizes and offsets are in bytes.
class MadeTypes {
public:
    struct Member {
        const char* name;
        int type;
        unsigned offset;
    };

    MadeTypes()
        : types_(btf__new_empty()),
          number(btf__add_int(types_, "unsigned int", 4, 0)),
          signed_number(btf__add_int(types_, "int", 4, BTF_INT_SIGNED)),
          wide(btf__add_int(types_, "long unsigned int", 8, 0)) {}

    // A name of "" makes an anonymous one.
    int structure(const char* name, unsigned size, std::initializer_list<Member> members) {
        const int id = btf__add_struct(types_, *name == '\0' ? nullptr : name, size);
        for (const Member& member : members) {
            btf__add_field(types_, *member.name == '\0' ? nullptr : member.name, member.type,
                           member.offset * 8, 0);
        }
        return id;
    }
    int bit_field(const char* name) {
        const int id = btf__add_struct(types_, name, 4);
        btf__add_field(types_, "bits", number, 3, 2);
        return id;
    }
    int pointer(int type) { return btf__add_ptr(types_, type); }
    int alias(const char* name, int type) { return btf__add_typedef(types_, name, type); }
    int constant(int type) { return btf__add_const(types_, type); }
    void enumerators(std::initializer_list<std::pair<const char*, int>> values) {
        btf__add_enum(types_, nullptr, 4);
        for (const auto& [name, value] : values) btf__add_enum_value(types_, name, value);
    }

    void function(const char* name) {
        btf__add_func(types_, name, BTF_FUNC_STATIC, btf__add_func_proto(types_, 0));
    }

    // A tracepoint whose programs get that many arguments.
    void tracepoint(const std::string& name, unsigned arguments) {
        const int function = btf__add_func_proto(types_, 0);
        for (unsigned i = 0; i <= arguments; ++i) btf__add_func_param(types_, "", wide);
        alias(("btf_trace_" + name).c_str(), pointer(function));
    }

    // Once, at the end.
    KernelTypes done() { return KernelTypes(types_); }

private:
    btf* types_;

public:
    const int number, signed_number, wide;
};

}  // namespace saker::probe
