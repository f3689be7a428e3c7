// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "port/AtomicSteps.h"

namespace millpond::test {

/// Something that a test does to a `World`: a pool, and who holds which blocks.
template <class World>
struct Named {
  std::string name;
  std::function<void(World&)> run;
};

/// Runs `operation`; just before its atomic step `first`, `arrival` breaks in and runs to its end, as an
/// interrupt or a task of higher priority would; likewise `second_arrival` before step `second`, which may be
/// the same step. World::sample() is called before each step. Returns: how many steps the operation took.
template <class World>
class Interrupted {
 public:
  struct Arrival {
    unsigned step;
    const Named<World>* what;
  };

  Interrupted(World& world, std::vector<Arrival> arrivals) : world_(world), arrivals_(std::move(arrivals)) {}

  unsigned run(const Named<World>& operation) {
    {
      const AtomicSteps::HookScope hook([](void* self) { static_cast<Interrupted*>(self)->before(); }, this);
      operation.run(world_);
    }
    world_.sample();
    return step_;
  }

 private:
  void before() {
    world_.sample();
    for (const Arrival& arrival : arrivals_) {
      if (arrival.step == step_) {
        arrival.what->run(world_);
        world_.sample();
      }
    }
    ++step_;
  }

  World& world_;
  std::vector<Arrival> arrivals_;
  unsigned step_ = 0;
};

/// Tries each operation after each preparation with each arrival in each of its windows; in the end
/// World::expectConsistent() must hold. Returns: how many runs that made.
template <class World>
std::size_t interruptEverywhere(const std::vector<Named<World>>& preparations,
                                const std::vector<Named<World>>& operations,
                                const std::vector<Named<World>>& arrivals) {
  std::size_t runs = 0;
  for (const auto& preparation : preparations) {
    for (const auto& operation : operations) {
      for (const auto& arrival : arrivals) {
        for (unsigned step = 0, steps = 1; step < steps; ++step) {
          SCOPED_TRACE(preparation.name + "; " + operation.name + "; before step " + std::to_string(step) +
                       ": " + arrival.name);
          World world;
          preparation.run(world);
          steps = Interrupted<World>(world, {{step, &arrival}}).run(operation);
          world.expectConsistent();
          ++runs;
          if (testing::Test::HasFailure()) return runs;
        }
      }
    }
  }
  return runs;
}

/// As `interruptEverywhere`, with two arrivals in each pair of windows, the same one included.
template <class World>
std::size_t interruptTwiceEverywhere(const std::vector<Named<World>>& preparations,
                                     const std::vector<Named<World>>& operations,
                                     const std::vector<Named<World>>& arrivals) {
  std::size_t runs = 0;
  for (const auto& preparation : preparations) {
    for (const auto& operation : operations) {
      for (const auto& first : arrivals) {
        for (const auto& second : arrivals) {
          for (unsigned late = 0, steps = 1; late < steps; ++late) {
            for (unsigned early = 0; early <= late; ++early) {
              SCOPED_TRACE(preparation.name + "; " + operation.name + "; before step " +
                           std::to_string(early) + ": " + first.name + "; before step " +
                           std::to_string(late) + ": " + second.name);
              World world;
              preparation.run(world);
              const unsigned taken =
                  Interrupted<World>(world, {{early, &first}, {late, &second}}).run(operation);
              steps = taken > steps ? taken : steps;
              world.expectConsistent();
              ++runs;
              if (testing::Test::HasFailure()) return runs;
            }
          }
        }
      }
    }
  }
  return runs;
}

}  // namespace millpond::test
