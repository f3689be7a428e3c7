// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "lab/device/Life.h"

namespace millpond::lab {

/// A TLS connection: two records for as long as it lasts, and a handshake's objects, most of them gone after
/// it.
class TlsLoad {
 public:
  /// `own_place` on the agenda is where its handshake goes on.
  TlsLoad(Life& life, std::uint32_t own_place, Source source)
      : life_(life), place_(own_place), source_(source), random_(life.seed, 16 + own_place) {}

  /// Effect: begins a handshake. Requires: closed.
  void open();
  /// Effect: the next step of the handshake. Returns: whether it is done.
  bool advance();
  /// Effect: gives everything back; nothing where it is closed.
  void close();

 private:
  void giveAll(std::vector<Block>& blocks);

  Life& life_;
  std::uint32_t place_;
  Source source_;
  Random random_;
  std::array<Block, 2> records_;
  std::vector<Block> kept_;
  std::vector<Block> passing_;
  std::vector<Block> former_;  // passing ones of the step before
  std::uint32_t step_ = 0;
  std::uint64_t step_us_ = 0;
};

}  // namespace millpond::lab
