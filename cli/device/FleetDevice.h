// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "lab/device/Agenda.h"
#include "lab/device/Random.h"
#include "lab/heaps/HeapBehind.h"
#include "lab/heaps/LockedHeap.h"
#include "millpond/Pressure.h"
#include "millpond/StaticMemoryManager.h"

namespace millpond::cli {

/// One simulated device of a fleet: the library's manager with the pools of ADR-002 and a heap behind them,
/// and what such a device asks for. It captures sound, sends it in chunks that wait while its link is away,
/// handles messages, and makes a TLS connection after each outage. Its pace, its link and its sizes follow
/// from its seed, so that devices differ.
///
/// Its library reads the clock that `LinuxPort::driveMicros` sets.
class FleetDevice {
 public:
  FleetDevice(std::uint64_t seed, std::uint64_t now_us);
  FleetDevice(const FleetDevice&) = delete;
  FleetDevice& operator=(const FleetDevice&) = delete;
  ~FleetDevice();

  /// Effect: from now on keeps a small block every ten minutes: a leak, of the source "wifi-event".
  void leak();
  /// Effect: lives until `now_us`, which never falls.
  void live(std::uint64_t now_us);

  /// Context: any thread.
  const MemoryManager& memory() const { return memory_; }
  const Pressure& pressure() const { return pressure_; }

 private:
  static constexpr MemoryConfig config{};
  static constexpr std::size_t heap_bytes = std::size_t{112} * 1024;
  static constexpr std::uint32_t messages = 6;  // at a time
  static constexpr std::uint32_t chunks = 2;    // that wait for the link
  static constexpr std::uint32_t captures = 4;  // that wait to be sent
  enum Place : std::uint32_t { capture, convert, send, link, message, poll, leaks, message_ends = 16 };

  void happen(std::uint32_t place);
  void captureSound();
  void takeConverted();
  void sendChunk();
  void changeLink();
  void connect();
  void disconnect();
  void takeMessage();
  void after(std::uint32_t place, std::uint64_t micros) { agenda_.set(place, now_us_ + micros); }
  // A time with mean `micros`.
  void afterAbout(std::uint32_t place, std::uint64_t micros) { after(place, 1 + random_.waiting(micros)); }
  void give(void*& block);

  lab::Random random_;
  std::uint64_t now_us_;
  lab::Agenda agenda_;
  std::array<std::byte, heap_bytes> region_;
  lab::LockedHeap heap_{region_};
  Heap behind_ = lab::heapBehind(heap_);
  StaticMemoryManager<config> memory_{behind_};
  Pressure pressure_{memory_};

  // What makes it differ from the others.
  std::uint32_t convert_ms_;  // the most that a captured buffer takes to be converted
  std::uint64_t message_every_us_;
  std::uint64_t outage_every_us_;

  bool linked_ = false;
  std::array<void*, captures> captured_{};
  std::array<void*, chunks> chunks_{};
  std::array<void*, messages> messages_{};
  std::array<void*, 3> tls_{};  // from the heap: a record each way, and the session
  void* kept_ = nullptr;        // from the heap, for good, between two connections: what fragments it
};

}  // namespace millpond::cli
