// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace millpond::order {

/// The threads of a run, for who sets it up.
class Threads {
 public:
  /// Effect: `body` runs beside the others from now on: as a task, as a task whose deadlines may come at any
  /// time, or as an interrupt of another core.
  void task(std::function<void()> body);
  void impatientTask(std::function<void()> body);
  void interrupt(std::function<void()> body);
  /// Effect: this run is one of a multi-copy atomic processor: see Memory.h.
  void assumeMultiCopyAtomic();
  /// Effect: waits until each of them has ended, or waits for something.
  void settle();
  /// Effect: waits for all of them, and sees all that they did.
  void join();
};

/// Effect: the run fails, saying `what`, unless `holds`.
void require(bool holds, const char* what);

/// Effect: others may go on before the caller does.
void pause();

/// Effect: so long has passed.
void passTime(std::uint32_t ms);

/// A number below `end`, by the seed of the run.
std::uint32_t anyBelow(std::uint32_t end);

/// Effect: runs `world` with one seed after another, each time from the start; a test fails with the first
/// run that does, and prints its seed. MILLPOND_ORDER_SEED=<seed> runs that one alone;
/// MILLPOND_ORDER_RUNS=<factor> as many times more runs.
void explore(const std::function<void(Threads&)>& world, unsigned runs = 400);

/// As `explore`, of a world that must fail: Returns: what failed first; empty where nothing did.
std::string firstFailure(const std::function<void(Threads&)>& world, unsigned runs = 400);

}  // namespace millpond::order
