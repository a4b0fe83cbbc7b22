// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>

#include "container/facts_source.h"
#include "container/resolver.h"

namespace saker::container {

// Resolves on a thread of its own, so that a disk, a FUSE or a runtime that hangs holds up facts,
// but no event. Questions beyond kMaxQuestions are turned down. ask() and poll() are for one
// thread.
class Fetcher final : public FactsSource {
public:
    static constexpr std::size_t kMaxQuestions = 4096;

    explicit Fetcher(ResolverOptions options) : resolver_(std::move(options)) {}
    ~Fetcher() override;

    // Starts to work. Questions may be asked before; capabilities are a thread's own, so they are
    // to be given up before.
    void start();

    bool ask(Request request) override;
    std::optional<Answer> poll() override;

private:
    void work(const std::stop_token& stop);

    Resolver resolver_;
    std::mutex mutex_;
    std::condition_variable_any asked_;
    std::deque<Request> questions_;
    std::deque<Answer> answers_;
    std::atomic<bool> answered_ = false;  // whether there may be answers: asked without the lock
    std::jthread thread_;
};

}  // namespace saker::container
