// SPDX-License-Identifier: Apache-2.0
#include "event/name.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "event/fd.h"
#include "util/short_text.h"

namespace saker::event {
namespace {

// A folded path under construction. Always begins with a slash, unless it is empty (the root).
class Folder {
public:
    explicit Folder(char* begin) : begin_(begin), end_(begin) {}
    // Goes on from a folded path that the buffer has.
    Folder(char* begin, std::size_t size) : begin_(begin), end_(begin + size) {}

    // Adds what has nothing to fold in it.
    void take(std::string_view path) {
        *end_++ = '/';
        text::copy(end_, path.data(), path.size());
        end_ += path.size();
    }

    // Adds what a path names, component by component. Components are short: a loop that copies
    // while it looks for the slash is quicker than a search and a copy.
    void follow(std::string_view path) {
        for (std::size_t i = 0; i < path.size(); ++i) {
            char* const slash = end_;
            *end_++ = '/';
            while (i < path.size() && path[i] != '/') *end_++ = path[i++];
            settle(slash);
        }
    }

    // The path; a cut one without its leading slash.
    std::string_view text(bool cut) const {
        const auto size = static_cast<std::size_t>(end_ - begin_);
        if (size == 0) return cut ? std::string_view() : std::string_view("/");
        return cut ? std::string_view(begin_ + 1, size - 1) : std::string_view(begin_, size);
    }

private:
    // Takes back the component that was added at `slash` if it folds away.
    void settle(char* slash) {
        const auto size = static_cast<std::size_t>(end_ - slash) - 1;
        const bool dot = size == 1 && slash[1] == '.';
        const bool dots = size == 2 && slash[1] == '.' && slash[2] == '.';
        if (size == 0 || dot || dots) end_ = slash;
        if (dots) leave();
    }

    // The parent of the root is the root.
    void leave() {
        while (end_ != begin_) {
            --end_;
            if (*end_ == '/') return;
        }
    }

    char* begin_;
    char* end_;
};

bool is_absolute(std::string_view path) {
    return path.starts_with('/');
}

bool walk_is_cut(Bytes walk, bool cut) {
    return cut || (!walk.empty() && walk.back() != std::byte{0});
}

// Writes a slash and names[start..stop) so that they end at `end`; perhaps more before them,
// kCopySlack bytes at most, which are of no use. Returns where the slash is.
char* write_name_before(char* end, std::string_view names, std::size_t start, std::size_t stop) {
    const std::size_t length = stop - start;
    if (length <= kCopySlack && stop >= kCopySlack) {
        std::memcpy(end - kCopySlack, &names[stop - kCopySlack], kCopySlack);
    } else {
        text::copy(end - length, &names[start], length);
    }
    end -= length + 1;
    *end = '/';
    return end;
}

// Writes a walked path, leaf last, with a slash before every name; the root is empty. The names are
// taken as they come and written from the buffer's end on back: what one of them writes too much is
// where the next one goes.
std::string_view turn_around(Bytes walk, char* buffer) {
    const std::string_view names = as_text(walk);
    char* const end = buffer + walked_bound(walk);
    char* begin = end;
    std::size_t start = 0;  // of the name at hand
    for (std::size_t block = 0; block < names.size(); block += text::kPlaces) {
        for (text::Places nuls = text::places_of(names, block, '\0'); nuls != 0; nuls &= nuls - 1) {
            const std::size_t stop = block + static_cast<unsigned>(std::countr_zero(nuls));
            if (start < stop) begin = write_name_before(begin, names, start, stop);
            start = stop + 1;
        }
    }
    if (start < names.size()) begin = write_name_before(begin, names, start, names.size());
    return {begin, static_cast<std::size_t>(end - begin)};
}

// The walk of the directory above; that of the root is its own.
Bytes parent_of(Bytes walk) {
    const std::string_view names = as_text(walk);
    const std::size_t leaf = std::min(names.find_first_not_of('\0'), names.size());
    const std::size_t end = leaf + text::length_until_nul(names, leaf);
    return walk.subspan(std::min(end + 1, walk.size()));
}

// Takes the `.` and `..` off that many relative paths begin with: sooner than the names are turned
// around that fold away.
void fold_start(Bytes& base, std::string_view& asked) {
    while (true) {
        if (asked.starts_with("../")) {
            base = parent_of(base);
            asked.remove_prefix(3);
        } else if (asked.starts_with("./")) {
            asked.remove_prefix(2);
        } else {
            return;
        }
    }
}

// True if the names, each with a NUL behind it, leaf first, are the components of that path without
// a leading slash. None of the names is `.` or `..`, so the path has nothing to fold then.
bool is_turned_around(std::string_view names, std::string_view path) {
    if (names.size() != path.size() + 1 || names.back() != '\0') return false;
    std::size_t end = path.size();
    for (std::size_t start = 0;;) {
        const std::size_t length = text::length_until_nul(names, start);
        if (length == 0 || length > end) return false;
        if (!text::equal(&path[end - length], &names[start], length)) return false;
        if (length == end) return true;
        end -= length + 1;
        if (path[end] != '/') return false;
        start += length + 1;
    }
}

bool is_suspect_pair(char first, char second) {
    return first == '/' && (second == '/' || second == '.');
}

using text::in_every_byte;
using text::load_word;

// True if any of eight bytes is a slash and the one behind it a slash or a dot, whose codes differ
// in the lowest bit only: then, and only then, a byte of `differences` is zero.
bool has_suspect_pair(std::uint64_t bytes, std::uint64_t next_bytes) {
    static_assert('/' == ('.' | 1));
    const std::uint64_t differences =
        (bytes ^ in_every_byte('/')) | ((next_bytes ^ in_every_byte('.')) & in_every_byte(0xfe));
    return ((differences - in_every_byte(0x01)) & ~differences & in_every_byte(0x80)) != 0;
}

// Most names have no such pair, and nothing to fold: every file event asks, so eight at a time.
bool has_suspect_pair(std::string_view name) {
    std::size_t i = 0;
    for (; i + sizeof(std::uint64_t) < name.size(); i += sizeof(std::uint64_t)) {
        if (has_suspect_pair(load_word(&name[i]), load_word(&name[i + 1]))) return true;
    }
    for (; i + 1 < name.size(); ++i) {
        if (is_suspect_pair(name[i], name[i + 1])) return true;
    }
    return false;
}

// True if the component that starts at `name[at]` is empty, `.` or `..`.
bool folds_away(std::string_view name, std::size_t at) {
    std::size_t dots = 0;
    while (dots < 2 && at + dots < name.size() && name[at + dots] == '.') ++dots;
    return at + dots == name.size() || name[at + dots] == '/';
}

bool has_foldable_component(std::string_view name) {
    for (std::size_t i = 0; i + 1 < name.size(); ++i) {
        if (is_suspect_pair(name[i], name[i + 1]) && folds_away(name, i + 1)) return true;
    }
    return false;
}

// True if no component behind the first one is empty, `.` or `..`, nor the whole path.
bool rest_is_folded(std::string_view path) {
    if (path.empty() || path.back() == '/') return false;
    return !has_suspect_pair(path) || !has_foldable_component(path);
}

// Lets `write` fill `bound` bytes and appends what it returns. Most names are made on the stack,
// and take no more memory than they need then.
template <typename Write>
void append(std::string& out, std::size_t bound, Write write) {
    char small[512];
    if (bound <= sizeof small) {
        out += write(small);
    } else {
        out += write(std::string(bound, '\0').data());
    }
}

}  // namespace

std::string_view walked_name(Bytes walk, bool cut, char* buffer) {
    std::string_view text = turn_around(walk, buffer);
    if (walk_is_cut(walk, cut)) {
        if (!text.empty()) text.remove_prefix(1);
        return text;
    }
    return text.empty() ? std::string_view("/") : text;
}

bool is_name_of(Bytes walk, std::string_view name) {
    return is_absolute(name) && is_turned_around(as_text(walk), name.substr(1));
}

bool is_name_of(Bytes walk, const Event::Path& path) {
    if (path.empty || path.cut) return false;
    if (is_absolute(path.asked)) return is_name_of(walk, path.asked);
    const std::size_t below = path.asked.size() + 1;
    if (walk.size() != below + path.base.size()) return false;
    return as_text(walk.subspan(below)) == as_text(path.base) &&
           is_turned_around(as_text(walk.first(below)), path.asked);
}

std::string_view asked_name(const Event::Path& path, char* buffer) {
    if (path.empty) return real_path(*path.empty, buffer).value_or(std::string_view{});
    if (is_absolute(path.asked)) {
        if (is_folded(path.asked)) return path.asked;
        Folder folder(buffer);
        folder.follow(path.asked);
        return folder.text(false);
    }
    Bytes base = path.base;
    std::string_view asked = path.asked;
    fold_start(base, asked);
    const std::size_t size = turn_around(base, buffer).size();
    Folder folder(buffer + walked_bound(base) - size, size);
    if (rest_is_folded(asked) && !folds_away(asked, 0)) {
        folder.take(asked);
    } else {
        folder.follow(asked);
    }
    return folder.text(walk_is_cut(path.base, path.cut));
}

std::string_view fold_path(std::string_view base, std::string_view asked, char* buffer) {
    const bool absolute = is_absolute(asked);
    Folder folder(buffer);
    if (!absolute) folder.follow(base);
    folder.follow(asked);
    return folder.text(!absolute && !base.empty() && !is_absolute(base));
}

bool is_folded(std::string_view name) {
    if (!is_absolute(name)) return false;
    return name.size() == 1 || rest_is_folded(name);
}

void append_walked_name(Bytes walk, bool cut, std::string& out) {
    append(out, walked_bound(walk), [&](char* buffer) { return walked_name(walk, cut, buffer); });
}

void append_asked_name(const Event::Path& path, std::string& out) {
    append(out, asked_bound(path), [&](char* buffer) { return asked_name(path, buffer); });
}

}  // namespace saker::event
