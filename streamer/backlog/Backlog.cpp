// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/backlog/Backlog.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "streamer/backlog/Deadline.h"

namespace millpond::streamer {

namespace {

// A waiter also retries on its own, because somebody else may have emptied the pool.
constexpr std::chrono::milliseconds retry_interval{100};

constexpr const char* capture_source = "capture";
constexpr const char* uplink_source = "uplink";
constexpr const char* backlog_source = "backlog";

}  // namespace

Backlog::Backlog(MemoryManager& memory, const Limits& limits, WhenFull when_full)
    : memory_(memory), limits_(limits), when_full_(when_full) {
  audio_.reserve(memory, limits.audio_blocks, backlog_source);
  chunks_.reserve(memory, limits.chunks, backlog_source);
}

Backlog::Limits Backlog::limitsOf(const MemoryManager& memory) {
  const MemoryStats stats = memory.stats();
  const std::size_t bytes = std::max(stats.network.block_size, ChunkHeader::size) - ChunkHeader::size;
  const std::size_t samples = bytes / sizeof(std::int16_t);
  return {stats.audio.capacity, stats.network.capacity, std::min(samples, chunk_samples)};
}

bool Backlog::ready() const {
  return audio_.capacity() > 0 && chunks_.capacity() > 0 && limits_.chunk_samples > 0 &&
         memory_.maxRequest(PoolId::audio) >= audio_block_bytes;
}

Buffer Backlog::openBlock() {
  while (true) {
    {
      const Lock lock(mutex_);
      if (makeRoom()) {
        const bool has_room = audioHeld() < limits_.audio_blocks && !stopped_;
        return has_room ? memory_.audioBuffer(audio_block_bytes, capture_source) : Buffer{};
      }
    }
    Deadline::in(retry_interval).waitFor(room_);
  }
}

bool Backlog::makeRoom() {
  if (waiting_) gather();
  while (audioHeld() >= limits_.audio_blocks && !stopped_) {
    waiting_ = when_full_ == WhenFull::wait;
    if (waiting_) return false;
    if (dropOldestLocked() == 0) break;  // the only block is in flight
  }
  waiting_ = false;
  return true;
}

void Backlog::push(SharedBuffer block, std::uint32_t samples) {
  const Lock lock(mutex_);
  audio_.push({std::move(block), account_.captured, samples, 0});
  account_.captured += samples;
  gather();
}

void Backlog::discard(std::uint32_t samples) {
  const Lock lock(mutex_);
  account_.drop({account_.captured, samples});
  account_.captured += samples;
}

void Backlog::closeInput() {
  const Lock lock(mutex_);
  closed_ = true;
  gather();
}

bool Backlog::waitForChunk() {
  for (bool waited = false;; waited = true) {
    {
      const Lock lock(mutex_);
      if (waited) gather();
      if (stopped_ || frontSealed() || (ended_ && chunks_.empty())) return !stopped_ && frontSealed();
    }
    Deadline::in(retry_interval).waitFor(sealed_);
  }
}

const Chunk* Backlog::beginSend() {
  const Lock lock(mutex_);
  if (!frontSealed()) return nullptr;
  in_flight_ = chunks_.pop();
  return &in_flight_;
}

void Backlog::finishSend() {
  const Lock lock(mutex_);
  account_.delivered += in_flight_.samples;
  end_delivered_ = in_flight_.end_of_stream;
  if (in_flight_.direct) --direct_chunks_;
  in_flight_ = {};
  gather();
  room_.notify();
}

void Backlog::setDirect(bool direct) {
  const Lock lock(mutex_);
  direct_ = direct;
  if (direct && !chunks_.empty() && !chunks_.back().sealed) seal(chunks_.back());
  gather();
}

std::size_t Backlog::audioHeld() const { return audio_.size() + direct_chunks_; }

std::size_t Backlog::dropOldest() {
  const Lock lock(mutex_);
  const std::size_t dropped = dropOldestLocked();
  room_.notify();
  return dropped;
}

std::size_t Backlog::dropOldestLocked() {
  SampleRange range;
  if (!chunks_.empty() && !chunks_.front().end_of_stream) {
    const Chunk oldest = chunks_.pop();
    range = oldest.range();
    if (oldest.direct) --direct_chunks_;
  } else if (!audio_.empty()) {
    range = audio_.pop().rest();
  }
  account_.drop(range);
  gather();
  return range.samples;
}

// Moves waiting audio into chunks while there is a chunk with room for it.
void Backlog::gather() {
  while (!audio_.empty() && !stopped_ && (direct_ ? passFront() : gatherFront())) {
  }
  if (closed_ && !ended_ && !stopped_) end();
}

bool Backlog::gatherFront() {
  AudioBlock& block = audio_.front();
  const SampleRange rest = block.rest();
  Chunk* chunk = openChunk(rest.first);
  if (chunk == nullptr) return false;
  const std::size_t samples = std::min<std::size_t>(rest.samples, limits_.chunk_samples - chunk->samples);
  std::memcpy(chunk->end(), block.next(), samples * sizeof(std::int16_t));
  chunk->samples += static_cast<std::uint32_t>(samples);
  block.gathered += static_cast<std::uint32_t>(samples);
  if (samples == rest.samples) audio_.pop();
  if (chunk->samples == limits_.chunk_samples) seal(*chunk);
  return true;
}

bool Backlog::passFront() {
  if (chunksHeld() >= limits_.chunks) return false;
  AudioBlock block = audio_.pop();
  const SampleRange rest = block.rest();
  const auto offset = static_cast<std::uint32_t>(block.gathered * sizeof(std::int16_t));
  ++direct_chunks_;
  seal(chunks_.push({.buffer = std::move(block.buffer),
                     .offset = offset,
                     .samples = static_cast<std::uint32_t>(rest.samples),
                     .first = rest.first,
                     .direct = true}));
  return true;
}

void Backlog::end() {
  Chunk* last = openChunk(account_.captured);
  if (last == nullptr) return;
  last->end_of_stream = true;
  ended_ = true;
  seal(*last);
}

// Returns: the open chunk whose next sample is `first`, a new one if necessary; nullptr if there is no room.
Chunk* Backlog::openChunk(std::uint64_t first) {
  if (!chunks_.empty() && !chunks_.back().sealed) {
    Chunk& open = chunks_.back();
    if (open.range().end() == first) return &open;
    seal(open);  // the next sample does not follow it: some in between were dropped
  }
  if (chunksHeld() >= limits_.chunks) return nullptr;
  const std::size_t bytes = ChunkHeader::size + limits_.chunk_samples * sizeof(std::int16_t);
  // The end of the stream carries no samples. While the network pool should fall idle, it takes a small
  // buffer.
  Buffer buffer = direct_ ? memory_.generalBuffer(ChunkHeader::size, uplink_source)
                          : memory_.networkBuffer(bytes, uplink_source);
  if (!buffer) return nullptr;
  return &chunks_.push({.buffer = std::move(buffer), .first = first});
}

void Backlog::seal(Chunk& chunk) {
  chunk.sealed = true;
  chunk.sequence = next_sequence_++;
  sealed_.notify();
}

void Backlog::stop() {
  const Lock lock(mutex_);
  stopped_ = true;
  room_.notify();
  sealed_.notify();
}

void Backlog::abandon() {
  const Lock lock(mutex_);
  account_.unconfirmed += in_flight_.samples;
  in_flight_ = {};
  direct_chunks_ = 0;
  while (!chunks_.empty()) account_.drop(chunks_.pop().range());
  while (!audio_.empty()) account_.drop(audio_.pop().rest());
}

bool Backlog::drained() const {
  const Lock lock(mutex_);
  return end_delivered_;
}

bool Backlog::stalled() const {
  const Lock lock(mutex_);
  return closed_ || waiting_;
}

SampleAccount Backlog::account() const {
  const Lock lock(mutex_);
  return account_;
}

}  // namespace millpond::streamer
