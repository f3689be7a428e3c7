// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/Metrics.h"

#include "millpond/Version.h"
#include "millpond/watch/TextLine.h"

namespace millpond {

namespace {

constexpr std::uint32_t most_buckets = 32;

}  // namespace

// Metrics of one name, all with the same label.
struct Metrics::Family {  // NOLINT(clang-analyzer-optin.performance.Padding): in the table's order
  enum class Kind : std::uint8_t { gauge, counter, histogram, info };
  enum class Of : std::uint8_t { manager, pool, source };

  const char* name;
  const char* help;
  const char* unit;  // "" if there is none
  Of of;
  Kind kind;
  std::uint64_t (*value)(const Metrics& metrics, std::size_t row);
  std::uint8_t decimals = 0;
};

// The one table from which both formats come.
struct MetricsTable {
  using Family = Metrics::Family;
  using Kind = Family::Kind;
  using Of = Family::Of;

  template <auto member>
  static std::uint64_t ofPool(const Metrics& metrics, std::size_t row) {
    return metrics.stats_.pool(poolIdOf(row)).*member;
  }
  template <auto member>
  static std::uint64_t ofHeap(const Metrics& metrics, std::size_t) {
    return metrics.stats_.heap.*member;
  }
  template <auto member>
  static std::uint64_t ofManager(const Metrics& metrics, std::size_t) {
    return metrics.stats_.*member;
  }
  template <auto member>
  static std::uint64_t ofSource(const Metrics& metrics, std::size_t row) {
    return metrics.sources_[row].*member;
  }
  template <auto member>
  static std::uint64_t ofPressure(const Metrics& metrics, std::size_t) {
    return metrics.level_ == Metrics::unknown ? Metrics::unknown : metrics.*member;
  }
  static std::uint64_t one(const Metrics&, std::size_t) { return 1; }
  static std::uint64_t waste(const Metrics& metrics, std::size_t row) {
    const PoolStats& pool = metrics.stats_.pool(poolIdOf(row));
    return pool.bytes_granted - pool.bytes_requested;
  }
  static WhatIf::Basis basis(const Metrics& metrics, std::size_t row) {
    return metrics.memory_.whatIf(poolIdOf(row), metrics.stats_.pool(poolIdOf(row)).capacity).basis;
  }
  // A run needs more than the granule where it begins, so for a pool of runs there is no histogram.
  static std::uint64_t hasNeeds(const Metrics& metrics, std::size_t row) {
    return basis(metrics, row) == WhatIf::Basis::runs ? Metrics::unknown : 1;
  }
  static std::uint64_t isExact(const Metrics& metrics, std::size_t row) {
    if (hasNeeds(metrics, row) == Metrics::unknown) return Metrics::unknown;
    return basis(metrics, row) == WhatIf::Basis::exact ? 1 : 0;
  }

  static constexpr Family all[] = {
      {"millpond_build", "The library's version.", "", Of::manager, Kind::info, one},

      {"millpond_pool_blocks", "Blocks in the pool; granules where requests take runs of them.", "", Of::pool,
       Kind::gauge, ofPool<&PoolStats::capacity>},
      {"millpond_pool_block_size_bytes", "Bytes of a block.", "bytes", Of::pool, Kind::gauge,
       ofPool<&PoolStats::block_size>},
      {"millpond_pool_blocks_in_use", "Blocks held.", "", Of::pool, Kind::gauge, ofPool<&PoolStats::in_use>},
      {"millpond_pool_blocks_peak", "The most blocks held at once.", "", Of::pool, Kind::gauge,
       ofPool<&PoolStats::peak>},
      {"millpond_pool_waiting", "Requests that wait for a block.", "", Of::pool, Kind::gauge,
       ofPool<&PoolStats::waiting>},
      {"millpond_pool_released", "1 while the pool has no memory.", "", Of::pool, Kind::gauge,
       ofPool<&PoolStats::released>},
      {"millpond_pool_waste_bytes", "Bytes of held blocks that nobody asked for.", "bytes", Of::pool,
       Kind::gauge, waste},
      {"millpond_pool_allocations", "Requests that the pool served.", "", Of::pool, Kind::counter,
       ofPool<&PoolStats::allocations>},
      {"millpond_pool_exhausted", "Requests that would fit but found no free block.", "", Of::pool,
       Kind::counter, ofPool<&PoolStats::exhausted>},
      {"millpond_pool_oversize", "Requests larger than the pool can serve.", "", Of::pool, Kind::counter,
       ofPool<&PoolStats::oversize>},
      {"millpond_pool_fallbacks", "Requests to the pool that the heap served.", "", Of::pool, Kind::counter,
       ofPool<&PoolStats::fallbacks>},
      {"millpond_pool_refused_frees", "Frees refused: double or of no block's start.", "", Of::pool,
       Kind::counter, ofPool<&PoolStats::rejected>},
      {"millpond_pool_needed_blocks", "Requests by the blocks that the pool needs to serve them.", "",
       Of::pool, Kind::histogram, hasNeeds},
      {"millpond_pool_needed_blocks_exact", "1 if needed_blocks is exact for this pool.", "", Of::pool,
       Kind::gauge, isExact},

      {"millpond_fallback_bytes", "Bytes held from the heap.", "bytes", Of::manager, Kind::gauge,
       ofHeap<&PoolStats::in_use>},
      {"millpond_fallback_limit_bytes", "The most bytes that may be held from the heap.", "bytes",
       Of::manager, Kind::gauge, ofHeap<&PoolStats::capacity>},
      {"millpond_fallback_peak_bytes", "The most bytes held from the heap at once.", "bytes", Of::manager,
       Kind::gauge, ofHeap<&PoolStats::peak>},
      {"millpond_fallback_refused", "Requests that the heap could not serve either.", "", Of::manager,
       Kind::counter, ofHeap<&PoolStats::exhausted>},
      {"millpond_fallback_refused_frees", "Frees refused: of a foreign pointer.", "", Of::manager,
       Kind::counter, ofHeap<&PoolStats::rejected>},

      {"millpond_source_bytes", "Bytes of the blocks that the source holds.", "bytes", Of::source,
       Kind::gauge, ofSource<&SourceStats::bytes_granted>},
      {"millpond_source_blocks", "Blocks that the source holds.", "", Of::source, Kind::gauge,
       ofSource<&SourceStats::blocks>},
      {"millpond_source_oldest_seconds", "Age of the block that the source has held longest.", "seconds",
       Of::source, Kind::gauge, ofSource<&SourceStats::oldest_ms>, 3},

      {"millpond_heap_free_bytes", "Free bytes of the heap.", "bytes", Of::manager, Kind::gauge,
       ofPressure<&Metrics::free_heap_>},
      {"millpond_heap_largest_free_block_bytes", "The heap's largest free block.", "bytes", Of::manager,
       Kind::gauge, ofPressure<&Metrics::largest_block_>},
      {"millpond_pressure_level", "How short memory is: 0 normal, 1 warning, 2 critical.", "", Of::manager,
       Kind::gauge, ofPressure<&Metrics::level_>},
      {"millpond_pressure_releases", "Pools whose memory went back to the heap.", "", Of::manager,
       Kind::counter, ofPressure<&Metrics::releases_>},
      {"millpond_pressure_reacquires", "Pools that took memory from the heap again.", "", Of::manager,
       Kind::counter, ofPressure<&Metrics::reacquires_>},
      {"millpond_static_bytes", "Bytes of the registered static buffers.", "bytes", Of::manager, Kind::gauge,
       ofManager<&MemoryStats::static_bytes>},
      {"millpond_invalid_requests", "Requests of size 0, or of no pool.", "", Of::manager, Kind::counter,
       ofManager<&MemoryStats::invalid_requests>},
      {"millpond_guard_violations", "Blocks found overwritten.", "", Of::manager, Kind::counter,
       ofManager<&MemoryStats::guard_violations>},
  };
};

namespace {

constexpr std::span families(MetricsTable::all);

// What a format puts behind a family's name: in its head, and in a sample.
const char* headSuffix(MetricsTable::Kind kind, Metrics::Format format) {
  if (format == Metrics::Format::open_metrics) return "";
  if (kind == MetricsTable::Kind::counter) return "_total";
  return kind == MetricsTable::Kind::info ? "_info" : "";
}

const char* typeName(MetricsTable::Kind kind, Metrics::Format format) {
  switch (kind) {
    case MetricsTable::Kind::counter:
      return "counter";
    case MetricsTable::Kind::histogram:
      return "histogram";
    case MetricsTable::Kind::info:
      return format == Metrics::Format::open_metrics ? "info" : "gauge";
    case MetricsTable::Kind::gauge:
      break;
  }
  return "gauge";
}

}  // namespace

const char* Metrics::contentType(Format format) {
  return format == Format::open_metrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                        : "text/plain; version=0.0.4; charset=utf-8";
}

Metrics::Metrics(const MemoryManager& memory, const Pressure* pressure, std::span<SourceStats> sources,
                 Format format)
    : memory_(memory),
      sources_(sources.first(memory.statsBySource(sources))),
      stats_(memory.stats()),
      format_(format) {
  if (pressure != nullptr) {
    level_ = static_cast<std::uint64_t>(pressure->level());
    const auto known = [](std::size_t bytes) { return bytes != SIZE_MAX ? bytes : unknown; };
    free_heap_ = known(pressure->freeHeap());
    largest_block_ = known(pressure->largestBlock());
    releases_ = pressure->releases();
    reacquires_ = pressure->reacquires();
  }
  seek();
}

std::size_t Metrics::write(std::span<char> out) {
  std::size_t written = 0;
  too_small_ = false;
  while (part_ != Part::end) {
    TextLine line(out.subspan(written));
    writeLine(line);
    line.text("\n");
    if (!line.fits()) {
      too_small_ = written == 0;
      break;
    }
    written += line.size();
    advance();
  }
  return written;
}

std::size_t Metrics::rows(const Family& family) const {
  if (family.of == Family::Of::pool) return stats_.pools;
  return family.of == Family::Of::source ? sources_.size() : 1;
}

// A pool without blocks has no metrics.
std::uint64_t Metrics::valueOf(const Family& family, std::size_t row) const {
  if (family.of == Family::Of::pool && stats_.pool(poolIdOf(row)).capacity == 0) return unknown;
  return family.value(*this, row);
}

bool Metrics::isShown(const Family& family) const {
  for (std::size_t row = 0; row < rows(family); ++row) {
    if (valueOf(family, row) != unknown) return true;
  }
  return false;
}

void Metrics::writeLine(TextLine& line) {
  if (family_ == families.size()) {
    line.text("# EOF");
    return;
  }
  const Family& family = families[family_];
  switch (part_) {
    case Part::help:
      writeHead(line, family, "# HELP ");
      line.text(family.help);
      break;
    case Part::type:
      writeHead(line, family, "# TYPE ");
      line.text(typeName(family.kind, format_));
      break;
    case Part::unit:
      writeHead(line, family, "# UNIT ");
      line.text(family.unit);
      break;
    default:
      family.kind == Family::Kind::histogram ? writeBucket(line, family) : writeSample(line, family);
  }
}

void Metrics::writeHead(TextLine& line, const Family& family, const char* what) const {
  line.text(what).text(family.name).text(headSuffix(family.kind, format_)).text(" ");
}

void Metrics::writeSample(TextLine& line, const Family& family) const {
  line.text(family.name);
  if (family.kind == Family::Kind::counter) line.text("_total");
  if (family.kind == Family::Kind::info) line.text("_info").label("version", MILLPOND_VERSION).text("}");
  if (family.of == Family::Of::pool) line.label("pool", memory_.nameOf(poolIdOf(row_))).text("}");
  if (family.of == Family::Of::source) line.label("source", sources_[row_].source).text("}");
  line.text(" ").number(valueOf(family, row_), family.decimals);
}

// Blocks for each bucket: a power of two.
std::uint32_t Metrics::bucketStep() const {
  std::uint32_t step = 1;
  while (stats_.pool(poolIdOf(row_)).capacity > std::size_t{most_buckets} * step) step *= 2;
  return step;
}

// Each block's counter is read once, so that no bucket is below the one before it. After the buckets, the
// last of which has every block, come that of the requests which found no block, their count, and the sum, in
// which those need one block more than there are.
void Metrics::writeBucket(TextLine& line, const Family& family) {
  const PoolId pool = poolIdOf(row_);
  const char* name = memory_.nameOf(pool);
  const auto capacity = static_cast<std::uint32_t>(stats_.pool(pool).capacity);
  const std::uint32_t step = bucketStep();
  const std::uint32_t first = bucket_ * step;
  reading_ = read_;
  line.text(family.name);
  if (first >= capacity + std::size_t{2} * step) {
    line.text("_sum").label("pool", name).text("} ").number(read_.sum);
    return;
  }
  if (first < capacity) {
    const std::uint32_t end = first + step < capacity ? first + step : capacity;
    std::uint64_t served = 0;
    for (std::uint32_t index = first; index < end; ++index) served += memory_.servedBy(pool, index);
    reading_.add(served, end);
    line.text("_bucket").label("pool", name).text(",le=\"").number(end).text(".0\"} ");
  } else if (first < capacity + step) {
    reading_.add(memory_.whatIf(pool, capacity).refused, capacity + 1);
    line.text("_bucket").label("pool", name).text(",le=\"+Inf\"} ");
  } else {
    line.text("_count").label("pool", name).text("} ");
  }
  line.number(reading_.count);
}

void Metrics::advance() {
  if (family_ == families.size()) {
    part_ = Part::end;
    return;
  }
  const Family& family = families[family_];
  if (part_ == Part::help) {
    part_ = Part::type;
  } else if (part_ == Part::type && format_ == Format::open_metrics && family.unit[0] != '\0') {
    part_ = Part::unit;
  } else if (part_ != Part::samples) {
    part_ = Part::samples;
  } else if (family.kind == Family::Kind::histogram) {
    advanceBucket();
  } else {
    ++row_;
  }
  seek();
}

void Metrics::advanceBucket() {
  read_ = reading_;
  const std::uint32_t step = bucketStep();
  if (std::size_t{bucket_} * step < stats_.pool(poolIdOf(row_)).capacity + std::size_t{2} * step) {
    ++bucket_;
    return;
  }
  ++row_;
  bucket_ = 0;
  read_ = {};
}

// Skips what there is no value of.
void Metrics::seek() {
  for (; family_ < families.size(); ++family_, row_ = 0, part_ = Part::help) {
    const Family& family = families[family_];
    if (part_ == Part::help && isShown(family)) return;
    if (part_ == Part::help) continue;
    if (part_ != Part::samples) return;
    for (; row_ < rows(family); ++row_) {
      if (valueOf(family, row_) != unknown) return;
    }
  }
  if (format_ == Format::text) part_ = Part::end;
}

}  // namespace millpond
