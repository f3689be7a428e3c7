// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/policies/FilePolicy.h"

#include <stdexcept>

#include "lab/heaps/HeapBehind.h"

namespace millpond::lab {

namespace {

std::byte* behindFilePools(const PoolFile& file, std::uint32_t static_bytes, std::span<std::byte> ram) {
  constexpr std::size_t least_heap = 1024;
  const std::size_t taken = static_bytes + file.config().arenaBytes() + PoolSet::side_bytes;
  if (taken + least_heap <= ram.size()) return ram.data() + taken;
  throw std::runtime_error("the pools take " + std::to_string(file.config().arenaBytes()) +
                           " bytes, and leave no room for a heap in the scenario's ram.total_bytes, " +
                           std::to_string(ram.size()));
}

}  // namespace

FilePolicy::FilePolicy(const PoolFile& file, const Scenario& scenario, std::span<std::byte> ram)
    : file_(file),
      ram_(ram),
      static_bytes_(scenario.ram.static_bytes),
      rest_(behindFilePools(file, static_bytes_, ram)),
      heap_({rest_, ram.data() + ram.size()}, FirstFitHeap::device_alignment),
      behind_(heapBehind(heap_)),
      set_(file.config(), ram.data() + static_bytes_, behind_) {}

PoolId FilePolicy::poolFor(RequestClass kind, std::uint32_t bytes) const {
  return file_.poolFor(request_class_names[static_cast<std::size_t>(kind)], bytes);
}

// An operation on a pool changes one word atomically, and freeing a run two.
void* FilePolicy::allocate(const DeviceRequest& request) {
  const PoolId pool = poolFor(request.kind, request.bytes);
  if (pool == PoolId::none) {
    void* memory = heap_.allocate(request.bytes);
    steps_ = heap_.steps();
    return memory;
  }
  void* memory = set_.allocate(pool, request.bytes, request.source);
  const bool spilled = memory != nullptr && set_.poolOf(memory) == PoolId::heap;
  if (spilled) spilled_ += request.bytes;
  steps_ = 1 + (spilled ? heap_.steps() : 0);
  return memory;
}

void FilePolicy::release(void* memory, RequestClass kind, std::uint32_t bytes) {
  if (poolFor(kind, bytes) == PoolId::none) {
    heap_.release(memory);
    steps_ = heap_.steps();
    return;
  }
  const PoolId pool = set_.poolOf(memory);
  set_.deallocate(memory);
  steps_ = pool == PoolId::heap ? heap_.steps() : 1;
}

void FilePolicy::forEachHeld(const std::function<void(std::uint32_t, std::uint32_t)>& visit) const {
  const auto offset = [this](const std::byte* address) {
    return static_cast<std::uint32_t>(address - ram_.data());
  };
  visit(0, static_bytes_);
  for (const LiveBlock& block : set_.leaks()) {
    if (block.pool != PoolId::heap)
      visit(offset(static_cast<const std::byte*>(block.address)), static_cast<std::uint32_t>(block.granted));
  }
  visit(offset(rest_) - PoolSet::side_bytes, PoolSet::side_bytes);
  heap_.forEachHeld([&](const std::byte* address, std::uint32_t bytes) { visit(offset(address), bytes); });
}

// After the pools come the classes, for the requests that no pool serves.
std::vector<TraceEncoder::Pool> FilePolicy::pools() const {
  std::vector<TraceEncoder::Pool> rows = set_.rows();
  for (const char* name : request_class_names) rows.push_back({.name = name});
  return rows;
}

PoolPlace FilePolicy::placeOf(const DeviceRequest& request, const void* memory) const {
  const PoolId pool = poolFor(request.kind, request.bytes);
  if (pool != PoolId::none) return {static_cast<std::uint8_t>(pool), set_.indexOf(pool, memory)};
  return {.pool = static_cast<std::uint8_t>(set_.rows().size() + static_cast<std::size_t>(request.kind))};
}

}  // namespace millpond::lab
