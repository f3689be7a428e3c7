// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "trace/PacketWalk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include "millpond/trace/TraceEncoder.h"
#include "millpond/trace/TraceFormat.h"
#include "trace/TraceEvent.h"

namespace millpond::trace {

namespace {

using trace_format::packet_header_bytes;

constexpr std::size_t metadata_header_bytes = 37;

std::uint64_t integerAt(std::span<const std::byte> bytes, std::size_t offset, std::size_t size, bool big) {
  std::uint64_t value = 0;
  for (std::size_t at = 0; at < size; ++at) {
    const std::size_t from = big ? at : size - 1 - at;
    value = value << 8U | static_cast<std::uint64_t>(bytes[offset + from]);
  }
  return value;
}

// What the encoder of this version writes.
std::string ownMetadata() {
  std::vector<std::byte> bytes;
  const auto append = [](void* to, TraceSink::Part, std::span<const std::byte> packet) {
    static_cast<std::vector<std::byte>*>(to)->insert(static_cast<std::vector<std::byte>*>(to)->end(),
                                                     packet.begin(), packet.end());
    return true;
  };
  std::vector<std::byte> packet(TraceEncoder::leastPacket({}));
  TraceEncoder({.packet = packet, .held = {}, .pools = {}}, {.write = append, .context = &bytes}).begin();
  return metadataText(bytes);
}

// Effect: takes what stands between `before` and the next `end` out of `text`. Returns: it.
std::string takeOut(std::string& text, const std::string& before, char end) {
  const std::size_t at = text.find(before);
  const std::size_t to = at == std::string::npos ? at : text.find(end, at + before.size());
  if (to == std::string::npos) return {};
  const std::size_t from = at + before.size();
  std::string taken = text.substr(from, to - from);
  text.erase(from, to - from);
  return taken;
}

// Metadata without what differs from trace to trace, and what that says.
std::pair<std::string, TraceFacts> splitMetadata(std::string metadata) {
  const std::string frequency = takeOut(metadata, "freq = ", ';');
  const std::string order = takeOut(metadata, "byte_order = ", ';');
  takeOut(metadata, "millpond = \"", '"');
  TraceFacts facts{.big_endian = order == "be"};
  const char* const end = frequency.data() + frequency.size();
  if (std::from_chars(frequency.data(), end, facts.ticks_per_second).ptr != end) facts.ticks_per_second = 0;
  if (order != "be" && order != "le") facts.ticks_per_second = 0;
  return {metadata, facts};
}

}  // namespace

InputFile::InputFile(const std::filesystem::path& file)
    : name_(file.string()),
      descriptor_(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {  // a pipe would wait
  struct stat about {};
  if (descriptor_ < 0)
    throw TraceError("cannot read " + name_ + ": " + std::generic_category().message(errno));
  if (::fstat(descriptor_, &about) == 0 && S_ISREG(about.st_mode)) {
    size_ = static_cast<std::size_t>(about.st_size);
    return;
  }
  ::close(descriptor_);
  throw TraceError("cannot read " + name_ + ": not a file");
}

InputFile::~InputFile() { ::close(descriptor_); }

void InputFile::read(std::size_t offset, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t got = ::pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      throw TraceError("cannot read " + name_ + ": " +
                       (got < 0 ? std::generic_category().message(errno) : "it shrinks"));
    }
    bytes = bytes.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::size_t>(got);
  }
}

std::vector<std::byte> InputFile::start(std::size_t most) const {
  std::vector<std::byte> bytes(std::min(most, size_));
  read(0, bytes);
  return bytes;
}

std::size_t metadataPacket(std::span<const std::byte> bytes) {
  if (bytes.size() < metadata_header_bytes) return 0;
  for (const bool big : {false, true}) {
    if (integerAt(bytes, 0, 4, big) != trace_format::metadata_magic) continue;
    const std::size_t size = integerAt(bytes, 28, 4, big) / 8;
    return size >= metadata_header_bytes && size <= bytes.size() ? size : 0;
  }
  return 0;
}

std::string metadataText(std::span<const std::byte> bytes) {
  std::string text;
  if (metadataPacket(bytes) == 0) {
    for (const std::byte byte : bytes) text += static_cast<char>(byte);
    return text;
  }
  for (std::size_t size = metadataPacket(bytes); size != 0; size = metadataPacket(bytes)) {
    for (const std::byte byte : bytes.first(size).subspan(metadata_header_bytes))
      text += static_cast<char>(byte);
    bytes = bytes.subspan(size);
  }
  return text;
}

std::optional<TraceFacts> factsOf(const std::string& metadata) {
  const auto [text, facts] = splitMetadata(metadata);
  if (facts.ticks_per_second == 0 || facts.ticks_per_second > UINT32_MAX) return {};
  if (text != splitMetadata(ownMetadata()).first) return {};
  return facts;
}

// By `trace_format::packet_header` and `packet_context`.
std::optional<Packet> PacketWalk::at(std::size_t offset) const {
  std::array<std::byte, packet_header_bytes> header;
  if (stream_.size() - offset < header.size()) return {};
  stream_.read(offset, header);
  const auto integer = [&](std::size_t at, std::size_t size) {
    return integerAt(header, at, size, facts_.big_endian);
  };
  const Packet packet{.offset = offset,
                      .bytes = integer(25, 4) / 8,
                      .begin = integer(5, 8),
                      .end = integer(13, 8),
                      .sequence = static_cast<std::uint32_t>(integer(29, 4)),
                      .lost = static_cast<std::uint32_t>(integer(33, 4))};
  const bool sound = integer(0, 4) == trace_format::magic && integer(4, 1) == 0 &&
                     integer(21, 4) == packet.bytes * 8 && packet.bytes > packet_header_bytes &&
                     packet.bytes <= stream_.size() - offset && packet.begin <= packet.end;
  return sound ? std::optional(packet) : std::nullopt;
}

std::optional<Packet> PacketWalk::next() {
  const std::optional<Packet> packet = at(offset_);
  if (packet) offset_ += packet->bytes;
  return packet;
}

// In either byte order a packet's magic begins with the same byte.
bool PacketWalk::skipDamage() {
  static_assert(trace_format::magic >> 24U == (trace_format::magic & 0xFFU));
  constexpr auto first = static_cast<std::byte>(trace_format::magic & 0xFFU);
  std::vector<std::byte> bytes(std::size_t{1} << 16U);
  while (!atEnd()) {
    const auto part = std::span(bytes).first(std::min(bytes.size(), stream_.size() - offset_));
    stream_.read(offset_, part);
    for (auto next = std::ranges::find(part, first); next != part.end();
         next = std::find(next + 1, part.end(), first)) {
      const std::size_t offset = offset_ + static_cast<std::size_t>(next - part.begin());
      if (!at(offset)) continue;
      offset_ = offset;
      return true;
    }
    offset_ += part.size();
  }
  return false;
}

}  // namespace millpond::trace
