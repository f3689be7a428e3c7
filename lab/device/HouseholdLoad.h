// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "lab/device/BlockQueue.h"
#include "lab/device/Life.h"

namespace millpond::lab {

/// What a device does besides its sound: messages made of strings, the general buffers of its tasks, bursts
/// of packets from the network, sessions, a cache that grows, and what it allocates at boot for good.
class HouseholdLoad {
 public:
  explicit HouseholdLoad(Life& life);

  /// Each handles the event at the place of that name.
  void message();
  void messageEnds(std::uint32_t slot);
  void task(std::uint32_t index);
  void packet();
  void packetHandled();
  void session(std::uint32_t slot);
  void cache();

  void end();

 private:
  struct Session {
    std::vector<Block> objects;
    std::uint64_t ends_us = 0;
  };

  void boot();
  void planBurst();
  void planSession(std::uint32_t slot);
  void giveAll(std::vector<Block>& blocks);
  Block sessionObject();

  Life& life_;
  const Scenario& scenario_;
  Random messages_;
  Random tasks_random_;
  Random packets_random_;
  Random sessions_random_;
  Random cache_random_;
  std::array<std::vector<Block>, place::max_messages> message_strings_;
  std::uint32_t next_message_ = 0;
  std::array<Block, place::max_tasks> task_buffers_;
  BlockQueue packets_;
  std::uint32_t packets_to_come_ = 0;
  std::array<Session, place::max_sessions> sessions_;
  std::vector<Block> cache_;
  std::vector<Block> for_ever_;
};

}  // namespace millpond::lab
