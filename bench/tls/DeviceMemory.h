// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace millpond::tls {

/// The memory that a device has for TLS and for its small objects beside it.
class DeviceMemory {
 public:
  virtual ~DeviceMemory() = default;
  virtual void* calloc(std::size_t count, std::size_t size) = 0;
  virtual void free(void* pointer) = 0;
  /// As `calloc`, for an object that has nothing to do with TLS.
  virtual void* other(std::size_t size) { return calloc(1, size); }

  /// Bytes of RAM in all.
  virtual std::size_t ram() const = 0;
  /// Bytes of the largest request that would be served at this moment; 0 if that cannot be told.
  virtual std::size_t largestFree() const { return 0; }
  /// A line for each part, such as a pool.
  virtual std::vector<std::string> parts() const { return {}; }
  virtual void resetPeaks() {}
};

/// Returns: the memory of that name, or nullptr. `pools`: two pools of Millpond's for mbedTLS by its adapter
/// and one for the objects beside it. `heap_4`, `tlsf`: the lab's heaps in as many bytes as the pools
/// take. `glibc`: the C library's, which refuses what exceeds as many bytes with its headers. That models its
/// time and its bytes, not its holes, since its arena has no limit.
std::unique_ptr<DeviceMemory> memoryOf(const std::string& name);

/// What mbedTLS's hooks call: the device's memory while the device's end of a connection runs, and the C
/// library's while the server's does. Counts, measures and keeps account.
class Meter {
 public:
  explicit Meter(DeviceMemory& memory);
  ~Meter();
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;

  /// While one exists, the device pays.
  class Device {
   public:
    explicit Device(Meter& meter) { paying = &meter; }
    ~Device() { paying = nullptr; }
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
  };

  /// From now on allocation number `count` fails, counted from 1; 0: none does.
  void failAt(std::uint64_t count) { fail_at_ = count == 0 ? 0 : allocations + count; }
  /// Effect: replaces a quarter of the objects beside TLS, as a device does however its handshakes end.
  void renewOthers();
  /// Effect: gives the objects beside TLS back.
  void endOthers();

  std::uint64_t allocations = 0;
  std::uint64_t frees = 0;
  std::uint64_t refused = 0;
  std::size_t held_bytes = 0;
  std::size_t peak_bytes = 0;
  std::size_t heldBlocks() const { return sizes_.size(); }
  struct Timing {
    std::chrono::nanoseconds sum{};
    std::uint64_t calls = 0;
  };
  /// Of calls that nothing interrupted. The clock's own time is part of it, the same for every memory.
  Timing timing;
  /// The smallest of the largest free blocks, at the ends of handshakes.
  std::size_t least_largest_free = SIZE_MAX;

 private:
  static void* callocHook(std::size_t count, std::size_t size);
  static void freeHook(void* pointer);
  void* allocate(std::size_t count, std::size_t size);
  void release(void* pointer);
  void makeOther();

  static Meter* paying;

  DeviceMemory& memory_;
  std::unordered_map<void*, std::size_t> sizes_;
  std::deque<void*> others_;
  std::uint64_t random_ = 1;
  std::uint64_t fail_at_ = 0;
};

}  // namespace millpond::tls
