// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>

#include "lab/device/BlockQueue.h"
#include "lab/device/Life.h"
#include "lab/device/TlsLoad.h"
#include "lab/device/UplinkLoad.h"

namespace millpond::lab {

/// The link and its failures: drop-outs with a new handshake after each, and now and then a check for an
/// update over a connection of its own, which may bring the sectors of a new firmware.
class LinkLoad {
 public:
  LinkLoad(Life& life, UplinkLoad& uplink);

  /// Each handles the event at the place of that name.
  void link();
  void uplinkTls();
  void update();
  void updateTls();
  void sector();

  void end();

 private:
  enum class State : std::uint8_t { up, dropped, noticed };

  void dropUpdate();
  void releaseUpdate();
  std::uint64_t updateRetry() const { return std::uint64_t{life_.scenario.update.retry_s} * second; }

  Life& life_;
  UplinkLoad& uplink_;
  Random dropouts_;
  Random updates_;
  Random sectors_;
  TlsLoad uplink_tls_;
  TlsLoad update_tls_;
  Block update_buffer_;
  Block sector_;  // of new firmware, until it is in flash
  std::uint32_t sectors_left_ = 0;
  State state_ = State::noticed;
  std::uint64_t returns_us_ = 0;
  std::uint64_t next_update_us_ = 0;
  bool updating_ = false;
};

}  // namespace millpond::lab
