// SPDX-License-Identifier: Apache-2.0
// calls.c as a 32-bit program.
#include "calls.c"
