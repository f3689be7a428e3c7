// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/show/Terminal.h"

namespace millpond::cli {

/// A device's memory at one instant, as its /memory.json has it.
struct MemoryView {
  struct Pool {
    std::string name;
    std::uint64_t block_size = 0, capacity = 0, in_use = 0, peak = 0, exhausted = 0, fallbacks = 0;
  };
  struct Block {
    std::string pool, source;
    std::uint64_t index = 0, granted = 0, age_ms = 0;
  };

  std::string device, boot, version, level;  // empty: it has none
  double seconds = 0;
  std::vector<Pool> pools;  // the heap is the last
  std::vector<Block> blocks;
  std::optional<std::uint64_t> free, largest;

  /// Returns: what `text` says. Throws: `Error` that says which part is wrong; of another version of Millpond
  /// it says so.
  static MemoryView parse(const std::string& text);
};

/// What a device's sources held at the instants seen so far, for leaks: at most `most` of them, in which the
/// least of two remain when they are thinned.
class HeldHistory {
 public:
  static constexpr std::size_t most = 1200;

  /// Effect: adds an instant. Forgets all of another boot.
  void add(const MemoryView& view);
  /// Whether the least that `source` held in each quarter never fell, and rose.
  bool grows(const std::string& source) const;
  std::size_t size() const { return rows_.size(); }
  /// What the largest hole was at the first instant, if it is known.
  std::optional<std::uint64_t> firstLargest() const { return first_largest_; }

 private:
  using Row = std::map<std::string, std::uint64_t>;
  void thin();

  std::string boot_;
  std::deque<Row> rows_;
  std::optional<std::uint64_t> first_largest_;
  std::uint32_t step_ = 1;    // instants a row
  std::uint32_t in_row_ = 0;  // of the last one
};

/// Returns: a picture of the memory in lines that fit `terminal`: the pools as cells, each with the letter of
/// the source that holds it; bytes by source, with what is old and grows marked as a leak; pressure and the
/// largest hole. `note`, unless empty, is the last line.
std::string topText(const MemoryView& view, const HeldHistory& history, const std::string& where,
                    const std::string& note, const Terminal& terminal);

}  // namespace millpond::cli
