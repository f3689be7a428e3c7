// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "lab/device/Life.h"

namespace millpond::lab {

/// A TLS connection: two records for its whole life, and the objects of its handshake, most of which are
/// released after it. The peer's certificates come early in the handshake; the first is kept with the
/// connection.
class TlsLoad {
 public:
  /// The handshake continues at `own_place` of the agenda.
  TlsLoad(Life& life, std::uint32_t own_place, Source source)
      : life_(life),
        place_(own_place),
        source_(source),
        random_(life.seed, 16 + own_place),
        sizes_(life.seed, 64 + own_place),
        certificate_sizes_(life.seed, 128 + own_place) {}

  /// Effect: begins a handshake. Requires: closed.
  void open();
  /// Effect: does the next step of the handshake. Returns: whether it is finished.
  bool advance();
  /// Effect: releases everything; does nothing if closed.
  void close();

 private:
  void giveAll(std::vector<Block>& blocks);
  void takeCertificates();

  Life& life_;
  std::uint32_t place_;
  Source source_;
  Random random_;
  Random sizes_;
  Random certificate_sizes_;
  std::array<Block, 2> records_;
  std::vector<Block> kept_;
  std::vector<Block> passing_;
  std::vector<Block> certificates_;
  std::vector<Block> former_;  // temporary objects of the previous step
  std::uint32_t step_ = 0;
  std::uint64_t step_us_ = 0;
};

}  // namespace millpond::lab
