// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Affinity.h"

#include <pthread.h>
#include <sched.h>

#include <cstddef>
#include <vector>

namespace millpond::bench {

namespace {

// Asked once, before any thread is pinned: a thread starts where its parent is kept.
const std::vector<int>& allowed() {
  static const std::vector<int> cpus = [] {
    std::vector<int> found;
    cpu_set_t set;
    CPU_ZERO(&set);
    sched_getaffinity(0, sizeof set, &set);
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (CPU_ISSET(static_cast<std::size_t>(cpu), &set)) found.push_back(cpu);
    }
    return found;
  }();
  return cpus;
}

}  // namespace

void pinTo(int thread) {
  const std::vector<int>& cpus = allowed();
  if (cpus.empty()) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(cpus[static_cast<std::size_t>(thread) % cpus.size()]), &set);
  pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

int processors() { return static_cast<int>(allowed().size()); }

}  // namespace millpond::bench
