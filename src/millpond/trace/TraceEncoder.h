// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "millpond/trace/TraceFormat.h"
#include "millpond/trace/TraceKind.h"

namespace millpond {

/// Where a firmware sends its trace: a socket, a file, a callback.
struct TraceSink {
  /// What a packet belongs to: of each trace the metadata comes first. The two are different files for the
  /// readers of Common Trace Format; both may follow each other in one stream, which `millpond trace repair`
  /// takes apart.
  enum class Part : std::uint8_t { metadata, events };
  /// Takes one whole packet. Returns: false if it was not sent; its events are lost then, and counted.
  bool (*write)(void* context, Part part, std::span<const std::byte> packet);
  void* context = nullptr;
};

/// Writes events as packets of Common Trace Format 1.8.
///
/// A packet is complete in itself: it begins with the pool table and with which blocks are held, and names
/// each source at its first event. Without memory of its own, and without a clock. Context: one task.
class TraceEncoder {
 public:
  /// A pool, or a class of requests that has none: then `blocks` is 0.
  struct Pool {
    const char* name = "";
    bool runs = false;
    std::uint16_t blocks = 0;
    std::uint32_t block_size = 0;
  };
  /// What the encoder needs: its memory, which outlives it, and the trace's facts.
  struct Setup {
    /// Room for a packet: at least `leastPacket`.
    std::span<std::byte> packet;
    /// `heldWords`, zeroed.
    std::span<std::uint32_t> held;
    /// By row.
    std::span<const Pool> pools;
    std::uint32_t ticks_per_second = 1'000'000;
  };

  /// Words that tell which blocks are held: of each pool, and at last of the heap.
  static constexpr std::size_t heldWords(std::span<const Pool> pools) {
    std::size_t words = 1;
    for (const Pool& pool : pools) words += wordsOf(pool);
    return words;
  }
  /// Bytes of the smallest packet that has room for events.
  static constexpr std::size_t leastPacket(std::span<const Pool> pools) {
    return trace_format::packet_header_bytes +
           (pools.size() + heldWords(pools) + 8) * trace_format::max_event;
  }

  TraceEncoder(const Setup& setup, const TraceSink& sink) : setup_(setup), sink_(sink) {}
  TraceEncoder(const TraceEncoder&) = delete;
  TraceEncoder& operator=(const TraceEncoder&) = delete;

  /// Effect: writes the metadata. Call it first.
  void begin();
  /// Effect: appends an event; writes the packet before if it is full, or 2^31 ticks long. Requires: `ticks`
  /// never falls.
  void add(std::uint64_t ticks, const TraceEntry& entry);
  /// Effect: writes the packet that was begun, if it has any events.
  void flush();
  /// Effect: counts events that the device lost; readers see the count at the next packet.
  void countLost(std::uint32_t events) { lost_ += events; }
  /// Effect: says which of the 32 blocks from `first` on are held: the bits of `blocks`. `pool` is a row or
  /// `trace_format::heap`.
  void setHeld(std::uint8_t pool, std::uint32_t first, std::uint32_t blocks);

  std::span<const Pool> pools() const { return setup_.pools; }
  /// Events that were lost before they came here, or because the sink did not take their packet.
  std::uint32_t lost() const { return lost_; }
  /// The sources that were named so far; later ones beyond the limit are called "(others)".
  static constexpr std::size_t max_sources = 64;
  std::span<const char* const> sources() const { return {sources_, source_count_}; }

 private:
  static constexpr std::size_t wordsOf(const Pool& pool) { return (pool.blocks + 31U) / 32; }

  void open(std::uint64_t ticks);
  void describeState();
  void write(trace_format::Event event, std::uint64_t ticks, const TraceEntry& about,
             std::span<const std::uint32_t> values, const char* text = "");
  void put(const trace_format::Fields& fields, std::span<const std::uint32_t> values, const char* text);
  void putInteger(std::uint64_t value, std::size_t bytes);
  void putText(const char* text);
  void noteHeld(const TraceEntry& entry);
  std::uint32_t* heldWord(std::uint8_t pool, std::uint32_t block);
  std::uint16_t idOf(const char* source);
  void send(TraceSink::Part part);

  void print(const char* text);
  void printNumber(std::uint32_t number);
  void print(const char* name, const trace_format::Fields& fields);
  void endMetadataPacket();

  Setup setup_;
  TraceSink sink_;
  std::size_t used_ = 0;
  std::uint64_t begin_ = 0;
  std::uint64_t last_ = 0;
  std::uint32_t sequence_ = 0;
  std::uint32_t lost_ = 0;
  std::uint32_t events_ = 0;  // in this packet
  std::uint32_t source_count_ = 0;
  std::uint64_t named_ = 0;  // sources named in this packet, a bit each
  const char* sources_[max_sources] = {};
};

}  // namespace millpond
