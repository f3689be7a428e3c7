// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/show/TopText.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/show/Error.h"
#include "cli/show/Line.h"
#include "millpond/Version.h"

namespace millpond::cli {

namespace {

constexpr std::size_t name_columns = 9;
constexpr std::size_t longest_bar = 30;
constexpr std::uint64_t old_ms = 30'000;

struct Held {
  std::string source;
  char letter = '?';
  std::uint64_t bytes = 0, blocks = 0, oldest_ms = 0;
  bool leaks = false;
};

std::optional<std::uint64_t> bytesOrNone(const nlohmann::json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<std::uint64_t>());
}

std::string textOrEmpty(const nlohmann::json& json) { return json.is_null() ? "" : json.get<std::string>(); }

MemoryView viewIn(const nlohmann::json& json) {
  MemoryView view;
  view.device = printable(textOrEmpty(json.at("device")));
  view.boot = textOrEmpty(json.at("boot"));
  view.seconds = json.at("seconds").get<double>();
  view.level = printable(textOrEmpty(json.at("pressure").at("level")));
  view.free = bytesOrNone(json.at("heap").at("free"));
  view.largest = bytesOrNone(json.at("heap").at("largest"));
  const auto number = [](const nlohmann::json& of, const char* name) {
    return of.at(name).get<std::uint64_t>();
  };
  for (const nlohmann::json& pool : json.at("pools")) {
    view.pools.push_back({printable(pool.at("name").get<std::string>()), number(pool, "block_size"),
                          number(pool, "capacity"), number(pool, "in_use"), number(pool, "peak"),
                          number(pool, "exhausted"), number(pool, "fallbacks")});
  }
  for (const nlohmann::json& block : json.at("blocks")) {
    view.blocks.push_back({printable(block.at("pool").get<std::string>()),
                           printable(block.at("source").get<std::string>()), number(block, "index"),
                           number(block, "granted"), number(block, "age_ms")});
  }
  return view;
}

std::string ageText(std::uint64_t ms) {
  const std::uint64_t seconds = ms / 1000;
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 7200) return fmt::format("{} min", seconds / 60);
  return seconds < 172800 ? fmt::format("{} h", seconds / 3600) : fmt::format("{} days", seconds / 86400);
}

std::string bytesText(std::optional<std::uint64_t> bytes) {
  return bytes ? fmt::format("{} B", *bytes) : "not known";
}

// Each source with a letter of its own, of its name if that is free; the most bytes first.
std::vector<Held> heldIn(const MemoryView& view, const HeldHistory& history) {
  std::map<std::string, Held> by_name;
  for (const MemoryView::Block& block : view.blocks) {
    Held& held = by_name[block.source];
    held.source = block.source;
    held.bytes += block.granted;
    ++held.blocks;
    held.oldest_ms = std::max(held.oldest_ms, block.age_ms);
  }
  std::string taken;
  std::vector<Held> all;
  for (auto& [name, held] : by_name) {
    const std::string wanted = name + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    const auto is_free = [&](char c) {
      return c > ' ' && c < 0x7f && c != '-' && taken.find(c) == std::string::npos;
    };
    if (const auto free = std::ranges::find_if(wanted, is_free); free != wanted.end()) held.letter = *free;
    taken += held.letter;
    held.leaks = held.oldest_ms > old_ms && history.grows(name);
    all.push_back(held);
  }
  std::ranges::stable_sort(all, std::greater<>(), &Held::bytes);
  return all;
}

// A letter for each block that is held. A block of a pool of runs covers all of its granules.
std::string cellsOf(const MemoryView& view, const MemoryView::Pool& pool, const std::vector<Held>& sources) {
  std::string cells(pool.capacity, '.');
  for (const MemoryView::Block& block : view.blocks) {
    if (block.pool != pool.name) continue;
    const auto held = std::ranges::find(sources, block.source, &Held::source);
    const std::uint64_t granules =
        std::max<std::uint64_t>(1, block.granted / std::max<std::uint64_t>(1, pool.block_size));
    for (std::uint64_t at = block.index; at < block.index + granules && at < cells.size(); ++at) {
      cells[at] = held != sources.end() ? held->letter : '?';
    }
  }
  return cells;
}

// The rows of one pool: its figures on the first.
void addPool(std::vector<Line>& lines, const MemoryView& view, const MemoryView::Pool& pool,
             const std::vector<Held>& sources, std::size_t columns) {
  constexpr std::size_t beside = name_columns + 53;
  const std::size_t room = std::max<std::size_t>(16, columns > beside ? columns - beside : 0);
  const std::string cells = cellsOf(view, pool, sources);
  for (std::size_t at = 0; at == 0 || at < cells.size(); at += room) {
    Line& line = lines.emplace_back();
    line.add(fmt::format("{:<{}.{}} {:<{}}", at == 0 ? pool.name : "", name_columns, name_columns,
                         cells.substr(at, room), room));
    if (at != 0) continue;
    line.add(fmt::format(" {:>4} of {:<4} x {:>5} B, peak {}", pool.in_use, pool.capacity, pool.block_size,
                         pool.peak));
    if (pool.exhausted > 0) line.add(fmt::format(", exhausted {}", pool.exhausted), true);
  }
}

void addHeap(std::vector<Line>& lines, const MemoryView& view, const HeldHistory& history) {
  const MemoryView::Pool& heap = view.pools.back();
  Line& fallback = lines.emplace_back();
  fallback.add(fmt::format("{:<{}} ", "fallback", name_columns));
  fallback.add(fmt::format("{} B", heap.in_use), heap.in_use > 0);
  fallback.add(fmt::format(" of {} B, peak {} B", heap.capacity, heap.peak));
  if (heap.exhausted > 0) fallback.add(fmt::format(", refused {}", heap.exhausted), true);
  Line& line = lines.emplace_back();
  line.add(fmt::format("{:<{}} {} free, largest hole {}", "heap", name_columns, bytesText(view.free),
                       bytesText(view.largest)));
  if (const auto first = history.firstLargest(); first && view.largest && *first > *view.largest) {
    line.add(fmt::format(", {} B less than at first", *first - *view.largest), *view.largest < 16717);
  }
}

void addSources(std::vector<Line>& lines, const std::vector<Held>& sources, std::size_t room,
                std::size_t columns) {
  lines.emplace_back().add(fmt::format("  {:<20} {:>10} {:>7} {:>9}", "source", "bytes", "blocks", "oldest"));
  const std::size_t shown = sources.size() <= room ? sources.size() : std::max<std::size_t>(1, room) - 1;
  constexpr std::size_t beside = 52;
  const std::size_t bar = columns > beside ? std::min(longest_bar, columns - beside - 8) : 0;
  for (std::size_t at = 0; at < shown; ++at) {
    const Held& held = sources[at];
    Line& line = lines.emplace_back();
    line.add(fmt::format("{} {:<20.20} {:>10} {:>7} {:>9} ", held.letter, held.source, held.bytes,
                         held.blocks, ageText(held.oldest_ms)));
    if (held.leaks) line.add("LEAK? ", true);
    line.add(repeat("█", sources.front().bytes > 0 ? bar * held.bytes / sources.front().bytes : 0));
  }
  if (shown < sources.size()) lines.emplace_back().add(fmt::format("  and {} more", sources.size() - shown));
  if (sources.empty()) lines.emplace_back().add("  nobody holds a block");
}

}  // namespace

MemoryView MemoryView::parse(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_discarded() || !json.is_object() || !json.contains("pools")) {
    throw Error("what it answers is no memory of a Millpond");
  }
  std::string version;
  if (const auto given = json.find("version"); given != json.end() && given->is_string()) {
    version = given->get<std::string>();
  }
  try {
    MemoryView view = viewIn(json);
    if (view.pools.empty()) throw Error("it has no pools");
    constexpr std::uint64_t most = 4096;
    for (const Pool& pool : view.pools) {
      if (&pool != &view.pools.back() && pool.capacity > most)
        throw Error("pool " + pool.name + " is too large");
    }
    view.version = version;
    return view;
  } catch (const nlohmann::json::exception& error) {
    if (version != MILLPOND_VERSION && !version.empty()) {
      throw Error(fmt::format("it is version {} and this command version " MILLPOND_VERSION
                              ": use the command of its version",
                              printable(version)));
    }
    throw Error(fmt::format("its memory cannot be read: {}", error.what()));
  }
}

void HeldHistory::add(const MemoryView& view) {
  if (view.boot != boot_) *this = {};
  boot_ = view.boot;
  if (!first_largest_) first_largest_ = view.largest;
  Row row;
  for (const MemoryView::Block& block : view.blocks) row[block.source] += block.granted;
  if (in_row_ != 0) {
    Row& last = rows_.back();
    std::erase_if(last, [&](const auto& had) { return !row.contains(had.first); });
    for (auto& [source, bytes] : last) bytes = std::min(bytes, row[source]);
  } else {
    rows_.push_back(std::move(row));
  }
  in_row_ = (in_row_ + 1) % step_;
  if (rows_.size() > most && in_row_ == 0) thin();
}

void HeldHistory::thin() {
  std::deque<Row> half;
  for (std::size_t at = 0; at + 1 < rows_.size(); at += 2) {
    Row& row = half.emplace_back();
    for (const auto& [source, bytes] : rows_[at]) {
      if (const auto next = rows_[at + 1].find(source); next != rows_[at + 1].end()) {
        row[source] = std::min(bytes, next->second);
      }
    }
  }
  rows_ = std::move(half);
  step_ *= 2;
}

bool HeldHistory::grows(const std::string& source) const {
  constexpr std::size_t quarters = 4;
  constexpr std::size_t enough_rows = 20;
  if (rows_.size() < enough_rows) return false;
  std::vector<std::uint64_t> least(quarters, UINT64_MAX);
  for (std::size_t at = 0; at < rows_.size(); ++at) {
    const auto held = rows_[at].find(source);
    std::uint64_t& quarter = least[at * quarters / rows_.size()];
    quarter = std::min(quarter, held != rows_[at].end() ? held->second : 0);
  }
  return std::ranges::is_sorted(least) && least.front() < least.back();
}

std::string topText(const MemoryView& view, const HeldHistory& history, const std::string& where,
                    const std::string& note, const Terminal& terminal) {
  const std::vector<Held> sources = heldIn(view, history);
  std::vector<Line> lines;
  lines.emplace_back()
      .add(fmt::format("{} at {}, up {}, pressure ", view.device.empty() ? "a device" : view.device, where,
                       ageText(static_cast<std::uint64_t>(std::clamp(view.seconds, 0.0, 1e15) * 1000))))
      .add(view.level.empty() ? "not watched" : view.level, view.level != "normal" && !view.level.empty());
  lines.emplace_back();
  for (std::size_t row = 0; row + 1 < view.pools.size(); ++row) {
    if (view.pools[row].capacity != 0) addPool(lines, view, view.pools[row], sources, terminal.columns);
  }
  addHeap(lines, view, history);
  lines.emplace_back();
  const std::size_t used = lines.size() + 1 + (note.empty() ? 0 : 1) + 1;  // the cursor's line
  addSources(lines, sources, terminal.rows > used ? terminal.rows - used : 1, terminal.columns);
  if (!note.empty()) lines.emplace_back().add(note, true);
  std::string text;
  const std::size_t rows = std::max<std::size_t>(terminal.rows, 2) - 1;
  for (std::size_t at = 0; at < std::min(lines.size(), rows); ++at) {
    text += lines[at].text(terminal.columns, terminal.colours) + "\n";
  }
  return text;
}

}  // namespace millpond::cli
