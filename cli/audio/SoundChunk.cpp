// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/audio/SoundChunk.h"

#include <array>
#include <string_view>

namespace millpond::cli {

namespace {

struct ChunkHead {
  std::array<std::byte, 8> bytes{};

  std::string_view id() const { return {reinterpret_cast<const char*>(bytes.data()), 4}; }
  std::uint32_t size(bool big_endian) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      value = value << 8U | static_cast<std::uint32_t>(bytes[big_endian ? 4 + i : 7 - i]);
    }
    return value;
  }
};

// What writers put in place of an unknown size: 0, all ones, or the largest signed size, less the header or
// rounded down.
std::optional<std::uint64_t> knownSize(std::uint32_t size) {
  const bool known = size != 0 && size < 0xFFFFFF00U && (size < 0x7FFF0000U || size > 0x80000100U);
  return known ? std::optional<std::uint64_t>(size) : std::nullopt;
}

std::optional<std::uint64_t> longSize(const SoundChunk::ReadAt& read, std::uint64_t offset) {
  std::array<std::byte, 16> sizes{};  // size of the file, size of the sound
  if (!read(offset, sizes)) return std::nullopt;
  std::uint64_t size = 0;
  for (std::size_t i = 16; i > 8; --i) size = size << 8U | static_cast<std::uint64_t>(sizes[i - 1]);
  return size == 0 ? std::nullopt : std::optional(size);
}

// Finds the sound of an SSND chunk that begins at `at`. Two numbers lie before the sound; the first says how
// many more bytes to skip.
SoundChunk soundOf(const SoundChunk::ReadAt& read, std::uint64_t at, std::optional<std::uint64_t> size) {
  std::array<std::byte, 8> numbers{};
  std::uint64_t before = numbers.size();
  if (read(at, numbers)) {
    std::uint32_t offset = 0;
    for (std::size_t i = 0; i < 4; ++i) offset = offset << 8U | static_cast<std::uint32_t>(numbers[i]);
    before += offset;
  }
  if (size) size = *size > before ? *size - before : 0;
  return {at + before, size, true};
}

}  // namespace

std::optional<SoundChunk> SoundChunk::find(const ReadAt& read) {
  constexpr std::uint64_t form_end = 12;
  ChunkHead form;
  if (!read(0, form.bytes)) return std::nullopt;
  const bool long_sizes = form.id() == "RF64" || form.id() == "BW64";
  const bool aiff = form.id() == "FORM";
  const bool big_endian = aiff || form.id() == "RIFX";
  if (!long_sizes && !big_endian && form.id() != "RIFF") return std::nullopt;
  std::optional<std::uint64_t> long_size;
  ChunkHead head;
  for (std::uint64_t at = form_end; read(at, head.bytes);) {
    const std::uint32_t size = head.size(big_endian);
    at += head.bytes.size();
    if (long_sizes && head.id() == "ds64") long_size = longSize(read, at);
    if (!aiff && head.id() == "data") {
      return SoundChunk{at, long_size ? long_size : knownSize(size), big_endian};
    }
    if (aiff && head.id() == "SSND") return soundOf(read, at, knownSize(size));
    at += std::uint64_t{size} + (size & 1U);
  }
  return std::nullopt;
}

bool SoundChunk::onlyChunks(const ReadAt& read, std::uint64_t offset, std::uint64_t end) {
  ChunkHead head;
  while (offset < end && read(offset, head.bytes)) {
    const std::uint32_t size = head.size(false);
    offset += head.bytes.size() + std::uint64_t{size} + (size & 1U);
  }
  return offset == end || offset == end + 1;  // the last chunk may lack its padding
}

}  // namespace millpond::cli
