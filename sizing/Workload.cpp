// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/Workload.h"

#include <numeric>

namespace millpond::sizing {

std::uint64_t bytesOf(const std::vector<PoolSize>& pools) {
  return std::accumulate(pools.begin(), pools.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const PoolSize& pool) { return sum + pool.bytes(); });
}

double Workload::seconds() const {
  return std::accumulate(devices.begin(), devices.end(), 0.0,
                         [](double sum, const RecordedDevice& device) { return sum + device.log.seconds(); });
}

std::uint64_t Workload::events() const {
  return std::accumulate(
      devices.begin(), devices.end(), std::uint64_t{0},
      [](std::uint64_t sum, const RecordedDevice& device) { return sum + device.log.events(); });
}

}  // namespace millpond::sizing
