// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// Alloc and free through Millpond, beside other allocators in the same run: `scripts/bench` prints the table.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

#include "MillpondAllocators.h"
#include "OtherAllocators.h"
#include "Patterns.h"
#include "Results.h"
#include "SharedHeap.h"

namespace millpond::bench {

namespace {

constexpr std::size_t granule_bytes = 512;

template <class Allocator>
void addPair(const char* allocator, const std::string& parameter = "-") {
  benchmark::RegisterBenchmark(("pair/" + (allocator + ("/" + parameter))).c_str(), pair<Allocator>,
                               block_bytes, std::size_t{0});
}

template <class Allocator>
void addPairOfTwo(const char* allocator, const char* parameter = "-") {
  benchmark::RegisterBenchmark((std::string("pair-2-threads/") + allocator + "/" + parameter).c_str(),
                               pair<Allocator>, block_bytes, std::size_t{0})
      ->UseRealTime()
      ->Threads(2);
}

template <class Allocator, std::size_t blocks>
void addHandOver(const char* allocator) {
  benchmark::RegisterBenchmark(("hand-over/" + (allocator + ("/" + std::to_string(blocks)))).c_str(),
                               handOver<Allocator, blocks>)
      ->UseRealTime()
      ->Threads(2);
}

template <class Allocator>
void addHandOvers(const char* allocator) {
  addHandOver<Allocator, 4>(allocator);
  addHandOver<Allocator, 32>(allocator);
}

template <class Allocator>
void addGeneral(const char* allocator) {
  const std::string name = std::string("general/") + allocator + "/";
  for (const std::size_t granules : {std::size_t{1}, std::size_t{8}}) {
    benchmark::RegisterBenchmark((name + std::to_string(granules)).c_str(), pair<Allocator>,
                                 granules * granule_bytes, std::size_t{0});
  }
  benchmark::RegisterBenchmark((name + "1-8").c_str(), mixedPair<Allocator>, granule_bytes);
}

template <class Allocator>
void addPairHolding(const char* allocator, std::size_t held = 3, const std::string& parameter = "-") {
  benchmark::RegisterBenchmark(("pair-holding/" + (allocator + ("/" + parameter))).c_str(), pair<Allocator>,
                               block_bytes, held);
}

template <std::size_t blocks>
void addMillpond() {
  const std::string size = std::to_string(blocks);
  addPair<TypedAudio<blocks>>("millpond", size);
  addPair<TypedAudio<blocks, Clock::system>>("millpond-system-clock", size);
  addPair<PoolAlone<blocks>>("millpond-pool", size);
  addPairHolding<TypedAudio<blocks>>("millpond", blocks - 1, size);
  addPairHolding<PoolAlone<blocks>>("millpond-pool", blocks - 1, size);
}

void addOneThread() {
  benchmark::RegisterBenchmark((std::string(warm_up) + "/millpond/-").c_str(), pair<TypedAudio<4>>,
                               block_bytes, std::size_t{0});
  addMillpond<4>();
  addMillpond<32>();
  addMillpond<256>();
  addMillpond<1024>();
  addPair<LibcHeap>("glibc");
  if (mimalloc) addPair<Mimalloc>("mimalloc");
  if (jemalloc) addPair<Jemalloc>("jemalloc");
  addPair<BoostPool>("boost-pool");
  addPair<BoostPoolMutex>("boost-pool-mutex");
  addPair<SpinlockList>("spinlock-list");
  addPair<BareList>("bare-list");
  addPair<AtomicPair>("two-atomics-alone");

  addPairHolding<LibcHeap>("glibc");
  if (mimalloc) addPairHolding<Mimalloc>("mimalloc");
  if (jemalloc) addPairHolding<Jemalloc>("jemalloc");
  addPairHolding<BoostPool>("boost-pool");
  addPairHolding<BareList>("bare-list");

  addGeneral<TypedGeneral>("millpond");
  addGeneral<LibcHeap>("glibc");
  if (mimalloc) addGeneral<Mimalloc>("mimalloc");
  if (jemalloc) addGeneral<Jemalloc>("jemalloc");
}

void addTwoThreads() {
  addPairOfTwo<TypedAudio<32>>("millpond", "32");
  addPairOfTwo<TypedAudio<32, Clock::system>>("millpond-system-clock", "32");
  addPairOfTwo<TypedPoolEach<32>>("millpond-pool-each", "32");
  addPairOfTwo<PoolAlone<32>>("millpond-pool", "32");
  addPairOfTwo<LibcHeap>("glibc");
  if (mimalloc) addPairOfTwo<Mimalloc>("mimalloc");
  if (jemalloc) addPairOfTwo<Jemalloc>("jemalloc");
  addPairOfTwo<BoostPoolMutex>("boost-pool-mutex");
  addPairOfTwo<SpinlockList>("spinlock-list");
  addPairOfTwo<BareList>("bare-list-each");
}

void addHandingOver() {
  addHandOver<TypedAudio<4>, 4>("millpond");
  addHandOver<TypedAudio<32>, 32>("millpond");
  addHandOver<TypedAudio<4, Clock::system>, 4>("millpond-system-clock");
  addHandOver<TypedAudio<32, Clock::system>, 32>("millpond-system-clock");
  addHandOver<PoolAlone<4>, 4>("millpond-pool");
  addHandOver<PoolAlone<32>, 32>("millpond-pool");
  addHandOvers<LibcHeap>("glibc");
  if (mimalloc) addHandOvers<Mimalloc>("mimalloc");
  if (jemalloc) addHandOvers<Jemalloc>("jemalloc");
  addHandOvers<BoostPoolMutex>("boost-pool-mutex");
  addHandOvers<SpinlockList>("spinlock-list");
  addHandOvers<NoAllocator>("ring-alone");
}

enum class Output { console, table, json };

struct Options {
  Output output = Output::console;
  int rounds = 1;
};

// Takes our own options out of the arguments; the rest are Google Benchmark's.
Options takeOptions(int& argc, char** argv) {
  constexpr std::string_view rounds_option = "--rounds=";
  Options options;
  int kept = 1;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--table") {
      options.output = Output::table;
    } else if (argument == "--json") {
      options.output = Output::json;
    } else if (argument.substr(0, rounds_option.size()) == rounds_option) {
      options.rounds = std::atoi(argv[i] + rounds_option.size());
    } else {
      argv[kept++] = argv[i];
    }
  }
  argc = kept;
  return options;
}

// A round measures every benchmark once. Where the machine is shared, or its processors are virtual and
// moved about, conditions last for a second or so: what is compared must be measured close together.
bool measure(const Options& options) {
  if (options.output == Output::console) {
    benchmark::RunSpecifiedBenchmarks();
    return true;
  }
  Results results;
  for (int round = 0; round < options.rounds; ++round) benchmark::RunSpecifiedBenchmarks(&results);
  options.output == Output::json ? printJson(results) : printTable(results);
  return results.complete();
}

int run(int argc, char** argv) {
  const Options options = takeOptions(argc, argv);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  loadSharedHeaps();
  if (!heapsAreApart()) {
    std::fprintf(stderr, "bench: malloc is %s, not the C library's: nothing to compare with\n",
                 mallocOrigin().c_str());
    return 1;
  }
  // The C library's malloc leaves its locks out until there was a second thread. In a streamer there is one.
  std::thread([] {}).join();
  addOneThread();
  addTwoThreads();
  addHandingOver();
  return measure(options) ? 0 : 1;
}

}  // namespace

}  // namespace millpond::bench

int main(int argc, char** argv) { return millpond::bench::run(argc, argv); }
