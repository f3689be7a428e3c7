// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "lab/device/Policy.h"
#include "lab/policies/HeldMap.h"

namespace millpond::lab {

/// Serves everything from a user's allocator, a shared object as lab/millpond_plugin.h describes it. Each
/// block that it returns is checked: inside its region, aligned, overlapping nothing.
///
/// Its steps are unknown. Its holes are what lies between its blocks, so they include its own headers.
class PluginPolicy : public Policy {
 public:
  /// Throws: std::runtime_error with one line if the file cannot be loaded, lacks a function, or refuses.
  PluginPolicy(const std::string& file, std::span<std::byte> ram, std::uint32_t static_bytes);

  void* allocate(const DeviceRequest& request) override;
  void release(void* memory, RequestClass kind, std::uint32_t bytes) override;
  std::uint32_t steps() const override { return 0; }
  Holes holes() const override { return map_.holes(region_.data()); }
  void forEachHeld(const std::function<void(std::uint32_t, std::uint32_t)>& visit) const override;
  void checkEmpty() override;

 private:
  template <class Function>
  Function* function(const char* name) const;
  void begin();
  std::size_t room();
  [[noreturn]] void fail(const std::string& what) const;

  std::string file_;
  std::unique_ptr<void, int (*)(void*)> library_;
  std::span<std::byte> region_;
  std::uint32_t static_bytes_;
  HeldMap map_;
  int (*init_)(void*, std::size_t) = nullptr;
  void* (*malloc_)(std::size_t) = nullptr;
  void (*free_)(void*) = nullptr;
};

}  // namespace millpond::lab
