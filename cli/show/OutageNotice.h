// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <string>

#include "streamer/uplink/Uplink.h"

namespace millpond::cli {

/// Returns: what the receiver did, or what came between, for people; empty where there is no outage.
std::string outageText(const streamer::Outage& outage);

/// Tells each outage as it begins, and again where its cause changes; each cause once an outage.
class OutageNotice {
 public:
  /// Returns: what `uplink` says that was not told yet; empty where there is no news. Call it now and then.
  std::string news(const streamer::Uplink::Stats& uplink);

 private:
  std::uint32_t outages_ = 0;
  std::uint32_t told_ = 0;  // a bit a cause
};

}  // namespace millpond::cli
