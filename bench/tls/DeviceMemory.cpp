// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "bench/tls/DeviceMemory.h"

#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "lab/heaps/DeviceRam.h"
#include "lab/heaps/FirstFitHeap.h"
#include "lab/heaps/TlsfHeap.h"
#include "millpond/adapters/MbedTls.h"

namespace millpond::tls {
namespace {

constexpr MbedTlsRows rows = mbedTlsRows();
constexpr MemoryConfig config{
    .audio_buffer_pool_size = 0,
    .network_buffer_pool_size = 0,
    .general_buffer_pool_size = 0,
    .max_heap_allocation = 0,
    .more = {{rows.small,
              rows.objects,
              rows.records,
              {.name = "others", .kind = PoolKind::runs, .blocks = 224, .block_size = 64}}},
    .static_buffer_bytes = 0};
using Manager = StaticMemoryManager<config>;

class Pools : public DeviceMemory {
 public:
  Pools() { bindMbedTls(memory_); }
  ~Pools() override { mbedtls_memory.unbind(); }
  void* calloc(std::size_t count, std::size_t size) override { return millpond_mbedtls_calloc(count, size); }
  void free(void* pointer) override { millpond_mbedtls_free(pointer); }
  void* other(std::size_t size) override {
    return memory_.allocatePoolOnly(config.id("others"), size, "others");
  }
  std::size_t ram() const override { return sizeof(Manager); }
  std::vector<std::string> parts() const override {
    std::vector<std::string> lines;
    const MemoryStats stats = memory_.stats();
    for (std::size_t row = adr_pools; row < stats.pools; ++row) {
      const PoolStats& pool = stats.pool(poolIdOf(row));
      char line[160];
      std::snprintf(line, sizeof(line), "%-12s %4zu of %zu B: peak %4zu, %8zu B; refused %u; in use %zu",
                    pool.name, pool.capacity, pool.block_size, pool.peak, pool.peak * pool.block_size,
                    pool.exhausted + pool.oversize + pool.rejected, pool.in_use);
      lines.emplace_back(line);
    }
    return lines;
  }
  void resetPeaks() override { memory_.resetPeaks(); }

 private:
  Manager memory_;
};

template <class AnyHeap>
class Heap : public DeviceMemory {
 public:
  void* calloc(std::size_t count, std::size_t size) override {
    void* const block = heap_.allocate(count * size);
    return block != nullptr ? std::memset(block, 0, count * size) : nullptr;
  }
  void free(void* pointer) override { heap_.release(pointer); }
  std::size_t ram() const override { return sizeof(Manager); }
  std::size_t largestFree() const override { return heap_.holes().largest; }

 private:
  lab::DeviceRam ram_{sizeof(Manager)};
  AnyHeap heap_{ram_.span()};
};

class Glibc : public DeviceMemory {
 public:
  void* calloc(std::size_t count, std::size_t size) override {
    if (size * count + header + held_ > ram()) return nullptr;
    void* const block = std::calloc(count, size);
    held_ += malloc_usable_size(block) + header;
    return block;
  }
  void free(void* pointer) override {
    held_ -= malloc_usable_size(pointer) + header;
    std::free(pointer);
  }
  std::size_t ram() const override { return sizeof(Manager); }

 private:
  static constexpr std::size_t header = sizeof(std::size_t);
  std::size_t held_ = 0;
};

}  // namespace

std::unique_ptr<DeviceMemory> memoryOf(const std::string& name) {
  if (name == "pools") return std::make_unique<Pools>();
  if (name == "heap_4") return std::make_unique<Heap<lab::FirstFitHeap>>();
  if (name == "tlsf") return std::make_unique<Heap<lab::TlsfHeap>>();
  if (name == "glibc") return std::make_unique<Glibc>();
  return nullptr;
}

}  // namespace millpond::tls
