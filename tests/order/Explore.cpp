// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "order/Explore.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <utility>

#include "order/Memory.h"
#include "order/OrderPort.h"
#include "order/Schedule.h"

namespace millpond::order {

namespace {

std::uint64_t numberIn(const char* variable, std::uint64_t otherwise) {
  const char* const text = std::getenv(variable);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::string runOnce(const std::function<void(Threads&)>& world, std::uint64_t seed) {
  startRun();
  port::resetPort();
  return schedule().run(seed, [&world] {
    Threads threads;
    world(threads);
  });
}

}  // namespace

void explore(const std::function<void(Threads&)>& world, unsigned runs) {
  const std::uint64_t only = numberIn("MILLPOND_ORDER_SEED", 0);
  const std::uint64_t first = only != 0 ? only : 1;
  const std::uint64_t last = only != 0 ? only : runs * numberIn("MILLPOND_ORDER_RUNS", 1);
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const std::string failure = runOnce(world, seed);
    if (failure.empty() && !testing::Test::HasFailure()) continue;
    ADD_FAILURE() << failure << "\nMILLPOND_ORDER_SEED=" << seed << " repeats it";
    return;
  }
}

std::string firstFailure(const std::function<void(Threads&)>& world, unsigned runs) {
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    const std::string failure = runOnce(world, seed);
    if (!failure.empty()) return failure;
  }
  return "";
}

}  // namespace millpond::order
