// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/capture/Capture.h"

#include <algorithm>

#include "streamer/backlog/StreamEvents.h"
#include "streamer/capture/Pcm.h"
#include "streamer/wire/AudioFormat.h"

namespace millpond::streamer {

void Capture::run() {
  while (!parts_.stop.raised()) {
    const std::size_t frames = parts_.source.read(parts_.read_buffer);
    if (frames == 0) break;
    store(parts_.read_buffer.first(frames));
  }
  parts_.backlog.closeInput();
}

void Capture::store(std::span<const std::int32_t> frames) {
  while (!frames.empty()) {
    const std::size_t count = std::min(frames.size(), audio_block_samples);
    const auto sample_count = static_cast<std::uint32_t>(count);
    parts_.supervisor.poll();
    if (SharedBuffer block = parts_.backlog.openBlock()) {
      auto* samples = reinterpret_cast<std::int16_t*>(block.data());
      std::transform(frames.begin(), frames.begin() + static_cast<std::ptrdiff_t>(count), samples, toPcm16);
      parts_.bus.publish(BlockCaptured::event, BlockCaptured{&block, sample_count}, true);
      parts_.backlog.push(std::move(block), sample_count);
    } else {
      parts_.backlog.discard(sample_count);
    }
    frames = frames.subspan(count);
  }
}

}  // namespace millpond::streamer
