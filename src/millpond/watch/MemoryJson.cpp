// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/MemoryJson.h"

#include "millpond/Version.h"
#include "millpond/watch/TextLine.h"

namespace millpond {

namespace {

void writeBytes(TextLine& piece, std::size_t bytes) {
  bytes != SIZE_MAX ? piece.number(bytes) : piece.text("null");
}

}  // namespace

const char* MemoryJson::whyNotExact(WhatIf::Basis basis) {
  switch (basis) {
    case WhatIf::Basis::exact:
      return "";
    case WhatIf::Basis::runs:
      return "its requests take runs of granules";
    case WhatIf::Basis::many_blocks:
      return "it has more than 32 blocks";
    case WhatIf::Basis::reserve:
      return "it has a reserve";
    case WhatIf::Basis::quarantine:
      return "full guards let freed blocks rest";
    case WhatIf::Basis::wrapped:
      return "a block was taken more than 2^32 - 1 times";
    case WhatIf::Basis::no_pool:
      return "there is no such pool";
  }
  return "";
}

MemoryJson::MemoryJson(const MemoryManager& memory, const Pressure* pressure, const Device& device)
    : memory_(memory),
      pressure_(pressure),
      device_(device),
      stats_(memory.stats()),
      blocks_(memory.liveBlocks()) {}

std::size_t MemoryJson::write(std::span<char> out) {
  std::size_t written = 0;
  too_small_ = false;
  while (part_ != Part::end) {
    TextLine piece(out.subspan(written));
    writePiece(piece);
    if (!piece.fits()) {
      too_small_ = written == 0;
      break;
    }
    written += piece.size();
    advance();
  }
  return written;
}

void MemoryJson::writePiece(TextLine& piece) const {
  if (follows_) piece.text(",");
  switch (part_) {
    case Part::head:
      return writeHead(piece);
    case Part::pools:
      return writePool(piece, row_ < stats_.pools ? pool() : stats_.heap);
    case Part::released_head:
      piece.text("]").member("released").text("[");
      return;
    case Part::released:
      piece.string(pool().name);
      return;
    case Part::blocks_head:
      piece.text("]").member("blocks").text("[");
      return;
    case Part::blocks:
      return writeBlock(piece);
    case Part::rest:
      return writeRest(piece);
    case Part::what_if:
      return writeWhatIf(piece);
    case Part::refused:
      piece.number(index_ < pool().capacity ? requests_ : refused_);
      return;
    case Part::what_if_end:
      piece.text("]}");
      return;
    default:
      piece.text("]}}\n");
  }
}

void MemoryJson::writeHead(TextLine& piece) const {
  piece.text("{").member("device").string(device_.name).member("boot").string(device_.boot);
  piece.member("version").string(MILLPOND_VERSION).member("time_ms").number(device_.time_ms);
  piece.member("seconds").number(device_.up_ms, 3).member("pools").text("[");
}

void MemoryJson::writePool(TextLine& piece, const PoolStats& pool) {
  piece.text("{").member("name").string(pool.name).member("block_size").number(pool.block_size);
  piece.member("capacity").number(pool.capacity).member("in_use").number(pool.in_use);
  piece.member("peak").number(pool.peak).member("allocations").number(pool.allocations);
  piece.member("frees").number(pool.frees).member("exhausted").number(pool.exhausted);
  piece.member("oversize").number(pool.oversize).member("fallbacks").number(pool.fallbacks);
  piece.member("rejected").number(pool.rejected).text("}");
}

void MemoryJson::writeBlock(TextLine& piece) const {
  piece.text("{").member("pool").string(memory_.nameOf(block_->pool)).member("index").number(block_->index);
  piece.member("source").string(block_->source).member("size").number(block_->size);
  piece.member("granted").number(block_->granted).member("age_ms").number(block_->age_ms).text("}");
}

void MemoryJson::writeRest(TextLine& piece) const {
  piece.text("]").member("static_bytes").number(stats_.static_bytes).member("heap").text("{");
  writeBytes(piece.member("free"), pressure_ != nullptr ? pressure_->freeHeap() : SIZE_MAX);
  writeBytes(piece.member("largest"), pressure_ != nullptr ? pressure_->largestBlock() : SIZE_MAX);
  piece.text("}").member("pressure").text("{").member("level");
  piece.string(pressure_ != nullptr ? levelName(pressure_->level()) : nullptr).text("}");
  piece.member("what_if").text("{").member("format").number(what_if_format);
  piece.member("seconds").number(device_.up_ms, 3).member("pools").text("[");
}

void MemoryJson::writeWhatIf(TextLine& piece) const {
  const WhatIf::Basis basis = memory_.whatIf(poolIdOf(row_), pool().capacity).basis;
  piece.text("{").member("name").string(pool().name);
  piece.member("kind").string(basis == WhatIf::Basis::runs ? "runs" : "blocks");
  piece.member("blocks").number(pool().capacity).member("block_size").number(pool().block_size);
  piece.member("exact").text(basis == WhatIf::Basis::exact ? "true" : "false");
  piece.member("why").string(whyNotExact(basis)).member("refused_with").text("[");
}

void MemoryJson::advance() {
  switch (part_) {
    case Part::pools:
    case Part::released:
      ++row_;
      break;
    case Part::blocks:
      ++block_;
      break;
    case Part::what_if:
      sumRequests();
      return;
    case Part::refused:
      advanceRefused();
      return;
    case Part::what_if_end:
      ++row_;
      part_ = Part::what_if;
      break;
    default:
      enter(static_cast<Part>(static_cast<std::uint8_t>(part_) + 1));
      seek();
      return;
  }
  follows_ = true;
  seek();
}

void MemoryJson::enter(Part part) {
  part_ = part;
  row_ = 0;
  follows_ = false;
  if (part == Part::blocks) block_ = blocks_.begin();
}

// Ends a list of which nothing is left, and skips what is not in it.
void MemoryJson::seek() {
  switch (part_) {
    case Part::pools:
      if (row_ > stats_.pools) enter(Part::released_head);
      break;
    case Part::released:
      while (row_ < stats_.pools && !pool().released) ++row_;
      if (row_ == stats_.pools) enter(Part::blocks_head);
      break;
    case Part::blocks:
      if (block_ == LiveBlocks::end()) enter(Part::rest);
      break;
    case Part::what_if:
      while (row_ < stats_.pools && pool().capacity == 0) ++row_;
      if (row_ == stats_.pools) enter(Part::tail);
      break;
    default:
      break;
  }
}

// The sum first, from which each block's requests are then taken away: the list falls, and ends with what the
// pool refused, although others allocate meanwhile.
void MemoryJson::sumRequests() {
  const PoolId id = poolIdOf(row_);
  refused_ = memory_.whatIf(id, pool().capacity).refused;
  requests_ = refused_;
  for (std::size_t block = 0; block < pool().capacity; ++block) requests_ += memory_.servedBy(id, block);
  index_ = 0;
  part_ = Part::refused;
  follows_ = false;
}

void MemoryJson::advanceRefused() {
  if (index_ == pool().capacity) {
    part_ = Part::what_if_end;
    follows_ = false;
    return;
  }
  const std::uint64_t served = memory_.servedBy(poolIdOf(row_), index_);
  requests_ = requests_ - refused_ > served ? requests_ - served : refused_;
  ++index_;
  follows_ = true;
}

}  // namespace millpond
