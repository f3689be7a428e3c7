// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <string>

#include "streamer/uplink/Uplink.h"

namespace millpond::cli {

/// Returns: what the receiver did, or what failed on the way, as text for people; empty if there is no
/// outage.
std::string outageText(const streamer::Outage& outage);

/// Reports each outage when it begins, and again when its cause changes; each cause once per outage.
class OutageNotice {
 public:
  /// Returns: the news in `uplink`; empty if there is none. Call it now and then.
  std::string news(const streamer::Uplink::Stats& uplink);

 private:
  std::uint32_t outages_ = 0;
  std::uint32_t told_ = 0;  // a bit per cause
};

}  // namespace millpond::cli
