// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/device/UplinkLoad.h"

#include <algorithm>

namespace millpond::lab {

UplinkLoad::UplinkLoad(Life& life)
    : life_(life),
      scenario_(life.scenario),
      convert_(life.seed, 1),
      answer_(life.seed, 2),
      sizes_(life.seed, 32),
      codec_(life.seed, 33),
      chunks_(scenario_.uplink.held_back_chunks),
      transmit_(life.seed, 35) {
  life_.after(place::capture, scenario_.capture.period_us);
}

void UplinkLoad::capture() {
  life_.after(place::capture, scenario_.capture.period_us);
  if (captured_.size() == scenario_.uplink.held_back_buffers) dropOldest();
  Block captured = life_.take(RequestClass::audio, scenario_.capture.buffer_bytes, Source::capture);
  const std::uint64_t converted = anyTime(convert_, scenario_.capture.convert_ms, millisecond);
  if (!gathering_) {
    gathering_ = true;
    takeScratch();
    life_.after(place::gather, converted);
  }
  captured.spoiled = scratch_.bytes != 0 && scratch_.address == nullptr;
  captured_.push(captured);
}

void UplinkLoad::takeScratch() {
  if (!scenario_.codec.present()) return;
  const std::uint32_t bytes = codec_.within(scenario_.codec.scratch_bytes);
  if (bytes == 0) return;
  scratch_ = life_.take(RequestClass::small, bytes, Source::codec);
}

void UplinkLoad::gather() {
  ++life_.events;
  gathering_ = false;
  life_.agenda.cancel(place::gather);
  fill();
  life_.memory.give(scratch_);
}

void UplinkLoad::fill() {
  const std::uint32_t buffer_bytes = scenario_.capture.buffer_bytes;
  while (!captured_.empty() && openChunk()) {
    const bool sound = captured_.front().address != nullptr && !captured_.front().spoiled;
    Chunk& open = chunk(chunk_count_ - 1);
    const std::uint32_t bytes = std::min(open.bytes - open.filled, buffer_bytes - front_used_);
    open.filled += bytes;
    if (sound && open.buffer.address != nullptr) {
      open.sound += bytes;
    } else {
      bytes_lost_ += bytes;
    }
    front_used_ += bytes;
    if (front_used_ == buffer_bytes) {
      captured_.giveFront(life_.memory);
      front_used_ = 0;
    }
    send();
  }
}

// Returns: false if every chunk that may be held is full.
bool UplinkLoad::openChunk() {
  if (chunk_count_ != 0 && !isFull(chunk_count_ - 1)) return true;
  if (chunk_count_ == scenario_.uplink.held_back_chunks) return false;
  const std::uint32_t sound = sizes_.within(scenario_.uplink.chunk_bytes);
  const std::uint32_t bytes = scenario_.codec.present() ? codec_.within(scenario_.encodedBytes()) : sound;
  chunk(chunk_count_) = {.buffer = life_.take(RequestClass::network, bytes, Source::uplink), .bytes = sound};
  ++chunk_count_;
  return true;
}

void UplinkLoad::removeChunk(std::uint32_t index) {
  life_.memory.give(chunk(index).buffer);
  for (; index != 0; --index) chunk(index) = chunk(index - 1);
  first_chunk_ = (first_chunk_ + 1) % static_cast<std::uint32_t>(chunks_.size());
  --chunk_count_;
}

void UplinkLoad::send() {
  if (!linked_ || sending_ || chunk_count_ == 0 || !isFull(0)) return;
  ++life_.events;
  sending_ = true;
  unsent_ = chunk(0).buffer.bytes;
  fillWindow();
  life_.after(place::acknowledgement, anyTime(answer_, scenario_.uplink.ack_every_ms, millisecond));
}

void UplinkLoad::fillWindow() {
  while (unsent_ != 0 && segments_.size() < scenario_.uplink.window_segments) {
    const std::uint32_t bytes = std::min(unsent_, scenario_.uplink.segment_bytes);
    unsent_ -= bytes;
    segments_.push(
        life_.take(RequestClass::pbuf, bytes + scenario_.uplink.segment_overhead, Source::segment));
    copyToDriver(bytes + scenario_.uplink.segment_overhead);
  }
}

// The driver sends one copy at a time.
void UplinkLoad::copyToDriver(std::uint32_t bytes) {
  if (scenario_.wifi.transmit_us.high == 0 || copies_.size() == BlockQueue::capacity) return;
  copies_.push(life_.take(RequestClass::pbuf, bytes, Source::transmit));
  if (copies_.size() == 1) life_.after(place::transmit, transmit_.within(scenario_.wifi.transmit_us));
}

void UplinkLoad::transmitted() {
  ++life_.events;
  copies_.giveFront(life_.memory);
  if (copies_.empty()) return life_.agenda.cancel(place::transmit);
  life_.after(place::transmit, transmit_.within(scenario_.wifi.transmit_us));
}

void UplinkLoad::dropCopies() {
  copies_.giveAll(life_.memory);
  life_.agenda.cancel(place::transmit);
}

void UplinkLoad::acknowledge() {
  Block packet =
      life_.take(RequestClass::pbuf, answer_.within(scenario_.uplink.ack_bytes), Source::acknowledgement);
  const std::uint32_t in_flight = segments_.size();
  const std::uint32_t arrived = std::min(in_flight, scenario_.uplink.segments_an_ack);
  for (std::uint32_t segment = 0; segment < arrived; ++segment) segments_.giveFront(life_.memory);
  fillWindow();
  life_.memory.give(packet);
  if (!segments_.empty()) {
    life_.after(place::acknowledgement, anyTime(answer_, scenario_.uplink.ack_every_ms, millisecond));
    return;
  }
  life_.agenda.cancel(place::acknowledgement);
  sending_ = false;
  removeChunk(0);
  fill();
  send();
}

void UplinkLoad::stall() {
  linked_ = false;
  life_.agenda.cancel(place::acknowledgement);
}

void UplinkLoad::abort() {
  segments_.giveAll(life_.memory);
  dropCopies();
  sending_ = false;
  fill();
}

void UplinkLoad::resume() {
  linked_ = true;
  send();
}

// The oldest is the first chunk that is not in flight; if there is none, a captured buffer.
void UplinkLoad::dropOldest() {
  const std::uint32_t oldest = sending_ ? 1 : 0;
  if (oldest < chunk_count_ && isFull(oldest)) {
    bytes_lost_ += chunk(oldest).sound;
    removeChunk(oldest);
    fill();
  }
  if (captured_.size() < scenario_.uplink.held_back_buffers) return;
  bytes_lost_ += scenario_.capture.buffer_bytes - front_used_;
  captured_.giveFront(life_.memory);
  front_used_ = 0;
}

void UplinkLoad::end() {
  segments_.giveAll(life_.memory);
  dropCopies();
  captured_.giveAll(life_.memory);
  life_.memory.give(scratch_);
  while (chunk_count_ != 0) removeChunk(chunk_count_ - 1);
}

}  // namespace millpond::lab
