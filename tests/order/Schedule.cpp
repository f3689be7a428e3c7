// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "order/Schedule.h"

#include <utility>

namespace millpond::order {

Schedule& Schedule::get() {
  static Schedule schedule;
  return schedule;
}

std::string Schedule::run(std::uint64_t seed, const Body& world) {
  // Neighbouring seeds must not begin alike.
  random_.seed(static_cast<std::uint32_t>((seed * 0x9E3779B97F4A7C15U) >> 33U) + 1);
  policy_ = seed % 3;
  for (std::uint32_t& change : changes_) change = pick(usual_steps_) + 1;
  for (Fiber& fiber : fibers_) fiber.alive = false;
  started_ = 0;
  self_ = 0;
  steps_ = 0;
  failure_.clear();
  fibers_[0].view = View();
  start(world);
  running_ = true;
  swapcontext(&explorer_, &fibers_[0].context);
  running_ = false;
  usual_steps_ = steps_ + 1;
  return failure_;
}

void Schedule::start(Body body) {
  if (started_ == max_threads) fail("more threads than max_threads");
  Fiber& fiber = fibers_[started_];
  fiber.body = std::move(body);
  fiber.view = view();
  fiber.acquired = view();
  fiber.view.tick(started_);
  view().tick(self_);
  fiber.ready = nullptr;
  fiber.priority = pick(1000) + 1000;
  fiber.interrupt = fiber.impatient = false;
  fiber.alive = true;
  if (fiber.stack == nullptr) fiber.stack = std::make_unique<std::byte[]>(stack_bytes);
  getcontext(&fiber.context);
  fiber.context.uc_stack.ss_sp = fiber.stack.get();
  fiber.context.uc_stack.ss_size = stack_bytes;
  fiber.context.uc_link = nullptr;
  makecontext(&fiber.context, &Schedule::enter, 0);
  ++started_;
}

void Schedule::enter() {
  Schedule& schedule = get();
  Fiber& fiber = schedule.fibers_[schedule.self_];
  fiber.body();
  fiber.alive = false;
  if (schedule.self_ == 0) setcontext(&schedule.explorer_);
  schedule.self_ = schedule.next();
  setcontext(&schedule.fibers_[schedule.self_].context);
}

void Schedule::settle() {
  const std::size_t self = self_;
  waitUntil([this, self] {
    for (std::size_t thread = 0; thread < started_; ++thread) {
      if (thread != self && canRun(fibers_[thread])) return false;
    }
    return true;
  });
}

void Schedule::join() {
  waitUntil([this] {
    for (std::size_t thread = 1; thread < started_; ++thread) {
      if (fibers_[thread].alive) return false;
    }
    return true;
  });
  for (std::size_t thread = 1; thread < started_; ++thread) acquire(fibers_[thread].view);
}

void Schedule::step() {
  if (++steps_ > max_steps) fail("no end in sight after " + std::to_string(max_steps) + " accesses");
  goOn(next());
}

void Schedule::waitUntil(const Ready& ready) {
  fibers_[self_].ready = &ready;
  while (!ready()) goOn(next());
  fibers_[self_].ready = nullptr;
}

void Schedule::goOn(std::size_t fiber) {
  if (fiber == self_) return;
  Fiber& from = fibers_[std::exchange(self_, fiber)];
  swapcontext(&from.context, &fibers_[fiber].context);
}

bool Schedule::canRun(const Fiber& fiber) const {
  return fiber.alive && (fiber.ready == nullptr || (*fiber.ready)());
}

std::size_t Schedule::next() {
  if (policy_ == 0) return mostUrgent();
  if (policy_ == 1 && canRun(fibers_[self_]) && pick(8) != 0) return self_;
  std::array<std::size_t, max_threads> able{};
  std::uint32_t count = 0;
  for (std::size_t thread = 0; thread < started_; ++thread) {
    if (canRun(fibers_[thread])) able[count++] = thread;
  }
  if (count == 0) fail("nobody can go on: a deadlock, or a lost wake-up");
  return able[pick(count)];
}

std::size_t Schedule::mostUrgent() {
  for (std::uint32_t at = 0; at < changes_.size(); ++at) {
    if (steps_ == changes_[at]) fibers_[self_].priority = at;
  }
  const Fiber* chosen = nullptr;
  for (const Fiber& fiber : fibers_) {
    if (canRun(fiber) && (chosen == nullptr || fiber.priority > chosen->priority)) chosen = &fiber;
  }
  if (chosen == nullptr) fail("nobody can go on: a deadlock, or a lost wake-up");
  return static_cast<std::size_t>(chosen - fibers_.data());
}

void Schedule::fail(const std::string& what) {
  failure_ = "thread " + std::to_string(self_) + ", access " + std::to_string(steps_) + ": " + what;
  setcontext(&explorer_);
  std::abort();
}

}  // namespace millpond::order
