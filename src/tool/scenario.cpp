// SPDX-License-Identifier: Apache-2.0
#include "tool/scenario.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "container/container_id.h"
#include "event/flags.h"
#include "event/open_call.h"
#include "field/event_file.h"
#include "field/file_names.h"
#include "fmt/core.h"
#include "tool/bound_field.h"
#include "tool/descriptor_maker.h"
#include "tool/process_maker.h"
#include "util/number.h"

namespace saker::tool {

namespace {

constexpr std::uint64_t kEpochOffset = 1'700'000'000'000'000'000;  // some day in 2023
constexpr std::int64_t kOrdinaryDescriptor = 3;

using Captures = std::array<std::string, SAKER_MAX_CAPTURES>;

// The number of an errno's name; 0 if there is none.
std::int64_t errno_of(std::string_view name) {
    constexpr std::uint64_t kErrnos = 600;  // the kernel's own ones end below
    for (std::uint64_t number = 1; number < kErrnos; ++number) {
        if (event::errno_name(number) == name) return static_cast<std::int64_t>(number);
    }
    return 0;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
    const auto number = text::parse_number<std::int64_t>(text);
    return number ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
}

// The bits of open's flags that are no bits in the kernel.
std::uint64_t kernel_open_flags(std::uint64_t bits) {
    const bool read = (bits & event::kOpenRead) != 0;
    const bool write = (bits & event::kOpenWrite) != 0;
    const std::uint64_t access = write ? (read ? O_RDWR : O_WRONLY) : O_RDONLY;
    return (bits & 0xffff'ffff) | access;
}

// The number that stands for `NAME|NAME`; nullopt if one is unknown.
std::optional<std::uint64_t> parse_flags(const event::ParamInfo& param, std::string_view text) {
    std::uint64_t bits = 0;
    while (!text.empty()) {
        const std::size_t bar = std::min(text.find('|'), text.size());
        const auto names = param.values->names;
        const auto found = std::ranges::find(names, text.substr(0, bar), &event::FlagName::name);
        if (found == names.end()) return std::nullopt;
        bits |= found->value == event::kOtherwise ? 0 : found->value;
        text.remove_prefix(std::min(bar + 1, text.size()));
    }
    return param.type == event::ParamType::kOpenFlags ? kernel_open_flags(bits) : bits;
}

bool same(field::ValueType type, const field::Value& a, const field::Value& b) {
    return field::is_text(type) ? a.text == b.text : a.number == b.number;
}

}  // namespace

class ScenarioMaker {
public:
    explicit ScenarioMaker(const EventSpec& spec) : spec_(spec), made_(new Scenario) {}

    std::expected<std::unique_ptr<Scenario>, Problem> run() {
        if (auto wrong = make()) return std::unexpected(std::move(*wrong));
        return std::move(made_);
    }

private:
    using Wrong = std::optional<Problem>;

    Wrong make() {
        if (auto wrong = find_type()) return wrong;
        if (auto wrong = bind_fields()) return wrong;
        if (auto wrong = make_processes()) return wrong;
        set_header();
        for (const BoundField& field : fields_) {
            if (auto wrong = set_param(field)) return wrong;
        }
        set_descriptor();
        set_opened_flags();
        set_opened_path();
        finish();
        return std::nullopt;
    }

    Wrong find_type() {
        const auto given = std::ranges::find(spec_.fields, "evt.type", &GivenField::name);
        if (given == spec_.fields.end() || given->texts.size() != 1) {
            return Problem{spec_.place, "the event has no 'evt.type'"};
        }
        const auto type = event::find_event(given->texts[0]);
        if (!type || event::info(*type).category == event::Category::kInternal) {
            return Problem{given->value_place,
                           fmt::format("there is no event type '{}'", given->texts[0])};
        }
        type_ = *type;
        return std::nullopt;
    }

    Wrong bind_fields() {
        for (const GivenField& given : spec_.fields) {
            auto bound = bind(given, made_->context_.given);
            if (!bound) return std::move(bound.error());
            if (auto wrong = check(*bound)) return wrong;
            fields_.push_back(std::move(*bound));
        }
        return std::nullopt;
    }

    // What the event's type says of a field cannot be something else.
    Wrong check(const BoundField& field) const {
        for (const std::string& text : field.given->texts) {
            if (text.size() <= kMaxValueSize) continue;
            return Problem{field.given->value_place,
                           fmt::format("the value has more than {} bytes", kMaxValueSize)};
        }
        const field::FieldInfo& info = *field.use.info;
        const auto known = info.fold ? info.fold(field.use, type_) : std::nullopt;
        if (!known || field.values.empty()) return std::nullopt;
        if (known->empty()) {
            return Problem{field.given->place,
                           fmt::format("events of type {} never have {}", event::info(type_).name,
                                       field.given->name)};
        }
        if (same(info.type, field.value(), known->front())) return std::nullopt;
        return Problem{field.given->value_place,
                       fmt::format("events of type {} have another {}", event::info(type_).name,
                                   field.given->name)};
    }

    // --- processes ---

    // Properties of ancestors that the event's own fields name, beside those in its list.
    Wrong collect_ancestors(std::vector<std::vector<BoundField>>& ancestors) {
        static const std::vector<GivenFields> none;
        for (const GivenFields& given : spec_.ancestors ? *spec_.ancestors : none) {
            std::vector<BoundField> bound;
            for (const GivenField& field : given) {
                auto one = bind(field, made_->context_.given);
                if (!one) return std::move(one.error());
                if (!describes_process(one->name())) {
                    return Problem{field.place,
                                   fmt::format("{} says nothing about an ancestor", field.name)};
                }
                bound.push_back(std::move(*one));
            }
            ancestors.push_back(std::move(bound));
        }
        for (const BoundField& field : fields_) {
            const auto property = ancestor_property(field.name(), field.use.index);
            if (!property || property->generations == 0 || field.values.size() != 1) continue;
            if (property->generations > kMaxAncestors) {
                return Problem{field.given->place, "there are no ancestors so far away"};
            }
            ancestors.resize(std::max<std::size_t>(ancestors.size(), property->generations));
            add_property(ancestors[property->generations - 1], field, property->name);
        }
        if (ancestors.size() <= kMaxAncestors) return std::nullopt;
        return Problem{spec_.place, fmt::format("more than {} ancestors", kMaxAncestors)};
    }

    // The same value under the name that it has for a process itself.
    void add_property(std::vector<BoundField>& ancestor, const BoundField& field,
                      std::string_view name) {
        GivenField& own = renamed_.emplace_back(*field.given);
        own.name = name;
        own.argument.reset();
        auto bound = bind(own, made_->context_.given);
        if (bound) ancestor.insert(ancestor.begin(), std::move(*bound));
    }

    Wrong make_processes() {
        std::vector<std::vector<BoundField>> ancestors;
        if (auto wrong = collect_ancestors(ancestors)) return wrong;
        made_->process_ = make_process(fields_, kOrdinaryPid);
        state::Process* child = made_->process_.get();
        auto pid = kOrdinaryPid;
        for (const auto& ancestor : ancestors) {
            child->parent = make_process(ancestor, --pid);
            child->ptgid = child->parent->key.tgid;
            child = child->parent.get();
        }
        return std::nullopt;
    }

    // --- the record ---

    std::int64_t result() const {
        if (const BoundField* raw = find(fields_, "evt.rawres")) return raw->value().integer;
        if (const BoundField* name = find(fields_, "evt.res")) {
            if (const std::int64_t number = errno_of(name->text())) return -number;
        }
        const BoundField* failed = find(fields_, "evt.failed");
        if (failed != nullptr && failed->value().number != 0) return -1;
        const BoundField* number = find(fields_, "fd.num");
        if (!event::info(type_).has(event::kCreatesFd)) return 0;
        return number == nullptr ? kOrdinaryDescriptor : number->value().integer;
    }

    std::uint32_t id_of(std::string_view id, std::string_view name) const {
        if (const BoundField* given = find(fields_, id)) {
            return static_cast<std::uint32_t>(given->value().number);
        }
        const BoundField* named = find(fields_, name);
        return named != nullptr && named->text() == "root" ? 0 : kOrdinaryUser;
    }

    void set_header() {
        const state::Process& process = *made_->process_;
        header_.event = type_;
        header_.syscall = event::info(type_).syscall;
        header_.time = kEventTime;
        header_.sequence = 1;
        header_.start_time = process.key.start_time;
        header_.cgroup = 1;
        header_.tgid = process.key.tgid;
        header_.tid = process.key.tgid;
        if (const BoundField* tid = find(fields_, "thread.tid")) {
            header_.tid = static_cast<std::uint32_t>(tid->value().integer);
        }
        header_.ptgid = process.ptgid;
        header_.uid = id_of("user.uid", "user.name");
        header_.gid = id_of("group.gid", "group.name");
        header_.ret = result();
        std::ranges::copy(process.comm, header_.comm);
    }

    // Parameters go where the table says that they stand in a record; one that cannot be put there
    // is given directly.
    Wrong set_param(const BoundField& field) {
        if (field.name() != "evt.arg" && field.name() != "evt.rawarg") return std::nullopt;
        const auto& info = event::info(type_);
        const auto index = event::find_param(info, field.use.argument);
        if (!index || field.values.empty()) return std::nullopt;
        const event::ParamInfo& param = info.params[*index];
        auto number = parse_number(field.text());
        if (!number && param.values != nullptr) {
            number = parse_flags(param, field.text());
            if (!number && param.values->kind == event::FlagTable::Kind::kFlags) {
                return Problem{field.given->value_place,
                               fmt::format("{} has no flags '{}'", param.name, field.text())};
            }
        }
        put(param, number, field.text());
        return std::nullopt;
    }

    void put(const event::ParamInfo& param, std::optional<std::uint64_t> number,
             std::string_view text) {
        const event::Source& source = param.source;
        if (source.kind == event::SourceKind::kArg && number) header_.args[source.a] = *number;
        if (source.kind == event::SourceKind::kWord && number) put_word(source, *number);
        if (source.kind != event::SourceKind::kSlot) return;
        const auto kind = event::info(type_).captures[source.a].kind;
        if (kind == SAKER_CAPTURE_PATH) captures_[source.a] = make_path(text, made_->process_->cwd);
        if (kind == SAKER_CAPTURE_STRING) captures_[source.a] = std::string(text) + '\0';
    }

    void put_word(const event::Source& source, std::uint64_t number) {
        std::string& capture = captures_[source.a];
        const std::size_t end = std::size_t{source.b} + source.c;
        capture.resize(std::max(capture.size(), end));
        std::memcpy(capture.data() + source.b, &number, source.c);
    }

    void set_descriptor() {
        const int slot = field::fd_slot(type_);
        if (slot < 0 || is_process_record()) return;
        if (event::info(type_).has(event::kCreatesFd) && header_.ret < 0) return;
        const BoundField* given = find(fields_, "fd.num");
        const std::int64_t number = given != nullptr  ? given->value().integer
                                    : header_.ret > 0 ? header_.ret
                                                      : kOrdinaryDescriptor;
        captures_[slot] = make_descriptor(fields_, type_, static_cast<int>(number));
    }

    void set_opened_path() {
        const int slot = field::opened_path_slot(type_);
        const BoundField* name = find(fields_, "fd.name");
        if (slot < 0 || name == nullptr) return;
        captures_[slot] = make_path(name->text(), made_->process_->cwd);
    }

    bool is_process_record() const {
        return (type_ == SAKER_EVENT_execve || type_ == SAKER_EVENT_execveat) && header_.ret >= 0;
    }

    // --- what the fields are taken from ---

    void build_record() {
        std::string bytes;
        for (std::size_t slot = 0; slot < captures_.size(); ++slot) {
            header_.lengths[slot] = static_cast<std::uint32_t>(captures_[slot].size());
            bytes += captures_[slot];
        }
        header_.size = static_cast<std::uint32_t>(sizeof header_ + bytes.size());
        made_->record_.resize(header_.size / sizeof(std::uint64_t) + 1);
        auto* begin = reinterpret_cast<char*>(made_->record_.data());
        std::memcpy(begin, &header_, sizeof header_);
        bytes.copy(begin + sizeof header_, bytes.size());
    }

    // True where the process or the record says what was given.
    bool follows(const BoundField& field) const {
        if (field.values.empty()) return false;
        if (describes_process(field.name())) return true;
        if (ancestor_property(field.name(), field.use.index)) return field.values.size() == 1;
        // Such a file has two names; the record has both.
        return field.name() == "fd.name" && event::info(type_).has(event::kOpens);
    }

    event::Event make_event() {
        build_record();
        return *event::Event::parse(std::as_bytes(std::span(made_->record_)));
    }

    // A file is opened with what was asked.
    void set_opened_flags() {
        const int slot = field::fd_slot(type_);
        if (!event::info(type_).has(event::kOpens) || slot < 0) return;
        std::string& fd = captures_[slot];
        if (fd.size() < sizeof(saker_fd)) return;
        const auto flags = static_cast<std::uint32_t>(event::open_flags(make_event()));
        std::memcpy(fd.data() + offsetof(saker_fd, open_flags), &flags, sizeof flags);
    }

    void finish() {
        Scenario& made = *made_;
        made.event_ = make_event();
        GivenContext& context = made.context_;
        context.event = &*made.event_;
        context.process = made.process_.get();
        const BoundField* container = find(fields_, "container.id");
        const bool on_host = container == nullptr || container->text() == "host";
        if (on_host) context.container = &container::Container::host();
        for (BoundField& field : fields_) {
            if (!follows(field)) context.given.set(field.use, std::move(field.values));
        }
        field::find_file(context);
    }

    const EventSpec& spec_;
    std::unique_ptr<Scenario> made_;
    event::EventType type_ = 0;
    std::vector<BoundField> fields_;
    std::deque<GivenField> renamed_;
    saker_record header_{};
    Captures captures_;
};

Scenario::Scenario() {
    context_.processes = &processes_;
    context_.users = &users_;
    context_.scratch = &scratch_;
    context_.hostname = &hostname_;
    context_.number = 1;
    context_.epoch_offset_ns = kEpochOffset;
}

bool Scenario::has_two_names() const {
    return context_.has_two_names;
}

std::expected<std::unique_ptr<Scenario>, Problem> Scenario::make(const EventSpec& spec) {
    return ScenarioMaker(spec).run();
}

}  // namespace saker::tool
