// SPDX-License-Identifier: Apache-2.0
// The test framework, whichever of its two major versions the system has.
#pragma once

// First: Catch has a macro CAPTURE, and so has the table of events.
#include "saker/record.h"

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
