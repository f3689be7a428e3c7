// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>

namespace millpond::lab {

/// A device's RAM: aligned, zeroed, and used only by its policy.
class DeviceRam {
 public:
  explicit DeviceRam(std::uint32_t bytes)
      : memory_(static_cast<std::byte*>(::operator new(bytes, alignment))), bytes_(bytes) {
    std::fill_n(memory_, bytes, std::byte{0});
  }
  ~DeviceRam() { ::operator delete(memory_, alignment); }
  DeviceRam(const DeviceRam&) = delete;
  DeviceRam& operator=(const DeviceRam&) = delete;

  std::span<std::byte> span() const { return {memory_, bytes_}; }

 private:
  static constexpr std::align_val_t alignment{64};
  std::byte* memory_;
  std::uint32_t bytes_;
};

}  // namespace millpond::lab
