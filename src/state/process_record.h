// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "event/event.h"
#include "state/process.h"

namespace saker::state {

// What a process record says (enum saker_process_capture in record.h). Pure functions: nothing of
// the table goes in, nothing is remembered.

// The facts of an execve that succeeded; nullopt for every other record.
std::optional<saker_process> exec_facts(const event::Event& event);

// The facts of a new process; nullopt for every other record.
std::optional<saker_process> fork_facts(const event::Event& event);

// The program image, of a record that has exec_facts().
std::shared_ptr<const Image> image_of(const event::Event& event, const saker_process& facts);

// The walked path in a capture. An empty one is the root or was not taken; where the record was
// full, it is the latter and `otherwise` is given.
std::string walked_path(const event::Event& event, std::size_t slot, const std::string& otherwise);

// The same in place of `path`, which mostly stays as it is: then nothing is made.
void follow_path(const event::Event& event, std::size_t slot, std::string& path);

// An image about which nothing is known.
const std::shared_ptr<const Image>& unknown_image();

// The name in a fixed field, up to its NUL.
std::string comm_text(const char (&comm)[16]);

}  // namespace saker::state
