// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "millpond/MemoryManager.h"
#include "millpond/Pressure.h"

namespace millpond {

class TextLine;

/// The memory at one moment as JSON: every pool, every held block, the heap, pressure, and what fewer blocks
/// would have refused. docs/live.md lists the members; `millpond tune` reads it too.
///
/// - One object is one document. It writes into the caller's buffer, piece by piece, and allocates nothing.
/// - It takes no lock and never calls the heap. Free heap and its largest block are those that `Pressure` saw
///   last. So no allocation ever waits for a reader, and a reader never waits.
/// - The document is valid JSON whatever the names contain: bytes that are not UTF-8 become '?'.
/// - An object takes 0.9 KB on a 32-bit processor.
/// - Blocks that change hands while it is written may or may not be in it, as `LiveBlocks` says.
///
///     MemoryJson json(memory, &pressure, {.name = "kitchen", .boot = boot, .time_ms = now, .up_ms = up});
///     while (std::size_t bytes = json.write(buffer)) send(buffer, bytes);
///     if (json.tooSmall()) fail();
class MemoryJson {
 public:
  /// What only the device knows: its name and that of its life since the start, nullptr if it has none; the
  /// time of its clock, since 1970 if it knows, and since its start.
  struct Device {
    const char* name = nullptr;
    const char* boot = nullptr;
    std::uint64_t time_ms = 0;
    std::uint64_t up_ms = 0;
  };

  /// Effect: reads the figures of the pools and of the heap. Requires: `memory`, `pressure`, if any, and the
  /// names of `device` outlive it. Cost: as `MemoryManager::stats`. Context: task.
  MemoryJson(const MemoryManager& memory, const Pressure* pressure, const Device& device);
  MemoryJson(const MemoryJson&) = delete;
  MemoryJson& operator=(const MemoryJson&) = delete;

  /// Effect: writes the next pieces, as many as fit. Returns: the bytes written; 0 if there are no more, or
  /// if the next one does not fit in `out` (`tooSmall`). A larger `out` then continues with it. Cost: the
  /// bytes written, and as an iteration of `LiveBlocks`. Context: task.
  std::size_t write(std::span<char> out);
  /// Whether the last `write` had room for no piece although there was one.
  bool tooSmall() const { return too_small_; }
  /// A piece is at most this long, plus 6 bytes for each byte of its names.
  static constexpr std::size_t longest_piece = 384;

  /// The value of the HTTP header Content-Type.
  static constexpr const char* content_type = "application/json";
  /// The version of "what_if".
  static constexpr int what_if_format = 1;

  /// Returns: why figures of this basis are not exact; empty if they are. Context: any that reaches flash.
  static const char* whyNotExact(WhatIf::Basis basis);

 private:
  // In the order in which they are written.
  enum class Part : std::uint8_t {
    head,
    pools,
    released_head,
    released,
    blocks_head,
    blocks,
    rest,
    what_if,
    refused,
    what_if_end,
    tail,
    end
  };

  void writePiece(TextLine& piece) const;
  void writeHead(TextLine& piece) const;
  static void writePool(TextLine& piece, const PoolStats& pool);
  void writeBlock(TextLine& piece) const;
  void writeRest(TextLine& piece) const;
  void writeWhatIf(TextLine& piece) const;
  void advance();
  void enter(Part part);
  void seek();
  void sumRequests();
  void advanceRefused();
  const PoolStats& pool() const { return stats_.pool(poolIdOf(row_)); }

  const MemoryManager& memory_;
  const Pressure* pressure_;
  Device device_;
  MemoryStats stats_;
  LiveBlocks blocks_;
  LiveBlocks::Iterator block_;
  // Requests that the blocks from `index_` on served or the pool refused, and those that it refused.
  std::uint64_t requests_ = 0;
  std::uint64_t refused_ = 0;
  std::size_t row_ = 0;
  std::size_t index_ = 0;
  Part part_ = Part::head;
  bool follows_ = false;  // another one of the same list
  bool too_small_ = false;
};

}  // namespace millpond
