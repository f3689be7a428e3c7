// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <ucontext.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>

#include "order/View.h"

namespace millpond::order {

/// The threads of one run, as fibers of one real thread: which of them goes on is decided before each access
/// to something shared, by a seed.
///
/// One seed in three decides uniformly, one changes rarely, and one follows priorities that change at a few
/// points (Burckhardt et al. 2010, "PCT"), which finds what needs few, but exactly these changes.
class Schedule {
 public:
  using Body = std::function<void()>;
  using Ready = std::function<bool()>;

  static Schedule& get();

  /// Effect: runs `world` as thread 0 to its end, with what it starts. Returns: what failed; empty: nothing.
  std::string run(std::uint64_t seed, const Body& world);

  /// Whether a run is under way.
  bool running() const { return running_; }
  std::size_t self() const { return self_; }
  View& view() { return fibers_[self_].view; }
  /// What the thread has seen of others by ordered accesses.
  View& acquired() { return fibers_[self_].acquired; }
  /// Effect: the caller sees what `other` has.
  void acquire(const View& other) {
    view().join(other);
    acquired().join(other);
  }
  /// The accesses of this run so far.
  std::uint32_t steps() const { return steps_; }

  /// Effect: `body` is a further thread from now on; it sees what the caller did so far.
  void start(Body body);
  /// Effect: waits until none of the others can go on.
  void settle();
  /// Effect: waits for all that were started, and sees what they did.
  void join();

  /// Effect: others may go on before the caller does.
  void step();
  /// Effect: others go on until `ready`. The run fails where nobody can.
  void waitUntil(const Ready& ready);
  /// Effect: ends the run.
  [[noreturn]] void fail(const std::string& what);

  /// A number below `end`, by the seed.
  std::uint32_t pick(std::uint32_t end) { return static_cast<std::uint32_t>(random_() % end); }

  /// Whether the calling thread is an interrupt; whether its waits may end by the clock.
  bool& isInterrupt() { return fibers_[self_].interrupt; }
  bool& isImpatient() { return fibers_[self_].impatient; }

 private:
  static constexpr std::size_t stack_bytes = std::size_t{256} * 1024;
  static constexpr std::uint32_t max_steps = 20'000;

  struct Fiber {
    ucontext_t context{};
    std::unique_ptr<std::byte[]> stack;
    Body body;
    const Ready* ready = nullptr;
    View view;
    View acquired;
    std::uint64_t priority = 0;
    bool alive = false;
    bool interrupt = false;
    bool impatient = false;
  };

  static void enter();
  bool canRun(const Fiber& fiber) const;
  std::size_t next();
  std::size_t mostUrgent();
  void goOn(std::size_t fiber);

  std::array<Fiber, max_threads> fibers_;
  std::size_t started_ = 0;
  std::size_t self_ = 0;
  std::uint32_t steps_ = 0;
  std::uint32_t usual_steps_ = 100;
  std::array<std::uint32_t, 3> changes_{};
  std::uint64_t policy_ = 0;
  bool running_ = false;
  std::string failure_;
  ucontext_t explorer_{};
  std::minstd_rand random_;
};

inline Schedule& schedule() { return Schedule::get(); }

}  // namespace millpond::order
