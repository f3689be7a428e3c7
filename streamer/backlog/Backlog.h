// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

#include "millpond/MemoryManager.h"
#include "millpond/port/TaskLock.h"
#include "streamer/backlog/AudioBlock.h"
#include "streamer/backlog/Chunk.h"
#include "streamer/backlog/PoolQueue.h"
#include "streamer/backlog/SampleAccount.h"
#include "streamer/wire/AudioFormat.h"

namespace millpond::streamer {

/// Everything captured and not yet delivered: waiting audio blocks, waiting chunks, and the chunk in flight.
///
/// - It never holds more audio blocks and network buffers than its limits allow. So none of its requests
///   reaches the heap while nobody else takes from these pools.
/// - If there is no room, it drops the oldest audio that was never sent, or lets capture wait.
/// - A chunk in flight stays until it is acknowledged: only then is it known that the receiver has it.
/// - The task that makes room gathers the waiting audio into chunks: capture when it adds a block, the
///   network when a chunk leaves.
///
/// One task captures and one sends. Any task may make the other calls.
class Backlog {
 public:
  enum class WhenFull : std::uint8_t { drop_oldest, wait };

  struct Limits {
    std::size_t audio_blocks = 0;
    std::size_t chunks = 0;
    std::size_t chunk_samples = streamer::chunk_samples;
  };

  /// Effect: allocates its queues from the general pool; see `ready`. Requires: limits of at least one
  /// block and one chunk.
  Backlog(MemoryManager& memory, const Limits& limits, WhenFull when_full);

  /// The limits that fit all of a memory manager's pools.
  static Limits limitsOf(const MemoryManager& memory);

  /// Whether it has its queues, and the pools' blocks are large enough: `audio_block_bytes` for audio, a
  /// header and a sample for the network.
  bool ready() const;

  /// Effect: takes an audio block; makes room or waits for it first. Returns: an empty buffer after `stop`,
  /// if the audio pool has none, or if its only block is in flight. Context: the capture task.
  Buffer openBlock();
  /// Effect: adds the next `samples` samples, which are in `block`, and gathers. Requires: a block from
  /// `openBlock`, not empty. Context: the capture task.
  void push(SharedBuffer block, std::uint32_t samples);
  /// Effect: counts the next `samples` samples as captured and dropped. Context: the capture task.
  void discard(std::uint32_t samples);
  /// Effect: no more input comes; what is there ends the stream. Context: the capture task.
  void closeInput();

  /// Effect: waits for a chunk to send. Returns: whether there is one; false when the stream has ended or
  /// after `stop`. Requires: no chunk in flight. Context: the network task.
  bool waitForChunk();
  /// Effect: puts the oldest chunk in flight. Returns: that chunk, or nullptr if it was dropped meanwhile.
  /// Requires: no chunk in flight. Context: the network task.
  const Chunk* beginSend();
  /// Effect: counts the chunk in flight as delivered, returns its buffer and gathers. Requires: a chunk in
  /// flight. Context: the network task.
  void finishSend();

  /// Effect: while `direct`, audio blocks become chunks as they are, so that the network pool falls idle. The
  /// open chunk goes out as it is.
  void setDirect(bool direct);

  /// Effect: drops the oldest audio that was never sent: a chunk, else an audio block. Returns: the number of
  /// samples dropped; 0 if there is none.
  std::size_t dropOldest();

  /// Effect: ends all waiting; nothing more is taken or gathered.
  void stop();
  /// Effect: returns all memory. What was in flight counts as unconfirmed, the rest as dropped. Requires:
  /// both tasks have finished.
  void abandon();

  /// Whether no sound comes in: the input has ended, or capture waits for room.
  bool stalled() const;
  /// Whether everything to be sent, including the end of the stream, is delivered.
  bool drained() const;
  SampleAccount account() const;

 private:
  using Lock = port::TaskLock;

  /// Returns: whether capture goes on; else it waits for room.
  bool makeRoom();
  bool frontSealed() const { return !chunks_.empty() && chunks_.front().sealed; }
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

  mutable Port::TaskMutex mutex_;
  Port::Event room_;    // capture waits for it
  Port::Event sealed_;  // the network waits for it
  PoolQueue<AudioBlock> audio_;
  PoolQueue<Chunk> chunks_;  // sealed, except perhaps the last one
  Chunk in_flight_;
  SampleAccount account_;
  std::uint32_t next_sequence_ = 0;
  std::size_t direct_chunks_ = 0;  // audio blocks sent as chunks, including the one in flight
  bool direct_ = false;
  bool closed_ = false;
  bool waiting_ = false;  // capture waits for room
  bool ended_ = false;    // the chunk that ends the stream is sealed
  bool end_delivered_ = false;
  bool stopped_ = false;
};

}  // namespace millpond::streamer
