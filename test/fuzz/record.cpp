// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "container/container_id.h"
#include "container/containers.h"
#include "event/event.h"
#include "field/field.h"
#include "field/file_names.h"
#include "rule/format.h"
#include "state/process_table.h"
#include "state/users.h"
#include "targets.h"
#include "util/text.h"

namespace saker::fuzz {

namespace {

// Every field that needs no argument, and all parameters.
const rule::Format& everything() {
    static const rule::Format format = [] {
        std::string text;
        for (const field::FieldInfo& info : field::Registry::native().fields()) {
            const bool bare = field::Registry::native().bind(info.name, {}).has_value();
            if (bare && !info.has(field::kFilterOnly)) text += "%" + std::string(info.name) + " ";
        }
        for (int i = 0; i < 40; ++i) {
            text += "%evt.arg[" + std::to_string(i) + "] %evt.rawarg[" + std::to_string(i) + "] ";
        }
        return *rule::Format::compile(text + "%proc.aname[2] %proc.env[A]",
                                      field::Registry::native());
    }();
    return format;
}

// One record out of the input, aligned; what makes nearly every record invalid is put right, so
// that the decoder is reached: the event's number and the sum of the lengths.
std::vector<std::uint64_t> take_record(Input& input) {
    saker_record header{};
    const std::size_t begin = std::min(input.size(), sizeof header);
    if (begin != 0) std::memcpy(&header, input.data(), begin);
    input = input.subspan(begin);
    header.event %= SAKER_EVENT_COUNT;
    std::size_t data = 0;
    for (auto& length : header.lengths) {
        length = static_cast<std::uint16_t>(std::min<std::size_t>(length, input.size() - data));
        data += length;
    }
    header.size = static_cast<std::uint32_t>(sizeof header + data);
    std::vector<std::uint64_t> words(header.size / 8 + 1);
    auto* bytes = reinterpret_cast<char*>(words.data());
    std::memcpy(bytes, &header, sizeof header);
    if (data != 0) std::memcpy(bytes + sizeof header, input.data(), data);
    input = input.subspan(data);
    return words;
}

// What the engine does with a record, and a rule that shows every field.
class Machine {
public:
    Machine() {
        context_.processes = &processes_;
        context_.users = &users_;
        context_.scratch = &scratch_;
        context_.hostname = &hostname_;
    }

    void take(event::Bytes bytes) {
        const auto event = event::Event::parse(bytes);
        if (!event) return;
        scratch_.reset();
        context_.event = &*event;
        context_.process = processes_.apply(*event);
        context_.container = &container::Container::host();
        ++context_.number;
        for (const auto names : {field::NameView::kAsked, field::NameView::kReal}) {
            context_.names = names;
            field::find_file(context_);
            std::string text;
            everything().render(context_, text);
            text::escaped(text);
            std::vector<rule::OutputField> fields;
            everything().collect(context_, fields);
        }
    }

private:
    state::ProcessTable processes_{nullptr, 16};
    state::Users users_{"/dev/null"};
    field::Scratch scratch_;
    std::string hostname_ = "host";
    field::Context context_;
};

}  // namespace

void record(Input input) {
    // As it is, but aligned: most are refused.
    std::vector<std::uint64_t> copy(input.size() / 8 + 1);
    if (!input.empty()) std::memcpy(copy.data(), input.data(), input.size());
    Machine machine;
    machine.take(std::as_bytes(std::span(copy)).first(input.size()));
    container::container_of_cgroup(as_text(input));
    for (int i = 0; i < 16 && !input.empty(); ++i) {
        const std::vector<std::uint64_t> words = take_record(input);
        machine.take(std::as_bytes(std::span(words)));
    }
}

}  // namespace saker::fuzz
