// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/FleetSizes.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace millpond::sizing {

namespace {

// What can be chosen for one pool: a number of blocks, and the devices for which that is too few.
struct Choice {
  std::uint32_t blocks = 0;
  std::set<std::string> left_out;
};

// Tries all choices of all pools that leave out no more devices than may be.
class Search {
 public:
  Search(std::vector<std::vector<Choice>> choices, std::vector<std::uint64_t> block_sizes,
         std::size_t may_leave)
      : choices_(std::move(choices)), block_sizes_(std::move(block_sizes)), may_leave_(may_leave) {
    now_.resize(choices_.size());
    descend(0, 0, {});
  }
  const std::vector<std::uint32_t>& best() const { return best_; }

 private:
  void descend(std::size_t pool, std::uint64_t bytes, const std::set<std::string>& left_out) {
    if (bytes > least_bytes_) return;
    if (pool == choices_.size()) {
      if (bytes == least_bytes_ && left_out.size() >= least_left_out_) return;
      least_bytes_ = bytes;
      least_left_out_ = left_out.size();
      best_ = now_;
      return;
    }
    for (const Choice& choice : choices_[pool]) {
      std::set<std::string> all = left_out;
      all.insert(choice.left_out.begin(), choice.left_out.end());
      if (all.size() > may_leave_) continue;
      now_[pool] = choice.blocks;
      descend(pool + 1, bytes + choice.blocks * block_sizes_[pool], all);
    }
  }

  std::vector<std::vector<Choice>> choices_;
  std::vector<std::uint64_t> block_sizes_;
  std::size_t may_leave_;
  std::vector<std::uint32_t> now_;
  std::vector<std::uint32_t> best_;
  std::uint64_t least_bytes_ = UINT64_MAX;
  std::size_t least_left_out_ = 0;
};

// From what every device needs down to what leaves out too many.
std::vector<Choice> choicesOf(const FleetPool& pool, std::size_t may_leave) {
  std::map<std::uint32_t, std::vector<std::string>, std::greater<>> by_need;
  for (const auto& [device, need] : pool.needs) by_need[need.blocks].push_back(device);
  std::vector<Choice> choices;
  std::set<std::string> left_out;
  for (const auto& [blocks, devices] : by_need) {
    choices.push_back({blocks, left_out});
    left_out.insert(devices.begin(), devices.end());
    if (left_out.size() > may_leave) break;
  }
  return choices;
}

FleetSizes::Pool rowOf(const std::string& name, const FleetPool& pool) {
  FleetSizes::Pool row{.name = name,
                       .block_size = pool.block_size,
                       .now = pool.blocks,
                       .blocks = pool.blocks,
                       .judged = pool.exact && !pool.needs.empty(),
                       .needed = {}};
  for (const auto& [device, need] : pool.needs) row.needed.push_back(need.blocks);
  std::ranges::sort(row.needed);
  return row;
}

}  // namespace

FleetSizes fleetSizes(const std::map<std::string, FleetPool>& pools, double share) {
  std::set<std::string> devices;
  for (const auto& [name, pool] : pools) {
    for (const auto& [device, need] : pool.needs) devices.insert(device);
  }
  constexpr double rounding = 1e-9;
  const auto may_leave =
      static_cast<std::size_t>(std::floor(static_cast<double>(devices.size()) * (1 - share) + rounding));
  FleetSizes sizes;
  sizes.devices = devices.size();
  std::vector<std::vector<Choice>> choices;
  std::vector<std::uint64_t> block_sizes;
  for (const auto& [name, pool] : pools) {
    sizes.pools.push_back(rowOf(name, pool));
    if (!sizes.pools.back().judged) continue;
    choices.push_back(choicesOf(pool, may_leave));
    block_sizes.push_back(pool.block_size);
  }
  const Search search(std::move(choices), std::move(block_sizes), may_leave);
  auto answer = search.best().begin();
  std::set<std::string> left_out;
  for (FleetSizes::Pool& row : sizes.pools) {
    if (!row.judged) continue;
    row.blocks = *answer++;
    for (const auto& [device, need] : pools.at(row.name).needs) {
      if (need.blocks > row.blocks) {
        sizes.unserved.push_back({device, row.name, need});
        left_out.insert(device);
      } else if (need.blocks == row.blocks && need.blocks > need.has) {
        row.at_least = true;
      }
    }
  }
  std::ranges::stable_sort(sizes.unserved, {}, &FleetSizes::Unserved::device);
  sizes.unserved_devices = left_out.size();
  return sizes;
}

}  // namespace millpond::sizing
