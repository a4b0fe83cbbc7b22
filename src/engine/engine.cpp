// SPDX-License-Identifier: Apache-2.0
#include "engine/engine.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

#include "container/announcement.h"
#include "field/file_names.h"
#include "filter/compile.h"
#include "state/process_record.h"

namespace saker::engine {

namespace {

bool is_for_rules(const event::EventInfo& info) {
    return info.category != event::Category::kInternal && !info.has(event::kNeverSeen);
}

// The names that the rules' conditions compare hosts with, each once.
std::vector<std::string> host_names(std::span<const filter::RuleCondition> conditions) {
    std::set<std::string> names;
    for (const filter::RuleCondition& rule : conditions) {
        filter::for_each_test(*rule.condition, [&](const filter::Test& test) {
            const bool field = test.lhs.kind == filter::Operand::Kind::kField;
            if (!field || !test.lhs.use.info->has(field::kResolvesHosts)) return;
            for (const filter::Constant& constant : test.constants) names.insert(constant.text);
        });
    }
    return {names.begin(), names.end()};
}

// Whether a container ought to have a value for that field: not each is part of a pod.
bool is_expected(std::string_view field, const container::Container& container) {
    if (field.starts_with("container.")) return true;
    const bool may_be_of_pod = container.facts == nullptr || container.facts->pod.is_known();
    return may_be_of_pod && field.starts_with("k8s.");
}

void note_missing(const field::Context& context, Alert& alert) {
    if (context.container == nullptr || context.container->is_host()) return;
    const auto why = container::missing_name(container::why_missing(*context.container));
    for (const rule::OutputField& field : alert.fields) {
        const bool has_value = !std::holds_alternative<std::monostate>(field.value);
        if (!has_value && is_expected(field.name, *context.container)) {
            alert.missing.emplace_back(field.name, why);
        }
    }
}

// Sorted, each once. What the configuration asks for counts before what the rule shows.
void collect_fields(const rule::Rule& rule, const field::Context& context,
                    std::vector<rule::OutputField>& fields) {
    for (const rule::ExtraField& extra : rule.extra_fields) extra.collect(context, fields);
    rule.format.collect(context, fields);
    if (rule.extra_fields.empty()) return;
    std::ranges::stable_sort(fields, {}, &rule::OutputField::name);
    const auto rest = std::ranges::unique(fields, {}, &rule::OutputField::name);
    fields.erase(rest.begin(), rest.end());
}

}  // namespace

Engine::Engine(const rule::RuleSet& rules, const EngineOptions& options, AlertHandler handler)
    : rules_(rules),
      hostname_(options.hostname),
      host_root_(options.host_root),
      matching_(options.matching),
      handler_(std::move(handler)),
      explain_(options.explain),
      processes_(state::proc_lookup(options.host_root)),
      users_(options.host_root),
      live_(options.host_root),
      static_fields_(options.static_fields),
      gate_(options.containers, gate_handlers()) {
    nobody_.image = state::unknown_image();
    context_.processes = &processes_;
    context_.users = &users_;
    context_.live = &live_;
    context_.static_fields = &static_fields_;
    context_.scratch = &scratch_;
    context_.hostname = &hostname_;
    context_.epoch_offset_ns = options.epoch_offset_ns;
    compile(rules, options);
}

void Engine::compile(const rule::RuleSet& rules, const EngineOptions& options) {
    std::vector<filter::RuleCondition> conditions;
    for (std::uint32_t i = 0; i < rules.rules.size(); ++i) {
        const rule::Rule& rule = rules.rules[i];
        if (!rule.enabled || rule.priority > options.priority || rule.expr == nullptr) continue;
        conditions.push_back({.rule = i, .condition = rule.expr.get()});
        events_ |= filter::event_types(*rule.expr).collected();
    }
    enabled_rules_ = conditions.size();
    if (auto names = host_names(conditions); !names.empty()) {
        hosts_ = std::make_unique<state::HostNames>(std::move(names), options.resolve);
        context_.hosts = hosts_.get();
    }
    filter::ConstantCache cache;
    for (event::EventType type = 0; type < event::events().size(); ++type) {
        events_[type] = events_[type] && is_for_rules(event::info(type));
        if (events_[type]) {
            programs_[type] = filter::compile(type, conditions, &cache, &kernel_filter_);
        } else {
            kernel_filter_.only_succeeded.set(type);
        }
    }
}

state::SnapshotResult Engine::take_snapshot() {
    const state::SnapshotResult result = state::take_snapshot(processes_, host_root_);
    processes_.for_each_alive([this](const state::Process& process) { gate_.meet(process); });
    return result;
}

void Engine::resolve_hosts() {
    if (hosts_ != nullptr) hosts_->start();
}

ContainerGate::Handlers Engine::gate_handlers() {
    using container::Container;
    return {.started =
                [this](const Container& container) {
                    raise_container_event(SAKER_EVENT_container, container);
                },
            .removed =
                [this](const Container& container) {
                    raise_container_event(SAKER_EVENT_container_removed, container);
                },
            .replay =
                [this](const HeldRecord& record) {
                    const auto event = event::Event::parse(record.bytes());
                    if (event) handle({*event, record.bytes(), record.number()});
                }};
}

void Engine::process(event::Bytes record) {
    const auto event = event::Event::parse(record);
    if (!event) {
        ++counters_.malformed;
        return;
    }
    if (context_.first_time == 0) context_.first_time = event->time();
    const Arrival arrival{*event, record, ++counters_.events};
    if (!gate_.keeps(arrival)) handle(arrival);
}

void Engine::handle(const Arrival& arrival) {
    const event::Event& event = arrival.event;
    const state::Process& process = *processes_.apply(event);
    note_cgroup(event, process);
    if (!programs_[event.type()].empty()) match_in_container(arrival, process);
    context_.previous_time = event.time();
}

inline void Engine::match_in_container(const Arrival& arrival, const state::Process& process) {
    container::Container* container = gate_.container_of(arrival.event, process);
    const bool is_first = container != nullptr && !container->settled;
    if (is_first && gate_.keeps_first(*container, process, arrival)) return;
    context_.process = &process;
    context_.container = container;
    context_.number = arrival.number;
    match(arrival.event);
    if (container != nullptr && container->is_stale) gate_.refresh(*container, process);
}

inline void Engine::note_cgroup(const event::Event& event, const state::Process& process) {
    if (event.type() == SAKER_EVENT_cgroup_mkdir) gate_.begin(event, process);
    if (event.type() == SAKER_EVENT_cgroup_attach_task) gate_.enter(event, process);
    if (event.type() == SAKER_EVENT_cgroup_rmdir) gate_.end(event);
}

// Events without a call: a record is made for them, so that fields and rules see no difference.
void Engine::raise_container_event(event::EventType type, const container::Container& container) {
    if (programs_[type].empty()) return;
    std::string text = container::announcement(container, SAKER_DATA_SMALL) + '\0';
    saker_record header{};
    header.size = static_cast<std::uint32_t>(sizeof header + text.size());
    header.time = gate_.now();
    header.event = type;
    header.syscall = SAKER_NO_SYSCALL;
    header.cgroup = container.cgroups.empty() ? 0 : container.cgroups.front();
    header.lengths[0] = static_cast<std::uint32_t>(text.size());
    std::vector<std::uint64_t> words((header.size + 7) / 8);
    auto* bytes = reinterpret_cast<std::byte*>(words.data());
    std::memcpy(bytes, &header, sizeof header);
    std::memcpy(bytes + sizeof header, text.data(), text.size());
    const auto event = event::Event::parse({bytes, header.size});
    if (!event) return;
    context_.process = &nobody_;
    context_.container = &container;
    context_.number = ++counters_.events;
    match(*event);
}

void Engine::match(const event::Event& event) {
    const filter::Program& program = programs_[event.type()];
    scratch_.reset();
    context_.event = &event;
    context_.names = field::NameView::kAsked;
    field::find_file(context_);

    matches_.clear();
    vm_.run(program, context_, matching_, matches_);
    const std::size_t asked = matches_.size();
    // A link, a bind mount or a rewritten argument hides a file from its asked name only.
    if (context_.has_two_names && program.reads_file_names()) {
        context_.names = field::NameView::kReal;
        vm_.run_again(program, context_, matching_, matches_);
    }
    if (!matches_.empty()) raise_matches(asked);
}

// The first `asked` matches hold under the asked name, the others under the real one. Where one
// rule is to fire, it is the first in the rules' order, whichever name it matched.
void Engine::raise_matches(std::size_t asked) {
    std::size_t begin = 0;
    std::size_t end = matches_.size();
    if (matching_ == filter::MatchMode::kFirst) {
        begin = static_cast<std::size_t>(std::ranges::min_element(matches_) - matches_.begin());
        end = begin + 1;
    }
    for (std::size_t i = begin; i < end; ++i) {
        context_.names = i < asked ? field::NameView::kAsked : field::NameView::kReal;
        raise(matches_[i]);
    }
}

void Engine::raise(std::uint32_t number) {
    const rule::Rule& rule = rules_.rules[number];
    Alert alert;
    alert.rule = rule.name;
    alert.priority = rule.priority;
    alert.source = rule.source;
    alert.tags = rule.tags;
    alert.time_ns = context_.event->time() + context_.epoch_offset_ns;
    alert.hostname = hostname_;
    rule.format.render(context_, alert.text);
    collect_fields(rule, context_, alert.fields);
    note_missing(context_, alert);
    if (explain_) alert.explanation = explain_(rule, context_);
    ++counters_.alerts;
    handler_(alert);
}

}  // namespace saker::engine
