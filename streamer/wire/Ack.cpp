// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/wire/Ack.h"

#include "streamer/wire/ByteOrder.h"
#include "streamer/wire/ChunkHeader.h"
#include "streamer/wire/Crc32c.h"

namespace millpond::streamer {

namespace {

constexpr std::uint32_t ack_magic = 0x4B41504DU;  // "MPAK"
constexpr std::uint8_t ack_version = 1;

// Where each field starts.
namespace ack_field {
constexpr std::size_t magic = 0;
constexpr std::size_t version = 4;
constexpr std::size_t length = 5;
constexpr std::size_t flags = 6;
constexpr std::size_t stream_id = 8;
constexpr std::size_t sequence = 16;
constexpr std::size_t next_sample = 20;
constexpr std::size_t checksum = 28;
}  // namespace ack_field

static_assert(ack_field::checksum + sizeof(std::uint32_t) == Ack::size);

}  // namespace

Ack::Bytes Ack::encode() const {
  Bytes bytes{};
  const std::span<std::byte> out = bytes;
  store(out.subspan(ack_field::magic), ack_magic);
  store(out.subspan(ack_field::version), ack_version);
  store(out.subspan(ack_field::length), static_cast<std::uint8_t>(size));
  store(out.subspan(ack_field::flags), std::uint16_t{0});
  store(out.subspan(ack_field::stream_id), stream_id);
  store(out.subspan(ack_field::sequence), sequence);
  store(out.subspan(ack_field::next_sample), next_sample);
  store(out.subspan(ack_field::checksum), crc32c(out.first(ack_field::checksum)));
  return bytes;
}

WireError Ack::decode(std::span<const std::byte, size> bytes, Ack& ack) {
  if (load<std::uint32_t>(bytes.subspan(ack_field::magic)) != ack_magic) return WireError::magic;
  if (load<std::uint8_t>(bytes.subspan(ack_field::version)) != ack_version) return WireError::version;
  if (load<std::uint8_t>(bytes.subspan(ack_field::length)) != size) return WireError::header_length;
  if (load<std::uint16_t>(bytes.subspan(ack_field::flags)) != 0) return WireError::flags;
  if (load<std::uint32_t>(bytes.subspan(ack_field::checksum)) != crc32c(bytes.first(ack_field::checksum))) {
    return WireError::checksum;
  }
  if (load<std::uint64_t>(bytes.subspan(ack_field::next_sample)) > ChunkHeader::max_sample_index) {
    return WireError::sample_index;
  }
  ack = {
      .stream_id = load<std::uint64_t>(bytes.subspan(ack_field::stream_id)),
      .sequence = load<std::uint32_t>(bytes.subspan(ack_field::sequence)),
      .next_sample = load<std::uint64_t>(bytes.subspan(ack_field::next_sample)),
  };
  return WireError::none;
}

}  // namespace millpond::streamer
