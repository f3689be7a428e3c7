// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "millpond/MemoryManager.h"
#include "streamer/backlog/AudioBlock.h"
#include "streamer/backlog/Chunk.h"
#include "streamer/backlog/PoolQueue.h"
#include "streamer/backlog/SampleAccount.h"
#include "streamer/wire/AudioFormat.h"

namespace millpond::streamer {

/// All that is captured and not yet delivered: audio blocks that wait, chunks that wait, the chunk in flight.
///
/// - It holds no more audio blocks and network buffers than it was given, so none of its requests reaches the
///   heap while nobody else takes from these pools.
/// - Where there is no room it drops the oldest that was never sent, or lets capture wait.
/// - A chunk in flight stays until it is acknowledged: whether the receiver has it is not known before.
/// - Whichever thread makes room gathers the waiting audio into chunks: capture when it adds a block, the
///   network when a chunk leaves.
///
/// One thread captures, one sends; the other calls are for any task.
class Backlog {
 public:
  enum class WhenFull : std::uint8_t { drop_oldest, wait };

  struct Limits {
    std::size_t audio_blocks = 0;
    std::size_t chunks = 0;
    std::size_t chunk_samples = streamer::chunk_samples;
  };

  /// Effect: takes place for its queues from the general pool; `ready` tells whether there was.
  /// Requires: limits of at least one block and one chunk.
  Backlog(MemoryManager& memory, const Limits& limits, WhenFull when_full);

  /// The limits that fit all of a memory manager's pools.
  static Limits limitsOf(const MemoryManager& memory);

  bool ready() const { return audio_.capacity() > 0 && chunks_.capacity() > 0; }

  /// Effect: takes an audio block, after making room or waiting for it.
  /// Returns: empty after `stop`, or where the audio pool has none. Context: the capture thread.
  Buffer openBlock();
  /// Effect: adds the next `samples` samples, which lie in `block`, and gathers. Requires: a block of
  /// `openBlock`'s, not empty. Context: the capture thread.
  void push(SharedBuffer block, std::uint32_t samples);
  /// Effect: counts the next `samples` samples as captured and dropped. Context: the capture thread.
  void discard(std::uint32_t samples);
  /// Effect: nothing more will come; what is there ends the stream. Context: the capture thread.
  void closeInput();

  /// Effect: waits for a chunk to send. Returns: whether there is one; false when the stream has ended or
  /// after `stop`. Requires: none in flight. Context: the network thread.
  bool waitForChunk();
  /// Effect: the oldest chunk is in flight from now on. Returns: it, or nullptr where it was dropped since.
  /// Requires: none in flight. Context: the network thread.
  const Chunk* beginSend();
  /// Effect: counts the chunk in flight as delivered, gives its buffer back and gathers.
  /// Requires: one in flight. Context: the network thread.
  void finishSend();

  /// Effect: while `direct`, audio blocks become chunks just as they are, so that the network pool falls
  /// idle; the open chunk goes out as it is.
  void setDirect(bool direct);

  /// Effect: drops the oldest that was never sent: a chunk, else an audio block. Returns: the samples
  /// dropped; 0 where there is none.
  std::size_t dropOldest();

  /// Effect: nobody waits any more, and nothing more is taken or gathered.
  void stop();
  /// Effect: gives everything back; what was in flight counts as unconfirmed, the rest as dropped.
  /// Requires: both threads are done.
  void abandon();

  /// Whether no sound comes in: the input has ended, or capture waits for room.
  bool stalled() const;
  /// Whether all that was to be sent, the end of the stream included, is delivered.
  bool drained() const;
  SampleAccount account() const;

 private:
  void makeRoom(std::unique_lock<std::mutex>& lock);
  std::size_t dropOldestLocked();
  void gather();
  bool gatherFront();
  bool passFront();
  std::size_t audioHeld() const;
  std::size_t chunksHeld() const { return chunks_.size() + (in_flight_.buffer ? 1 : 0); }
  void end();
  Chunk* openChunk(std::uint64_t first);
  void seal(Chunk& chunk);

  MemoryManager& memory_;
  const Limits limits_;
  const WhenFull when_full_;

  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::condition_variable sealed_;
  PoolQueue<AudioBlock> audio_;
  PoolQueue<Chunk> chunks_;  // sealed ones, and as the last perhaps one that is open
  Chunk in_flight_;
  SampleAccount account_;
  std::uint32_t next_sequence_ = 0;
  std::size_t direct_chunks_ = 0;  // audio blocks that are chunks, the one in flight included
  bool direct_ = false;
  bool closed_ = false;
  bool waiting_ = false;  // capture is, for room
  bool ended_ = false;    // the chunk that ends the stream is sealed
  bool end_delivered_ = false;
  bool stopped_ = false;
};

}  // namespace millpond::streamer
