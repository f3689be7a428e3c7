// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>

namespace millpond::streamer {

/// Samples per second, one channel.
inline constexpr std::uint32_t sample_rate = 16000;

/// Frames per read of the microphone: the size of the static I2S buffer.
inline constexpr std::size_t frames_per_read = 4096;

/// A block of captured 16-bit samples: one block of the audio pool.
inline constexpr std::size_t audio_block_bytes = 4096;
inline constexpr std::size_t audio_block_samples = audio_block_bytes / sizeof(std::int16_t);

/// The payload of one chunk on the wire: 600 ms.
inline constexpr std::size_t chunk_payload_bytes = 19200;
inline constexpr std::size_t chunk_samples = chunk_payload_bytes / sizeof(std::int16_t);

}  // namespace millpond::streamer
