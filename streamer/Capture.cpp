// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/Capture.h"

#include <algorithm>

#include "streamer/AudioFormat.h"
#include "streamer/Pcm.h"

namespace millpond::streamer {

void Capture::run() {
  while (!stop_.raised()) {
    const std::size_t frames = source_.read(read_buffer_);
    if (frames == 0) break;
    store(read_buffer_.first(frames));
  }
  backlog_.closeInput();
}

void Capture::store(std::span<const std::int32_t> frames) {
  while (!frames.empty()) {
    const std::size_t count = std::min(frames.size(), audio_block_samples);
    if (Buffer block = backlog_.openBlock()) {
      auto* samples = reinterpret_cast<std::int16_t*>(block.data());
      std::transform(frames.begin(), frames.begin() + static_cast<std::ptrdiff_t>(count), samples, toPcm16);
      backlog_.push(std::move(block), static_cast<std::uint32_t>(count));
    } else {
      backlog_.discard(static_cast<std::uint32_t>(count));
    }
    frames = frames.subspan(count);
  }
}

}  // namespace millpond::streamer
