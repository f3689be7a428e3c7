// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <vector>

#include "lab/device/Life.h"

namespace millpond::lab {

/// What comes and goes beside the sound: tasks that live for a while, with their stacks and working memory,
/// and questions over mDNS with their answers. One of each at a time.
class ServiceLoad {
 public:
  explicit ServiceLoad(Life& life);

  /// Each handles the event at the place of that name.
  void job();
  void mdns();

  void end();

 private:
  void planJob();
  void planMdns();
  void giveAll(std::vector<Block>& blocks);

  Life& life_;
  Random jobs_random_;
  Random mdns_random_;
  std::vector<Block> job_;
  std::vector<Block> mdns_;
};

}  // namespace millpond::lab
