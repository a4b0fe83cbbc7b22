// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/syscall.h>
#include <unistd.h>

namespace saker::test {

// While it lives, this thread is nobody where it would be root, without root's capabilities: so a
// test of what may not be read is one for root, too.
class AsNobody {
public:
    AsNobody() { set_user(kNobody); }
    AsNobody(const AsNobody&) = delete;
    AsNobody& operator=(const AsNobody&) = delete;
    ~AsNobody() { set_user(0); }

private:
    static constexpr uid_t kNobody = 65534;
    // Of this thread alone, unlike the library's seteuid().
    void set_user(uid_t user) const {
        if (is_root_) syscall(SYS_setresuid, -1, user, -1);
    }
    bool is_root_ = geteuid() == 0;
};

}  // namespace saker::test
