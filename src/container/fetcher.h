// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "container/facts_source.h"
#include "container/resolver.h"

namespace saker::container {

// Resolves on threads of its own, so that a disk, a FUSE or a runtime that hangs holds up facts,
// but no event; and on several, so that one that is slow does not hold up the facts of others.
// Questions beyond kMaxQuestions are turned down. ask() and poll() are for one thread.
class Fetcher final : public FactsSource {
public:
    static constexpr std::size_t kMaxQuestions = 4096;
    static constexpr std::size_t kThreads = 4;

    explicit Fetcher(ResolverOptions options) : options_(std::move(options)) {}
    ~Fetcher() override;

    // Starts to work. Questions may be asked before; capabilities are a thread's own, so they are
    // to be given up before.
    void start();

    bool ask(Request request) override;
    std::optional<Answer> poll() override;

private:
    void work(const std::stop_token& stop);
    void post(Answer answer);

    ResolverOptions options_;
    std::mutex mutex_;
    std::condition_variable_any asked_;
    std::deque<Request> questions_;
    std::deque<Answer> answers_;
    std::atomic<bool> answered_ = false;  // whether there may be answers: asked without the lock
    std::vector<std::jthread> threads_;
};

}  // namespace saker::container
