// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/show/TableText.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "cli/show/Line.h"
#include "cli/show/MemoryReport.h"

namespace millpond::cli {

namespace {

constexpr std::size_t wide_columns = 75;
constexpr std::size_t least_columns = 40;
constexpr std::size_t least_rows = 4;
constexpr std::size_t least_name = 8;
constexpr std::size_t wide_cells = 16;
constexpr std::size_t narrow_cells = 8;
constexpr std::size_t widest_bar = 40;
constexpr std::size_t beside_bar = 24;

/// A line of the table. The least important has the highest rank.
struct TableRow {
  int rank;
  Line line;
};

// A filled cell per unit in use, an empty one per free unit; scaled if there are many.
std::string cells(std::size_t filled, std::size_t all, std::size_t room) {
  if (all > room) {
    filled = (filled * room + all - 1) / all;
    all = room;
  }
  return repeat("■", filled) + repeat("□", all - filled) + std::string(room - all, ' ');
}

// How wide the table is, and the names in it.
struct Layout {
  Layout(const std::vector<PoolStats>& pools, std::size_t columns) : wide(columns >= wide_columns) {
    for (const PoolStats& pool : pools) names = std::max(names, std::string_view(pool.name).size());
    names = std::min(names, least_name + columns - (wide ? wide_columns : least_columns));
  }
  std::string name(const char* name) const { return fmt::format("{0:<{1}.{1}}", name, names); }

  bool wide;
  std::size_t names = least_name;
};

Line poolLine(const PoolStats& pool, const Layout& layout) {
  Line line;
  if (layout.wide) {
    line.add(fmt::format("  {} {} {:>2} x {:>5} B {:>6} {:>6} ", layout.name(pool.name),
                         cells(pool.in_use, pool.capacity, wide_cells), pool.capacity, pool.block_size,
                         pool.in_use, pool.peak));
    line.add(fmt::format("{:>9}", pool.exhausted), pool.exhausted > 0);
    return line.add(fmt::format(" {:>8}", pool.fallbacks), pool.fallbacks > 0);
  }
  line.add(fmt::format("  {} {} {:>3}/{:<3} peak {:<3}", layout.name(pool.name),
                       cells(pool.in_use, pool.capacity, narrow_cells), pool.in_use, pool.capacity,
                       pool.peak));
  return pool.exhausted > 0 ? line.add(fmt::format(" !{}", pool.exhausted), true) : line;
}

Line heapLine(const PoolStats& heap, const Layout& layout) {
  Line line;
  const std::size_t capacity = std::max<std::size_t>(heap.capacity, 1);
  if (!layout.wide) {
    return line
        .add(fmt::format("  {} {} ", layout.name(heap.name), cells(heap.in_use, capacity, narrow_cells)))
        .add(fmt::format("{} B, peak {} B", heap.in_use, heap.peak), heap.in_use > 0);
  }
  line.add(fmt::format("  {} {} {:>10} B ", layout.name(heap.name), cells(heap.in_use, capacity, wide_cells),
                       heap.capacity));
  line.add(fmt::format("{:>6} {:>6} ", heap.in_use, heap.peak), heap.in_use > 0);
  return line.add(fmt::format("{:>9}", heap.exhausted), heap.exhausted > 0).add(fmt::format(" {:>8}", "-"));
}

std::string heldBy(const Progress& progress) {
  std::string text;
  for (const Progress::Holder& holder : progress.general) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", holder.source, holder.granules);
  }
  return text.empty() ? "nobody" : text;
}

Line pressureLine(const Progress& progress) {
  return Line()
      .add("  pressure ")
      .add(levelName(progress.pressure), progress.pressure != PressureLevel::normal)
      .add("; general: " + heldBy(progress));
}

std::size_t kibibytes(std::size_t bytes) { return (bytes + 512) / 1024; }

std::string squeezeText(const Progress::Squeeze& squeeze) {
  return fmt::format("{} KiB stressor, {} KiB free, {} KiB at a piece", kibibytes(squeeze.stressor),
                     kibibytes(squeeze.free), kibibytes(squeeze.largest_free));
}

// The shares of the stressor and of the device, and what is free.
Line squeezeLine(const Progress::Squeeze& squeeze, bool wide) {
  Line line;
  line.add("  device   ");
  if (wide) {
    const auto share = [&](std::size_t bytes) {
      return std::min(bytes, squeeze.all) * wide_cells / squeeze.all;
    };
    const std::size_t free = share(squeeze.free);
    const std::size_t stressor = std::min(share(squeeze.stressor), wide_cells - free);
    line.add(repeat("▒", stressor) + repeat("■", wide_cells - free - stressor) + repeat("□", free) + " ");
  }
  return line.add(squeezeText(squeeze));
}

// Returns: 0 if the total is unknown.
double doneShare(const Progress& progress) {
  const auto& account = progress.account;
  const std::uint64_t done = account.delivered + account.dropped;
  if (!progress.total_samples) return 0;
  return static_cast<double>(done) / static_cast<double>(*progress.total_samples);
}

std::string timeLeft(const Progress& progress) {
  const double share = doneShare(progress);
  if (share >= 1 || !progress.total_samples) return fmt::format("{:.1f} s", progress.seconds);
  if (share <= 0) return "waiting";
  return fmt::format("{:.0f} s left", progress.seconds * (1 - share) / share);
}

std::string bar(const Progress& progress, std::size_t room) {
  if (!progress.total_samples) return "  " + timeLeft(progress);
  const double share = std::clamp(doneShare(progress), 0.0, 1.0);
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(room));
  return fmt::format("  {}{} {:>3.0f} %  {}", repeat("█", filled), repeat("░", room - filled), share * 100,
                     timeLeft(progress));
}

bool unconnected(const Progress& progress) {
  return !progress.uplink.connected && !progress.complete && doneShare(progress) < 1;
}

std::string delivered(const Progress& progress) {
  return fmt::format("{} {}", progress.uplink.delivered,
                     progress.wire == streamer::Wire::raw ? "taken by TCP" : "on file");
}

Line chunksLine(const Progress& progress, bool wide) {
  Line line;
  line.add("  chunks   ");
  if (unconnected(progress)) line.add("not connected", true).add(", ");
  line.add(fmt::format("{} sent, {}, ", progress.uplink.sent, delivered(progress)));
  line.add(fmt::format("{}{} dropped", progress.account.dropped, wide ? " samples" : ""),
           progress.account.dropped > 0);
  return wide ? line.add(fmt::format(", {} connections", progress.uplink.connections)) : line;
}

std::vector<TableRow> rowsOf(const Progress& progress, const Terminal& terminal) {
  const std::vector<PoolStats> pools = poolsOf(progress.memory);
  const Layout layout(pools, terminal.columns);
  std::vector<TableRow> rows;
  if (layout.wide) {
    rows.push_back(
        {6, Line().add(fmt::format("  {} {:<16} {:>12} {:>6} {:>6} {:>9} {:>8}", layout.name("pool"),
                                   "blocks", "", "in use", "peak", "exhausted", "fallback"))});
  }
  for (const PoolStats& pool : pools) rows.push_back({2, poolLine(pool, layout)});
  rows.push_back({5, heapLine(progress.memory.heap, layout)});
  if (progress.squeeze) rows.push_back({4, squeezeLine(*progress.squeeze, layout.wide)});
  rows.push_back({3, pressureLine(progress)});
  rows.push_back({1, chunksLine(progress, layout.wide)});
  rows.push_back({0, Line().add(bar(progress, std::min(widest_bar, terminal.columns - beside_bar)))});
  return rows;
}

}  // namespace

std::string tableText(const Progress& progress, const Terminal& terminal) {
  if (terminal.columns < least_columns || terminal.rows < least_rows) {
    return shortText(progress, terminal.columns - 1, terminal.colours) + "\n";
  }
  std::vector<TableRow> rows = rowsOf(progress, terminal);
  while (rows.size() >= terminal.rows) {  // the cursor needs a row too
    rows.erase(std::ranges::max_element(rows, {}, &TableRow::rank));
  }
  std::string table;
  for (const TableRow& row : rows) table += row.line.text(terminal.columns - 1, terminal.colours) + "\n";
  return table;
}

std::string shortText(const Progress& progress, std::size_t columns, bool colours) {
  Line line;
  if (progress.total_samples) line.add(fmt::format("{:.0f} % ", doneShare(progress) * 100));
  line.add(timeLeft(progress));
  if (unconnected(progress)) line.add(", ").add("not connected", true);
  line.add(", " + delivered(progress));
  if (progress.account.dropped > 0)
    line.add(", ").add(fmt::format("{} dropped", progress.account.dropped), true);
  if (progress.pressure != PressureLevel::normal) {
    line.add(", ").add(std::string("pressure ") + levelName(progress.pressure), true);
  }
  for (const PoolStats& pool : poolsOf(progress.memory)) {
    line.add(fmt::format(", {} {}/{}", pool.name, pool.in_use, pool.capacity), pool.exhausted > 0);
  }
  return line.text(columns, colours);
}

std::string lineText(const Progress& progress) {
  std::string pools;
  for (const PoolStats& pool : poolsOf(progress.memory)) {
    pools += fmt::format("{} {}/{} (peak {})  ", pool.name, pool.in_use, pool.capacity, pool.peak);
  }
  return fmt::format("{:>3.0f} %  {}general by {}  heap {} B  pressure {}  {}{}  {}\n",
                     doneShare(progress) * 100, pools, heldBy(progress), progress.memory.heap.in_use,
                     levelName(progress.pressure),
                     progress.squeeze ? squeezeText(*progress.squeeze) + "  " : "",
                     chunksLine(progress, true).text(SIZE_MAX, false).substr(2), timeLeft(progress));
}

}  // namespace millpond::cli
