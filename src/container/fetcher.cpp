// SPDX-License-Identifier: Apache-2.0
#include "container/fetcher.h"

#include <sys/prctl.h>

#include <utility>

namespace saker::container {

Fetcher::~Fetcher() {
    // Before the members that the thread uses go.
    for (std::jthread& thread : threads_) thread.request_stop();
    threads_.clear();
}

void Fetcher::start() {
    for (std::size_t i = 0; i < kThreads; ++i) {
        threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
    }
}

bool Fetcher::ask(Request request) {
    {
        const std::lock_guard lock(mutex_);
        if (questions_.size() >= kMaxQuestions) return false;
        questions_.push_back(std::move(request));
    }
    asked_.notify_one();
    return true;
}

std::optional<Answer> Fetcher::poll() {
    if (!answered_.load(std::memory_order_acquire)) return std::nullopt;
    const std::lock_guard lock(mutex_);
    if (answers_.empty()) {
        answered_.store(false, std::memory_order_release);
        return std::nullopt;
    }
    Answer answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
}

void Fetcher::work(const std::stop_token& stop) {
    prctl(PR_SET_NAME, "saker-facts");
    Resolver resolver(options_);
    std::unique_lock lock(mutex_);
    while (asked_.wait(lock, stop, [this] { return !questions_.empty(); })) {
        if (stop.stop_requested()) return;
        const Request request = std::move(questions_.front());
        questions_.pop_front();
        lock.unlock();
        const auto post_so_far = [&](const Facts& facts) {
            post({.id = request.id, .facts = facts, .is_last = false});
        };
        post({.id = request.id, .facts = resolver.resolve(request, post_so_far)});
        lock.lock();
    }
}

void Fetcher::post(Answer answer) {
    const std::lock_guard lock(mutex_);
    answers_.push_back(std::move(answer));
    answered_.store(true, std::memory_order_release);
}

}  // namespace saker::container
