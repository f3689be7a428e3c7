// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/audio/SampleDigest.h"

#include <algorithm>
#include <bit>

namespace millpond::cli {

namespace {

// The finalizer of MurmurHash3: bijective, and each input bit changes half of the output bits.
constexpr std::uint64_t scrambled(std::uint64_t bits) {
  bits = (bits ^ (bits >> 33U)) * 0xFF51AFD7ED558CCDU;
  bits = (bits ^ (bits >> 33U)) * 0xC4CEB9FE1A85EC53U;
  return bits ^ (bits >> 33U);
}

constexpr std::uint64_t joined(std::uint64_t first, std::uint64_t second) {
  const std::uint64_t both = scrambled(std::rotl(first, 32) ^ scrambled(second + 0x9E3779B97F4A7C15U));
  return both == 0 ? 1 : both;  // 0 means none
}

}  // namespace

void SampleDigest::add(std::int16_t sample) {
  open_ = scrambled(open_ ^ (std::uint64_t{static_cast<std::uint16_t>(sample)} + 1));
  if (++count_ % shortest == 0) {
    carry(joined(open_, 0));
    open_ = 0;
  }
}

// Works as a binary counter: two parts of one level make one of the next.
void SampleDigest::carry(std::uint64_t digest) {
  std::size_t level = 0;
  for (; level < level_ && parts_[level] != 0; ++level) {
    digest = joined(parts_[level], digest);
    parts_[level] = 0;
  }
  if (level < level_) {
    parts_[level] = digest;
    return;
  }
  stretches_[used_++] = digest;
  if (used_ == most_stretches) lengthen();
}

void SampleDigest::lengthen() {
  for (std::size_t i = 0; i + 1 < used_; i += 2) stretches_[i / 2] = joined(stretches_[i], stretches_[i + 1]);
  if (used_ % 2 != 0) parts_[level_] = stretches_[used_ - 1];
  used_ /= 2;
  ++level_;
}

std::optional<std::uint64_t> SampleDigest::firstDifference(SampleDigest other) const {
  if (other.level_ > level_) return other.firstDifference(*this);
  while (other.level_ < level_) other.lengthen();
  const std::size_t both = std::min(used_, other.used_);
  const auto differs = std::mismatch(
      stretches_.begin(), stretches_.begin() + static_cast<std::ptrdiff_t>(both), other.stretches_.begin());
  const auto at = static_cast<std::size_t>(differs.first - stretches_.begin());
  const bool same = at == both && count_ == other.count_ && parts_ == other.parts_ && open_ == other.open_;
  return same ? std::nullopt : std::optional(at * length());
}

}  // namespace millpond::cli
