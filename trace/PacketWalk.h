// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace millpond::trace {

/// A file that is read here and there. Throws: `TraceError` if it cannot be opened or read.
class InputFile {
 public:
  explicit InputFile(const std::filesystem::path& file);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  std::size_t size() const { return size_; }
  /// Effect: fills `bytes` from `offset` on. Requires: the file has them.
  void read(std::size_t offset, std::span<std::byte> bytes) const;
  /// Returns: the first `most` bytes, or all.
  std::vector<std::byte> start(std::size_t most) const;

 private:
  std::string name_;
  int descriptor_;
  std::size_t size_ = 0;
};

/// What the metadata of a trace says about reading its packets.
struct TraceFacts {
  bool big_endian = false;
  std::uint64_t ticks_per_second = 0;
};

/// Bytes that metadata has at most.
inline constexpr std::size_t metadata_limit = std::size_t{1} << 20U;

/// The text of metadata in packets; as it is, if it is in none.
std::string metadataText(std::span<const std::byte> bytes);
/// Returns: nothing if the text is not the metadata that this version of Millpond writes, so that nobody else
/// needs to look whether an event has the fields of its table.
std::optional<TraceFacts> factsOf(const std::string& metadata);

/// The bytes of the packet of metadata that `bytes` begin with; 0 if they begin with none.
std::size_t metadataPacket(std::span<const std::byte> bytes);

/// A packet of a stream, as its header describes it.
struct Packet {
  std::size_t offset = 0;
  std::size_t bytes = 0;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint32_t sequence = 0;
  std::uint32_t lost = 0;

  /// Whether the 32 bits of its events' clock may have gone round unseen. No encoder of ours makes one.
  bool outlastsClock() const { return end - begin > UINT32_MAX; }
  /// Whether it cannot come after `before` in the life of a device.
  bool contradicts(const Packet& before) const {
    return begin < before.end || sequence <= before.sequence || lost < before.lost;
  }
};

/// Walks over the packets of a stream by their headers.
class PacketWalk {
 public:
  /// From `offset` of `stream` on, which outlives the walk.
  PacketWalk(const InputFile& stream, const TraceFacts& facts, std::size_t offset = 0)
      : stream_(stream), facts_(facts), offset_(offset) {}

  /// Returns: the next packet; nothing at the end, or where no whole packet follows.
  std::optional<Packet> next();
  /// Where the walk is: at the end of the stream unless what follows is no whole packet.
  std::size_t offset() const { return offset_; }
  bool atEnd() const { return offset_ == stream_.size(); }
  /// Effect: goes on at the next header of a packet. Returns: false if there is none.
  bool skipDamage();

 private:
  std::optional<Packet> at(std::size_t offset) const;

  const InputFile& stream_;
  TraceFacts facts_;
  std::size_t offset_;
};

}  // namespace millpond::trace
