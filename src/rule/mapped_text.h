// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rule/yaml.h"

namespace saker::rule {

// A text put together from scalars (a condition and what was appended to it, with lists put in),
// which knows for each of its bytes where that came from. Cheap to copy for what a condition is;
// the scalars must outlive it.
class MappedText {
public:
    MappedText() = default;
    explicit MappedText(const Scalar& scalar) { append(scalar); }

    const std::string& text() const { return text_; }
    bool empty() const { return text_.empty(); }

    // Adds a scalar, after one blank if it is not the first.
    void append(const Scalar& scalar);

    // The same without the blanks around the scalar.
    void append_trimmed(const Scalar& scalar);

    // Adds a scalar, and no blank.
    void append_scalar(const Scalar& scalar);

    // Adds bytes that stand for a scalar as a whole.
    void append_for(const Scalar& scalar, std::string_view bytes);

    // Adds the bytes [begin, end) of another text.
    void append_part(const MappedText& from, std::size_t begin, std::size_t end);

    // Adds bytes that stand for what is at `origin` in another text.
    void append_instead(const MappedText& from, std::size_t origin, std::string_view bytes);

    // Drops all bytes from `size` on.
    void truncate(std::size_t size);

    // Where a byte came from; the end of the text is the end of its last scalar. For diagnostics
    // only (see place_in_scalar). Nowhere if nothing was ever added.
    Place place(std::size_t offset) const;

    // The scalar that a byte came from; nullptr if nothing was ever added.
    const Scalar* scalar_at(std::size_t offset) const {
        return segments_.empty() ? nullptr : &segments_[segment_at(offset)].scalar;
    }

private:
    // From `begin` up to the next segment, bytes are those of `scalar` from `offset` on; all the
    // same one if `fixed`.
    struct Segment {
        std::size_t begin;
        Scalar scalar;
        std::size_t offset;
        bool fixed;
    };

    bool continues_last(const Segment& next) const;
    std::size_t segment_at(std::size_t offset) const;

    std::string text_;
    std::vector<Segment> segments_;
};

}  // namespace saker::rule
