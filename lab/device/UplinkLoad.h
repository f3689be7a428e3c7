// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <vector>

#include "lab/device/BlockQueue.h"
#include "lab/device/Life.h"

namespace millpond::lab {

/// The path of the sound: captured into buffers, gathered into chunks, sent in segments that are
/// acknowledged. A codec makes a chunk of each captured buffer. While the link is down, buffers and chunks
/// are held back up to the scenario's limit; then the oldest is dropped.
class UplinkLoad {
 public:
  explicit UplinkLoad(Life& life);

  void capture();
  void gather();
  void acknowledge();
  void transmitted();

  /// Effect: no more acknowledgements arrive; what is in flight stays.
  void stall();
  /// Effect: gives up the segments in flight, but not their chunk.
  void abort();
  /// Effect: chunks are sent from now on.
  void resume();
  bool linked() const { return linked_; }

  /// Effect: releases everything.
  void end();

  std::uint64_t samplesLost() const { return bytes_lost_ / scenario_.capture.bytes_per_sample; }

 private:
  struct Chunk {
    Block buffer;
    std::uint32_t bytes = 0;  // of sound, if it is full
    std::uint32_t filled = 0;
    std::uint32_t sound = 0;  // bytes of `filled` that memory did not lose
  };

  Chunk& chunk(std::uint32_t index) { return chunks_[(first_chunk_ + index) % chunks_.size()]; }
  bool isFull(std::uint32_t index) { return chunk(index).filled == chunk(index).bytes; }
  void takeScratch();
  bool openChunk();
  void removeChunk(std::uint32_t index);
  void fill();
  void send();
  void fillWindow();
  void copyToDriver(std::uint32_t bytes);
  void dropCopies();
  void dropOldest();

  Life& life_;
  const Scenario& scenario_;
  Random convert_;
  Random answer_;
  Random sizes_;
  Random codec_;
  Block scratch_;
  BlockQueue captured_;
  std::uint32_t front_used_ = 0;  // bytes of the oldest captured buffer that are already in a chunk
  bool gathering_ = false;
  std::vector<Chunk> chunks_;  // in a ring
  std::uint32_t first_chunk_ = 0;
  std::uint32_t chunk_count_ = 0;
  BlockQueue segments_;
  Random transmit_;
  BlockQueue copies_;         // of segments, in the Wi-Fi driver
  std::uint32_t unsent_ = 0;  // bytes of the first chunk
  bool sending_ = false;
  bool linked_ = false;
  std::uint64_t bytes_lost_ = 0;  // of sound
};

}  // namespace millpond::lab
