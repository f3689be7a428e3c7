// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

/// What a load may return, by the memory model of C++20.
///
/// Each atomic word keeps the history of its stores. Each thread has a `View`: the oldest store of each word
/// that it may still read, by all that happened before (coherence). A relaxed load returns any store from
/// there on. An ordered one joins the view that a release store, or a read-modify-write behind it, left
/// beside its value. A read-modify-write reads the last store of the history. Nothing here ever returns what
/// C++20 forbids:
///
/// - all sequentially consistent accesses have one order, which agrees with what happens before what and with
/// the
///   history of each word: see `SingleOrder`. It need not be the order in which the run makes them;
/// - a release sequence is a store and the read-modify-writes behind it, no plain store of the same thread.
///
/// It returns less than C++20 allows in two ways, which no processor of the ports shows where it matters
/// here:
///
/// - a word's history grows in the order of the run: no two threads disagree with it about which of two
/// stores to two
///   words came last ("2+2W");
/// - no load returns what is stored only later in the run (load buffering).
///
/// Plain accesses, of library and tests alike, are seen too (Plain.cpp): two of them, at least one of which
/// writes, that no view orders are a race, and the run fails.
namespace millpond::order {

/// Where in the source something is done: as the default of a parameter, the place of the call.
struct Site {
  const char* file;
  unsigned line;
  static constexpr Site current(const char* file = __builtin_FILE(), unsigned line = __builtin_LINE()) {
    return {file, line};
  }
};

/// An atomic word of up to eight bytes, and where in the source it is used.
struct Location {
  void* address;
  std::uint32_t bytes;
};

enum class Operation : std::uint8_t {
  load,
  store,
  loadOrdered,
  storeOrdered,
  compareExchange,
  update,
  unchanged,
  setBits,
  clearBits
};

/// Effect: forgets every word and every access of the run before.
void startRun();

/// Effect: in this run every store carries what its thread had acquired before, as on a processor whose
/// stores become visible to all others at once (ARMv8, RISC-V, x86, Xtensa). C++ promises that of release
/// stores only.
void assumeMultiCopyAtomic();

/// Effect: the word starts without a history here, in the calling thread.
void construct(Location location, std::uint64_t value);

std::uint64_t load(Location location, Operation operation, const Site& site);
void store(Location location, std::uint64_t value, Operation operation, const Site& site);
/// Returns: whether the word held `expected` and `desired` is stored; may fail although it does.
bool exchange(Location location, std::uint64_t& expected, std::uint64_t desired, Operation operation,
              const Site& site);
/// Effect: sets the bits of `set`, clears those of `clear`. Returns: the word before.
std::uint64_t modify(Location location, std::uint64_t set, std::uint64_t clear, Operation operation,
                     const Site& site);

/// A plain access to `bytes` bytes.
void read(const void* address, std::size_t bytes);
void write(const void* address, std::size_t bytes);

/// Effect: each access at `place`, as printed by `sitesSeen`, is relaxed from now on. Empty: none is.
void weaken(const std::string& place);

/// The ordered accesses of the library that were made since the last call: "millpond/Pool.h:20 loadOrdered",
/// a line each.
std::string sitesSeen();

}  // namespace millpond::order
