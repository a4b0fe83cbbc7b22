// SPDX-License-Identifier: Apache-2.0
#include "rule/mapped_text.h"

#include <algorithm>

namespace saker::rule {

void MappedText::append(const Scalar& scalar) {
    if (!text_.empty()) text_ += ' ';
    append_scalar(scalar);
}

void MappedText::append_trimmed(const Scalar& scalar) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const std::string_view text = scalar.text();
    const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
    const std::size_t end = text.find_last_not_of(kBlanks) + 1;  // npos + 1 is 0
    if (!text_.empty()) text_ += ' ';
    segments_.push_back({text_.size(), scalar, begin, false});
    if (end > begin) text_ += text.substr(begin, end - begin);
}

void MappedText::append_scalar(const Scalar& scalar) {
    segments_.push_back({text_.size(), scalar, 0, false});
    text_ += scalar.text();
}

void MappedText::append_for(const Scalar& scalar, std::string_view bytes) {
    segments_.push_back({text_.size(), scalar, 0, true});
    text_ += bytes;
}

void MappedText::append_part(const MappedText& from, std::size_t begin, std::size_t end) {
    while (begin < end) {
        const std::size_t at = from.segment_at(begin);
        Segment part = from.segments_[at];
        if (!part.fixed) part.offset += begin - part.begin;
        part.begin = text_.size();
        const bool last = at + 1 == from.segments_.size();
        const std::size_t stop = last ? end : std::min(end, from.segments_[at + 1].begin);
        if (!continues_last(part)) segments_.push_back(part);
        text_.append(from.text_, begin, stop - begin);
        begin = stop;
    }
}

bool MappedText::continues_last(const Segment& next) const {
    if (segments_.empty() || next.fixed) return false;
    const Segment& last = segments_.back();
    return !last.fixed && last.scalar.node == next.scalar.node &&
           last.offset + (next.begin - last.begin) == next.offset;
}

void MappedText::append_instead(const MappedText& from, std::size_t origin,
                                std::string_view bytes) {
    if (bytes.empty()) return;
    Segment segment = from.segments_[from.segment_at(origin)];
    if (!segment.fixed) segment.offset += origin - segment.begin;
    segment.begin = text_.size();
    segment.fixed = true;
    segments_.push_back(segment);
    text_ += bytes;
}

void MappedText::truncate(std::size_t size) {
    text_.resize(size);
    while (!segments_.empty() && segments_.back().begin >= size) segments_.pop_back();
}

Place MappedText::place(std::size_t offset) const {
    if (segments_.empty()) return {};
    const Segment& segment = segments_[segment_at(std::min(offset, text_.size()))];
    return place_in_scalar(
        segment.scalar, segment.fixed ? segment.offset : segment.offset + offset - segment.begin);
}

std::size_t MappedText::segment_at(std::size_t offset) const {
    const auto after = std::ranges::upper_bound(segments_, offset, {}, &Segment::begin);
    return static_cast<std::size_t>(after - segments_.begin()) - 1;
}

}  // namespace saker::rule
