// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/wire/ChunkHeader.h"

#include <algorithm>
#include <array>

#include "streamer/wire/ByteOrder.h"
#include "streamer/wire/Crc32c.h"

namespace millpond::streamer {

namespace {

constexpr std::uint32_t magic = 0x444E504DU;  // "MPND"
constexpr std::uint8_t version = 1;
constexpr std::uint16_t end_flag = 1;
constexpr std::uint8_t channels = 1;
constexpr std::uint8_t bits_per_sample = 16;

// Offset of each field.
namespace at {
constexpr std::size_t magic = 0;
constexpr std::size_t version = 4;
constexpr std::size_t header_length = 5;
constexpr std::size_t flags = 6;
constexpr std::size_t stream_id = 8;
constexpr std::size_t sequence = 16;
constexpr std::size_t payload_bytes = 20;
constexpr std::size_t first_sample = 24;
constexpr std::size_t sample_rate = 32;
constexpr std::size_t channels = 36;
constexpr std::size_t bits_per_sample = 37;
constexpr std::size_t reserved = 38;
constexpr std::size_t checksum = 44;
}  // namespace at

static_assert(at::checksum + sizeof(std::uint32_t) == ChunkHeader::size);
static_assert(ChunkHeader::size + chunk_payload_bytes <= ChunkHeader::max_frame);

// The checksum of the frame with its checksum field as zero.
std::uint32_t checksumOf(std::span<const std::byte> head, std::span<const std::byte> payload) {
  constexpr std::array<std::byte, sizeof(std::uint32_t)> zero{};
  const std::uint32_t fields = crc32c(zero, crc32c(head.first(at::checksum)));
  return crc32c(payload, fields);
}

bool knownFormat(std::span<const std::byte, ChunkHeader::size> bytes) {
  const auto rate = load<std::uint32_t>(bytes.subspan(at::sample_rate));
  return load<std::uint8_t>(bytes.subspan(at::channels)) == channels &&
         load<std::uint8_t>(bytes.subspan(at::bits_per_sample)) == bits_per_sample &&
         rate >= ChunkHeader::min_sample_rate && rate <= ChunkHeader::max_sample_rate;
}

bool unknownFlags(std::span<const std::byte, ChunkHeader::size> bytes) {
  return (load<std::uint16_t>(bytes.subspan(at::flags)) & ~unsigned{end_flag}) != 0 ||
         load<std::uint16_t>(bytes.subspan(at::reserved)) != 0 ||
         load<std::uint32_t>(bytes.subspan(at::reserved + 2)) != 0;
}

}  // namespace

void ChunkHeader::encode(std::span<std::byte> head, std::span<const std::byte> payload) const {
  store(head.subspan(at::magic), magic);
  store(head.subspan(at::version), version);
  store(head.subspan(at::header_length), static_cast<std::uint8_t>(size));
  store(head.subspan(at::flags), end_of_stream ? end_flag : std::uint16_t{0});
  store(head.subspan(at::stream_id), stream_id);
  store(head.subspan(at::sequence), sequence);
  store(head.subspan(at::payload_bytes), payload_bytes);
  store(head.subspan(at::first_sample), first_sample);
  store(head.subspan(at::sample_rate), sample_rate);
  store(head.subspan(at::channels), channels);
  store(head.subspan(at::bits_per_sample), bits_per_sample);
  store(head.subspan(at::reserved), std::uint16_t{0});
  store(head.subspan(at::reserved + 2), std::uint32_t{0});
  store(head.subspan(at::checksum), checksumOf(head, payload));
}

WireError ChunkHeader::decode(std::span<const std::byte, size> bytes, ChunkHeader& header) {
  if (!mayBeginWith(bytes)) return WireError::magic;
  if (load<std::uint8_t>(bytes.subspan(at::version)) != version) return WireError::version;
  if (load<std::uint8_t>(bytes.subspan(at::header_length)) != size) return WireError::header_length;
  if (unknownFlags(bytes)) return WireError::flags;
  if (!knownFormat(bytes)) return WireError::format;
  header = {
      .stream_id = load<std::uint64_t>(bytes.subspan(at::stream_id)),
      .sequence = load<std::uint32_t>(bytes.subspan(at::sequence)),
      .payload_bytes = load<std::uint32_t>(bytes.subspan(at::payload_bytes)),
      .first_sample = load<std::uint64_t>(bytes.subspan(at::first_sample)),
      .sample_rate = load<std::uint32_t>(bytes.subspan(at::sample_rate)),
      .end_of_stream = (load<std::uint16_t>(bytes.subspan(at::flags)) & end_flag) != 0,
  };
  if (header.payload_bytes > max_payload || header.payload_bytes % 2 != 0) return WireError::payload_length;
  if (header.first_sample > max_sample_index - header.samples()) return WireError::sample_index;
  return WireError::none;
}

bool ChunkHeader::mayBeginWith(std::span<const std::byte> bytes) {
  std::array<std::byte, magic_size> expected{};
  store(expected, magic);
  const auto begin = bytes.first(std::min(bytes.size(), magic_size));
  return std::equal(begin.begin(), begin.end(), expected.begin());
}

bool ChunkHeader::checksumHolds(std::span<const std::byte> frame) {
  return load<std::uint32_t>(frame.subspan(at::checksum)) ==
         checksumOf(frame.first(size), frame.subspan(size));
}

}  // namespace millpond::streamer
