// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/device/FleetDevice.h"

#include <utility>

namespace millpond::cli {

namespace {

constexpr std::uint64_t ms = 1000;
constexpr std::uint64_t second = 1000 * ms;
constexpr std::uint64_t minute = 60 * second;
constexpr std::uint64_t hour = 60 * minute;

constexpr std::uint64_t capture_every = 256 * ms;  // 4096 samples at 16 kHz
constexpr std::uint64_t chunk_every = 600 * ms;
constexpr std::size_t chunk_bytes = 19200;

}  // namespace

FleetDevice::FleetDevice(std::uint64_t seed, std::uint64_t now_us)
    : random_(seed, 0),
      now_us_(now_us),
      convert_ms_(random_.smallWithin({100, 700})),
      message_every_us_(random_.within({1500, 8000}) * ms),
      outage_every_us_(random_.within({2, 48}) * hour) {
  connect();
  after(capture, random_.below(capture_every));
  after(send, random_.below(chunk_every));
  after(poll, random_.below(second));
  afterAbout(message, message_every_us_);
  afterAbout(link, outage_every_us_);
}

FleetDevice::~FleetDevice() {
  disconnect();
  heap_.release(kept_);
  for (void*& block : captured_) give(block);
  for (void*& block : chunks_) give(block);
  for (void*& block : messages_) give(block);
}

void FleetDevice::leak() { after(leaks, 10 * minute); }

void FleetDevice::live(std::uint64_t now_us) {
  while (agenda_.time() <= now_us) {
    now_us_ = agenda_.time();
    const std::uint32_t place = agenda_.place();
    agenda_.cancel(place);
    happen(place);
  }
  now_us_ = now_us;
}

void FleetDevice::happen(std::uint32_t place) {
  switch (place) {
    case capture:
      return captureSound();
    case convert:
      return takeConverted();
    case send:
      return sendChunk();
    case link:
      return changeLink();
    case message:
      return takeMessage();
    case poll:
      pressure_.poll();
      return after(poll, second);
    case leaks:
      // Nobody frees it.
      static_cast<void>(memory_.allocateGeneralBuffer(200, "wifi-event"));
      return after(leaks, 10 * minute);
    default:
      give(messages_[place - message_ends]);
  }
}

void FleetDevice::captureSound() {
  after(capture, capture_every);
  for (void*& block : captured_) {
    if (block != nullptr) continue;
    block = memory_.allocateAudioBuffer(4096, "capture");
    break;
  }
  after(convert, 1 + random_.smallWithin({10, convert_ms_}) * ms);
}

// All that was captured is converted at once.
void FleetDevice::takeConverted() {
  for (void*& block : captured_) give(block);
}

// While the link is away, chunks are held until there are as many as may wait; then the older one is given
// up.
void FleetDevice::sendChunk() {
  after(send, chunk_every);
  if (linked_) {
    for (void*& block : chunks_) give(block);
  } else if (chunks_.back() != nullptr) {
    give(chunks_.front());
    std::swap(chunks_.front(), chunks_.back());
  }
  for (void*& block : chunks_) {
    if (block != nullptr) continue;
    block = memory_.allocateNetworkBuffer(chunk_bytes, "uplink");
    break;
  }
}

void FleetDevice::changeLink() {
  linked_ ? disconnect() : connect();
  afterAbout(link, linked_ ? outage_every_us_ : 20 * second);
}

void FleetDevice::connect() {
  linked_ = true;
  tls_ = {heap_.allocate(16717), heap_.allocate(4429), heap_.allocate(random_.within({1200, 3600}))};
  heap_.release(kept_);
  kept_ = heap_.allocate(random_.within({300, 2000}));
}

void FleetDevice::disconnect() {
  linked_ = false;
  for (void*& block : tls_) {
    heap_.release(block);
    block = nullptr;
  }
}

void FleetDevice::takeMessage() {
  afterAbout(message, message_every_us_);
  for (std::uint32_t slot = 0; slot < messages; ++slot) {
    if (messages_[slot] != nullptr) continue;
    messages_[slot] = memory_.allocateGeneralBuffer(random_.smallWithin({40, 1200}), "message");
    return afterAbout(message_ends + slot, second / 2);
  }
}

void FleetDevice::give(void*& block) {
  memory_.deallocate(block);
  block = nullptr;
}

}  // namespace millpond::cli
