// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/FileSource.h"

#include <algorithm>

namespace millpond::cli {

std::size_t FileSource::read(std::span<std::int32_t> frames) {
  const auto rest = std::span(*frames_).subspan(next_);
  const std::size_t count = std::min(frames.size(), rest.size());
  std::copy_n(rest.begin(), count, frames.begin());
  next_ += count;
  return count;
}

}  // namespace millpond::cli
