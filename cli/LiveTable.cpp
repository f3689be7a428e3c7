// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/LiveTable.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace millpond::cli {

namespace {

constexpr double table_line_interval = 2;
constexpr std::size_t most_cells = 16;
constexpr std::size_t progress_width = 40;

std::string repeat(const char* text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

// A filled cell for each unit in use, an empty one for each that is free; scaled where there are many.
std::string cells(std::size_t filled, std::size_t all) {
  if (all > most_cells) {
    filled = (filled * most_cells + all - 1) / all;
    all = most_cells;
  }
  return repeat("■", filled) + repeat("□", all - filled) + std::string(most_cells - all, ' ');
}

std::string poolRow(const PoolStats& pool) {
  return fmt::format("  {:<8} {} {:>2} x {:>5} B {:>6} {:>6} {:>9} {:>8}\n", pool.name,
                     cells(pool.in_use, pool.capacity), pool.capacity, pool.block_size, pool.in_use,
                     pool.peak, pool.exhausted, pool.fallbacks);
}

std::string heapRow(const PoolStats& heap) {
  return fmt::format("  {:<8} {} {:>10} B {:>6} {:>6} {:>9} {:>8}\n", heap.name,
                     cells(heap.in_use, std::max<std::size_t>(heap.capacity, 1)), heap.capacity, heap.in_use,
                     heap.peak, heap.exhausted, "-");
}

// Returns: 0 where nobody knows how much there will be.
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

std::string bar(const Progress& progress) {
  const double share = std::clamp(doneShare(progress), 0.0, 1.0);
  const auto filled = static_cast<std::size_t>(share * progress_width);
  return fmt::format("  {}{} {:>3.0f} %  {}\n", repeat("█", filled), repeat("░", progress_width - filled),
                     share * 100, timeLeft(progress));
}

std::string chunks(const Progress& progress) {
  const char* where = progress.wire == streamer::Wire::raw ? "taken by TCP" : "on file";
  return fmt::format("{} sent, {} {}, {} samples dropped, {} connections{}", progress.uplink.sent,
                     progress.uplink.delivered, where, progress.account.dropped, progress.uplink.connections,
                     progress.uplink.connected || doneShare(progress) >= 1 ? "" : ", not connected");
}

}  // namespace

std::string tableText(const Progress& progress) {
  std::string table = fmt::format("  {:<8} {:<16} {:>12} {:>6} {:>6} {:>9} {:>8}\n", "pool", "blocks", "",
                                  "in use", "peak", "exhausted", "fallback");
  for (const PoolStats* pool : {&progress.memory.audio, &progress.memory.network, &progress.memory.general}) {
    table += poolRow(*pool);
  }
  return table + heapRow(progress.memory.heap) + fmt::format("  chunks   {}\n", chunks(progress)) +
         bar(progress);
}

std::string lineText(const Progress& progress) {
  const MemoryStats& memory = progress.memory;
  const auto pool = [](const PoolStats& stats) {
    return fmt::format("{} {}/{} (peak {})", stats.name, stats.in_use, stats.capacity, stats.peak);
  };
  return fmt::format("{:>3.0f} %  {}  {}  {}  heap {} B  chunks {}  {}\n", doneShare(progress) * 100,
                     pool(memory.audio), pool(memory.network), pool(memory.general), memory.heap.in_use,
                     chunks(progress), timeLeft(progress));
}

LiveTable::LiveTable(std::FILE* out) : out_(out), terminal_(isatty(fileno(out)) != 0) {}

void LiveTable::show(const Progress& progress, bool last) {
  if (terminal_) {
    redraw(tableText(progress));
  } else if (last || progress.seconds >= last_line_at_ + table_line_interval) {
    last_line_at_ = progress.seconds;
    fmt::print(out_, "{}", lineText(progress));
  }
  std::fflush(out_);
}

void LiveTable::redraw(const std::string& table) {
  if (lines_ > 0) fmt::print(out_, "\x1b[{}A", lines_);
  lines_ = 0;
  std::size_t start = 0;
  while (start < table.size()) {
    const std::size_t end = table.find('\n', start);
    fmt::print(out_, "\x1b[2K{}\n", table.substr(start, end - start));
    start = end + 1;
    ++lines_;
  }
}

}  // namespace millpond::cli
