// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/capture/LevelMeter.h"

#include <algorithm>
#include <cstdlib>
#include <span>

#include "streamer/backlog/StreamEvents.h"

namespace millpond::streamer {

LevelMeter::LevelMeter(EventBus& bus) : bus_(bus) {
  bus.subscribe(BlockCaptured::event, &LevelMeter::onBlock, EventPriority::low, this);
}

LevelMeter::~LevelMeter() { bus_.unsubscribe(BlockCaptured::event, &LevelMeter::onBlock, this); }

void LevelMeter::onBlock(void* self, const Event& event) {
  auto& meter = *static_cast<LevelMeter*>(self);
  if (meter.paused()) return;
  const auto& captured = *event.as<BlockCaptured>();
  const SharedBuffer block = *captured.block;  // share ownership: the network may release the block first
  const std::span samples(reinterpret_cast<const std::int16_t*>(block.data()), captured.samples);
  std::uint32_t peak = 0;
  for (const std::int16_t sample : samples) {
    peak = std::max(peak, static_cast<std::uint32_t>(std::abs(std::int32_t{sample})));
  }
  meter.peak_.store(peak);
}

}  // namespace millpond::streamer
