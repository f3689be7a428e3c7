// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <samplerate.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace millpond::cli {

/// Resamples mono of any rate to the device's rate, piece by piece. The output lasts as long as the input: n
/// samples of `rate` become n * 16000 / rate, rounded up. At the device's own rate nothing changes.
class Resampler {
 public:
  /// Throws `Error` if there is no memory.
  explicit Resampler(int rate);

  /// Effect: takes `mono` and appends the finished samples to `out`.
  void add(std::span<const float> mono, std::vector<float>& out);
  /// Effect: ends the input and appends the rest to `out`.
  void finish(std::vector<float>& out);

 private:
  struct Delete {
    void operator()(SRC_STATE* state) const { src_delete(state); }
  };

  void process(std::span<const float> mono, std::vector<float>& out);

  const std::uint64_t rate_;
  std::unique_ptr<SRC_STATE, Delete> state_;  // nullptr at the device's own rate
  std::uint64_t taken_ = 0;
  std::uint64_t given_ = 0;
};

}  // namespace millpond::cli
