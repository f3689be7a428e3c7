// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// Takes and gives back one block so many times: `scripts/bench --instructions` counts what that costs.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>

#include "MillpondAllocators.h"
#include "OtherAllocators.h"
#include "SharedHeap.h"

namespace millpond::bench {

namespace {

// The loop and the touch alone, to be subtracted.
struct Nothing : Plain {
  static void* allocate(std::size_t /*size*/) { return &block; }
  static void deallocate(void* /*block*/) {}

 private:
  static inline unsigned char block;
};

template <class Allocator>
void pairs(long count) {
  Allocator::prepare(0);
  for (long i = 0; i < count; ++i) {
    void* block = Allocator::allocate(block_bytes);
    *static_cast<volatile unsigned char*>(block) = 1;
    Allocator::deallocate(block);
  }
}

struct Choice {
  std::string_view name;
  void (*run)(long);
};

constexpr Choice choices[] = {
    {"loop", pairs<Nothing>},
    {"millpond", pairs<TypedAudio<4>>},
    {"millpond-1024", pairs<TypedAudio<1024>>},
    {"millpond-pool", pairs<PoolAlone<4>>},
    {"millpond-general", pairs<TypedGeneral>},
    {"glibc", pairs<LibcHeap>},
    {"mimalloc", pairs<Mimalloc>},
    {"jemalloc", pairs<Jemalloc>},
    {"boost-pool", pairs<BoostPool>},
    {"bare-list", pairs<BareList>},
};

// Returns: 0; 2 where the arguments are wrong; 3 where that library is not there.
int run(std::string_view name, long count) {
  loadSharedHeaps();
  if ((name == "mimalloc" && !mimalloc) || (name == "jemalloc" && !jemalloc)) return 3;
  std::thread([] {}).join();  // as in main.cpp
  for (const Choice& choice : choices) {
    if (choice.name != name) continue;
    choice.run(count);
    return 0;
  }
  return 2;
}

void list() {
  for (const Choice& choice : choices) std::printf("%s\n", choice.name.data());
}

}  // namespace

}  // namespace millpond::bench

int main(int argc, char** argv) {
  if (argc == 3) return millpond::bench::run(argv[1], std::atol(argv[2]));
  millpond::bench::list();
  return argc == 1 ? 0 : 2;
}
