// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lab/device/SoakResult.h"

namespace millpond::lab {

/// Which class of request has which block of RAM, for maps. Costs a byte for eight of RAM and nothing where
/// it is not asked for.
class BlockKinds {
 public:
  /// Effect: from now on `take` and `give` are noted. Requires: blocks lie in `ram`, at multiples of eight.
  void start(std::span<const std::byte> ram) {
    ram_ = ram;
    kinds_.assign(ram.size() / unit + 1, none);
  }

  void take(const void* address, RequestClass kind) { note(address, static_cast<std::uint8_t>(kind)); }
  void give(const void* address) { note(address, none); }

  /// Returns: the class of the block that starts within these bytes of RAM; `request_classes` if none does.
  std::uint8_t in(std::uint32_t offset, std::uint32_t bytes) const {
    for (std::size_t at = offset / unit; at * unit < offset + bytes && at < kinds_.size(); ++at) {
      if (kinds_[at] != none) return kinds_[at];
    }
    return none;
  }

 private:
  static constexpr std::size_t unit = 8;
  static constexpr std::uint8_t none = request_classes;

  void note(const void* address, std::uint8_t kind) {
    if (kinds_.empty()) return;
    kinds_[static_cast<std::size_t>(static_cast<const std::byte*>(address) - ram_.data()) / unit] = kind;
  }

  std::span<const std::byte> ram_;
  std::vector<std::uint8_t> kinds_;
};

}  // namespace millpond::lab
