// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/device/DeviceTrace.h"

#include "cli/device/DeviceMemory.h"

namespace millpond::cli {

DeviceTrace::DeviceTrace(const std::string& folder) : folder_(folder), room_(room_bytes) {
  stream_.emplace(deviceMemory(), room_, folder_.sink());
}

void DeviceTrace::finish() {
  stream_.reset();
  folder_.close();
}

}  // namespace millpond::cli
