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

/// The figures of a memory manager as metrics for Prometheus: the text format 0.0.4 or OpenMetrics 1.0.
///
/// - One object is one scrape. It writes into the caller's buffer, whole lines only, and allocates nothing.
/// - It takes no lock and never calls the heap. Free heap and its largest block are those that `Pressure` saw
///   last. So no allocation ever waits for a scrape, and a scrape never waits.
/// - The names of all metrics begin with `millpond_`. docs/live.md lists them.
/// - `millpond_pool_needed_blocks` is a histogram of the requests by how many blocks a pool needs to serve
///   them; `+Inf` counts those that found no block. `MemoryManager::whatIf` says when that is exact. A pool
///   of more than 32 blocks has a bucket for every 2, 4, 8 ... blocks. A pool of runs has no histogram.
///
///     SourceStats sources[16];
///     Metrics metrics(memory, &pressure, sources, Metrics::Format::text);
///     while (std::size_t bytes = metrics.write(buffer)) send(buffer, bytes);
///     if (metrics.tooSmall()) fail();
class Metrics {
 public:
  /// The format of the lines: Prometheus's text format, or OpenMetrics.
  enum class Format : std::uint8_t { text, open_metrics };

  /// Effect: reads all figures except the histograms. Sources that do not fit in `sources` are summed up as
  /// "(others)". Requires: `memory`, `pressure`, if any, and `sources` outlive it. Cost: as
  /// `MemoryManager::stats` and `statsBySource`. Context: task.
  Metrics(const MemoryManager& memory, const Pressure* pressure, std::span<SourceStats> sources,
          Format format);
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// Effect: writes the next lines, as many as fit. Returns: the bytes written; 0 if there are no more lines,
  /// or if the next one does not fit in `out` (`tooSmall`). A larger `out` then continues with it. Cost: the
  /// bytes written. Context: task.
  std::size_t write(std::span<char> out);
  /// Whether the last `write` had room for no line although there was one.
  bool tooSmall() const { return too_small_; }
  /// A line is at most this long, plus 2 bytes for each byte of the pool's or the source's name.
  static constexpr std::size_t longest_line = 192;

  /// The value of the HTTP header Content-Type.
  static const char* contentType(Format format);

 private:
  friend struct MetricsTable;
  struct Buckets {
    /// Effect: adds requests that need `blocks` blocks each. Context: task.
    void add(std::uint64_t requests, std::uint32_t blocks) {
      count += requests;
      sum += requests * blocks;
    }
    std::uint64_t count = 0;
    std::uint64_t sum = 0;
  };
  struct Family;
  enum class Part : std::uint8_t { help, type, unit, samples, end };
  // A figure that nobody tells.
  static constexpr std::uint64_t unknown = UINT64_MAX;

  std::size_t rows(const Family& family) const;
  std::uint64_t valueOf(const Family& family, std::size_t row) const;
  bool isShown(const Family& family) const;
  void writeLine(TextLine& line);
  void writeHead(TextLine& line, const Family& family, const char* what) const;
  void writeSample(TextLine& line, const Family& family) const;
  void writeBucket(TextLine& line, const Family& family);
  void advance();
  void advanceBucket();
  void seek();
  std::uint32_t bucketStep() const;

  const MemoryManager& memory_;
  std::span<SourceStats> sources_;
  MemoryStats stats_;
  std::uint64_t releases_ = 0;
  std::uint64_t reacquires_ = 0;
  std::uint64_t level_ = unknown;
  std::uint64_t free_heap_ = unknown;
  std::uint64_t largest_block_ = unknown;
  // What comes next, and of a histogram its buckets so far, and with that which was last written.
  Buckets read_;
  Buckets reading_;
  std::uint32_t family_ = 0;
  std::uint32_t row_ = 0;
  std::uint32_t bucket_ = 0;
  Part part_ = Part::help;
  Format format_;
  bool too_small_ = false;
};

}  // namespace millpond
