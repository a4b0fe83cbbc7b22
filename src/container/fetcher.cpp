// SPDX-License-Identifier: Apache-2.0
#include "container/fetcher.h"

#include <sys/prctl.h>

#include <utility>

namespace saker::container {

Fetcher::~Fetcher() {
    // Before the members that the thread uses go.
    if (thread_.joinable()) {
        thread_.request_stop();
        thread_.join();
    }
}

void Fetcher::start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
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
    std::unique_lock lock(mutex_);
    while (asked_.wait(lock, stop, [this] { return !questions_.empty(); })) {
        if (stop.stop_requested()) return;
        const Request request = std::move(questions_.front());
        questions_.pop_front();
        lock.unlock();
        Answer answer{request.id, resolver_.resolve(request)};
        lock.lock();
        answers_.push_back(std::move(answer));
        answered_.store(true, std::memory_order_release);
    }
}

}  // namespace saker::container
