// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "event/event.h"

// Names of files, made from what the kernel side captures (record.h: struct saker_path, walked
// paths). Two names are kept apart: the asked one, folded as text just as a reader of the command
// would, and the real one, as the kernel walked it.
//
// All names made here are absolute and folded: no `.`, no `..`, no doubled slash, none at the end
// but in "/" itself. The one exception: a walk that was cut before the root gives a name WITHOUT a
// leading slash ("deep/er/file"), so that no comparison with an absolute path or prefix can hold.
//
// The functions that write take a buffer of at least the size that their `_bound` names and
// return a view of the result: into the buffer, or, where nothing had to be changed, into the
// argument. Nothing is allocated. No byte is read beyond the arguments, whatever they hold; the
// time is linear in their size.
namespace saker::event {

// Short names are copied in one go, with what stands before them.
constexpr std::size_t kCopySlack = 16;

constexpr std::size_t walked_bound(Bytes walk) {
    return walk.size() + 1 + kCopySlack;
}
constexpr std::size_t asked_bound(const Event::Path& path) {
    return walked_bound(path.base) + path.asked.size() + 1;
}
constexpr std::size_t fold_bound(std::string_view base, std::string_view asked) {
    return base.size() + asked.size() + 2;
}

// A walked path as text: "shadow\0etc\0" is "/etc/shadow", no byte at all is "/". A name that does
// not end with a NUL was cut in the middle, and the walk with it.
std::string_view walked_name(Bytes walk, bool cut, char* buffer);

// True if `name` is what walked_name() would give for a walk that was not cut. Most calls ask for a
// file by its real name: to find that out is cheaper than to make the real name. (The root, a walk
// without a byte, is not looked at: false.)
bool is_name_of(Bytes walk, std::string_view name);

// Likewise, if that is what asked_name() would give for `path`: a walk that was not cut goes
// through the base directory, and on as it was asked for. False also where there is something to
// fold.
bool is_name_of(Bytes walk, const Event::Path& path);

// The name that a call asked for, made absolute with the base directory. An absolute name that is
// folded already, the common case, is returned as it is. An empty name is the base itself.
std::string_view asked_name(const Event::Path& path, char* buffer);

// The same with a base directory as text. An unknown (empty) base counts as "/"; one without a
// leading slash is cut (see above) and leaves the result without one.
std::string_view fold_path(std::string_view base, std::string_view asked, char* buffer);

// True if a name is absolute and folding would not change it.
bool is_folded(std::string_view name);

// The same, appended to text that the caller keeps and uses again.
void append_walked_name(Bytes walk, bool cut, std::string& out);
void append_asked_name(const Event::Path& path, std::string& out);

}  // namespace saker::event
