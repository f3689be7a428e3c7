// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <vector>

#include "interrupt/Arrivals.h"
#include "support/Figures.h"
#include "support/TestHeap.h"

namespace millpond {
namespace figures_interrupt {

/// A manager, what is held of its general pool, and who looks at its figures.
template <Guards guards>
class World {
 public:
  void take(std::size_t granules) {
    void* run = memory_.allocateGeneralBuffer(granules * 16, "source");
    if (run != nullptr) held_.push_back(run);
  }
  void takeAudio() { held_.push_back(memory_.allocateAudioBuffer(1, "source")); }
  void freeAll() {
    while (!held_.empty()) {
      void* last = held_.back();
      held_.pop_back();
      memory_.deallocate(last);
    }
  }
  void look() {
    const test::AtomicSteps::HookScope unseen(nullptr, nullptr);
    other_figures_.expectConsistent();
  }
  void lookInterrupted() { figures_.expectConsistent(); }
  void sample() {}
  void expectConsistent() {
    look();
    freeAll();
  }

 private:
  static constexpr MemoryConfig config{
      .audio_block_size = 16, .general_block_size = 16, .alignment = 8, .guards = guards};
  test::TestHeap heap_;
  StaticMemoryManager<config> memory_{heap_.heap()};
  std::vector<void*> held_;
  // One look ends within the other, so each is an observer of its own.
  test::Figures figures_{memory_, 1};
  test::Figures other_figures_{memory_, 1};
};

template <Guards guards>
void lookInEveryWindow() {
  using Step = test::Named<World<guards>>;
  const std::vector<Step> preparations{{"empty", [](World<guards>& world) { world.look(); }},
                                       {"a long run",
                                        [](World<guards>& world) {
                                          world.take(guards == Guards::full ? 7 : 8);
                                          world.look();
                                        }},
                                       {"short runs and blocks", [](World<guards>& world) {
                                          for (int run = 0; run < 3; ++run) world.take(2);
                                          for (int block = 0; block < 3; ++block) world.takeAudio();
                                          world.look();
                                        }}};
  const std::vector<Step> operations{{"looks", [](World<guards>& world) { world.lookInterrupted(); }},
                                     {"takes a run", [](World<guards>& world) { world.take(2); }},
                                     {"takes a block", [](World<guards>& world) { world.takeAudio(); }},
                                     {"frees all", [](World<guards>& world) { world.freeAll(); }}};
  const std::vector<Step> arrivals{{"looks", [](World<guards>& world) { world.look(); }},
                                   {"frees all, looks",
                                    [](World<guards>& world) {
                                      world.freeAll();
                                      world.look();
                                    }},
                                   {"frees all, takes others", [](World<guards>& world) {
                                      world.freeAll();
                                      world.take(1);
                                      world.take(6);
                                      world.takeAudio();
                                    }}};
  test::interruptEverywhere<World<guards>>(preparations, operations, arrivals);
  test::interruptTwiceEverywhere<World<guards>>(preparations, {operations[1], operations[3]}, arrivals);
}

TEST(FiguresInterrupt, DoNotContradictThemselvesInAnyWindow) { lookInEveryWindow<Guards::none>(); }
TEST(FiguresInterrupt, DoNotContradictThemselvesInAnyWindowOfLightGuards) {
  lookInEveryWindow<Guards::light>();
}
TEST(FiguresInterrupt, DoNotContradictThemselvesInAnyWindowOfFullGuards) {
  lookInEveryWindow<Guards::full>();
}

}  // namespace figures_interrupt
}  // namespace millpond
