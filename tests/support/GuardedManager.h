// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <vector>

#include "support/ManagerFixture.h"

namespace millpond::test {

/// Remembers the guard violations it is told of.
template <MemoryConfig config>
class GuardedManager : public ManagerOf<config> {
 protected:
  GuardedManager() { this->memory.setObserver(&observer_); }
  void TearDown() override {
    ManagerOf<config>::TearDown();
    this->memory.setObserver(nullptr);
  }
  std::vector<MemoryEvent> violations;

 private:
  static void hear(void* self, const MemoryEvent& event) {
    if (event.kind == MemoryEvent::Kind::guard_violation) {
      static_cast<GuardedManager*>(self)->violations.push_back(event);
    }
  }
  MemoryObserver observer_{.notify = hear, .context = this};
};

}  // namespace millpond::test
