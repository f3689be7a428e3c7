// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/Study.h"

#include <algorithm>
#include <bit>
#include <queue>

namespace millpond::sizing {

namespace {

constexpr std::size_t most_sizes = 512;
constexpr std::uint32_t longest_run = 32;

// The distinct sizes of each pool's requests, in steps coarse enough that there are not too many.
std::vector<std::vector<std::uint32_t>> sizesOf(const Workload& workload, std::uint32_t alignment) {
  std::vector<std::set<std::uint32_t>> exact(workload.pools.size());
  for (const RecordedDevice& device : workload.devices) {
    for (const Request& request : device.log.requests()) exact[request.pool].insert(request.bytes);
  }
  std::vector<std::vector<std::uint32_t>> sizes;
  for (const std::set<std::uint32_t>& all : exact) {
    std::set<std::uint32_t> rounded;
    std::uint32_t unit = alignment;
    do {
      rounded.clear();
      for (const std::uint32_t bytes : all) rounded.insert(roundedUp(bytes, unit));
      unit *= 2;
    } while (rounded.size() > most_sizes);
    sizes.emplace_back(rounded.begin(), rounded.end());
  }
  return sizes;
}

// Granules from the smallest in which the longest run fits to one that holds it.
std::vector<FirstFit> fitsFor(std::uint32_t largest, std::uint32_t alignment) {
  std::vector<FirstFit> fits;
  const std::uint32_t one = std::max(std::bit_ceil(largest), alignment);
  for (std::uint32_t granule = std::max(one / longest_run, alignment); granule <= one; granule *= 2) {
    if (roundedUp(largest, granule) / granule <= longest_run) fits.emplace_back(granule);
  }
  return fits;
}

struct PlacedBlock {
  std::uint64_t since_us = 0;
  bool usual = false;
  bool unbounded = false;
  std::vector<std::uint32_t> runs;  // where each first fit put it
};

// One pass over a device for all pools.
class DeviceStudy {
 public:
  DeviceStudy(const Workload& workload, const Survey& survey, std::size_t device,
              const std::set<NameIndex>& bounded, std::vector<PoolStudy>& studies)
      : survey_(survey),
        log_(workload.devices[device].log),
        permanent_(survey.permanent[device]),
        studies_(studies),
        kinds_(workload.pools.size() * workload.sources.size()),
        sources_(workload.sources.size()) {
    for (std::size_t pool = 0; pool < workload.pools.size(); ++pool) {
      for (const SourceDemand& source : survey_.pools[pool].sources) {
        kinds_[pool * sources_ + source.source] = {!source.rare, !bounded.contains(source.source)};
      }
    }
  }

  void run() {
    log_.forEach([this](const DemandLog::Event& event) { event.takes ? take(event) : give(event); });
    for (PoolStudy& pool : studies_) {
      pool.peaks.endDevice();
      pool.usual.endDevice(log_.startMicros(), log_.endMicros());
      pool.unbounded.endDevice(log_.startMicros(), log_.endMicros());
    }
  }

 private:
  struct Kind {
    bool usual = false;
    bool unbounded = false;
  };

  void take(const DemandLog::Event& event) {
    const Request& request = event.request;
    PoolStudy& pool = studies_[request.pool];
    if (event.slot >= held_.size()) held_.resize(event.slot + 1);
    PlacedBlock& held = held_[event.slot];
    const Kind kind = kinds_[request.pool * sources_ + request.source];
    held.since_us = event.time_us;
    const bool kept = permanent_.contains(number_++);
    held.usual = kind.usual && !kept;
    held.unbounded = held.usual && kind.unbounded;
    pool.peaks.take(pool.peaks.indexOf(request.bytes));
    if (held.usual) pool.usual.take(event.time_us, request.source);
    if (held.unbounded) pool.unbounded.take(event.time_us, request.source);
    held.runs.clear();
    for (FirstFit& fit : pool.fits) held.runs.push_back(fit.take(request.bytes));
  }

  void give(const DemandLog::Event& event) {
    PoolStudy& pool = studies_[event.request.pool];
    const PlacedBlock& held = held_[event.slot];
    pool.peaks.give(pool.peaks.indexOf(event.request.bytes));
    const std::uint64_t life_us = event.time_us - held.since_us;
    if (held.usual) pool.usual.give(event.time_us, life_us);
    if (held.unbounded) pool.unbounded.give(event.time_us, life_us);
    for (std::size_t fit = 0; fit < pool.fits.size(); ++fit) {
      pool.fits[fit].give(held.runs[fit], event.request.bytes);
    }
  }

  const Survey& survey_;
  const DemandLog& log_;
  const std::unordered_set<std::uint64_t>& permanent_;
  std::vector<PoolStudy>& studies_;
  std::vector<Kind> kinds_;
  std::size_t sources_;
  std::vector<PlacedBlock> held_;
  std::uint64_t number_ = 0;
};

// The lowest free number first, as a pool of blocks does it.
class LowestFirst {
 public:
  std::uint32_t take() {
    if (free_.empty()) return next_++;
    const std::uint32_t lowest = free_.top();
    free_.pop();
    return lowest;
  }
  void give(std::uint32_t number) { free_.push(number); }

 private:
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> free_;
  std::uint32_t next_ = 0;
};

// The refusals of one pool, for one device.
class PoolTrial {
 public:
  PoolTrial(const PoolSize& size, std::vector<RefusedWith>& refused) : size_(size), refused_(refused) {
    if (!size.runs) return;
    for (const RefusedWith& with : refused) fits_.emplace_back(size.block_size, with.blocks);
  }

  void take(DemandLog::Slot slot, std::uint32_t bytes) {
    if (slot >= places_.size()) places_.resize(slot + 1);
    std::vector<std::uint32_t>& places = places_[slot];
    places.clear();
    if (!size_.runs) {
      places.push_back(blocks_.take());
      served_.resize(std::max<std::size_t>(served_.size(), places[0] + 1));
      ++served_[places[0]];
      return;
    }
    for (std::size_t granules = 0; granules < fits_.size(); ++granules) {
      places.push_back(fits_[granules].take(bytes));
      if (places.back() == FirstFit::none) ++refused_[granules].refused;
    }
  }
  void give(DemandLog::Slot slot, std::uint32_t bytes) {
    std::vector<std::uint32_t>& places = places_[slot];
    if (!size_.runs) return blocks_.give(places[0]);
    for (std::size_t granules = 0; granules < fits_.size(); ++granules) {
      if (places[granules] != FirstFit::none) fits_[granules].give(places[granules], bytes);
    }
  }
  void end() {
    for (RefusedWith& with : refused_) {
      for (std::size_t block = with.blocks; block < served_.size(); ++block) with.refused += served_[block];
    }
  }

 private:
  const PoolSize& size_;
  std::vector<RefusedWith>& refused_;
  LowestFirst blocks_;
  std::vector<std::uint64_t> served_;
  std::vector<FirstFit> fits_;
  std::vector<std::vector<std::uint32_t>> places_;
};

}  // namespace

std::vector<PoolStudy> study(const Workload& workload, const Survey& survey, std::uint32_t alignment,
                             const std::set<NameIndex>& bounded) {
  std::vector<PoolStudy> studies(workload.pools.size());
  const auto sizes = sizesOf(workload, alignment);
  for (std::size_t pool = 0; pool < studies.size(); ++pool) studies[pool].peaks = IntervalPeaks(sizes[pool]);
  for (std::size_t device = 0; device < workload.devices.size(); ++device) {
    std::vector<std::vector<FirstFit>> most(studies.size());
    for (std::size_t pool = 0; pool < studies.size(); ++pool) {
      most[pool] = std::move(studies[pool].fits);
      if (workload.pools[pool].runs) studies[pool].fits = fitsFor(survey.pools[pool].largest, alignment);
    }
    DeviceStudy(workload, survey, device, bounded, studies).run();
    for (std::size_t pool = 0; pool < studies.size(); ++pool) {
      for (std::size_t fit = 0; fit < most[pool].size(); ++fit) {
        if (most[pool][fit].most() > studies[pool].fits[fit].most())
          studies[pool].fits[fit] = most[pool][fit];
      }
    }
  }
  return studies;
}

std::vector<std::uint64_t> heldIn(const Workload& workload, NameIndex of,
                                  const std::vector<BlockCount>& pools) {
  std::vector<std::uint64_t> most(pools.size());
  for (const RecordedDevice& device : workload.devices) {
    std::vector<std::uint64_t> held(pools.size());
    device.log.forEach([&](const DemandLog::Event& event) {
      if (event.request.pool != of) return;
      const auto at = static_cast<std::size_t>(
          std::ranges::lower_bound(pools, event.request.bytes, {}, &BlockCount::size) - pools.begin());
      if (!event.takes) {
        held[at] -= event.request.bytes;
        return;
      }
      held[at] += event.request.bytes;
      most[at] = std::max(most[at], held[at]);
    });
  }
  return most;
}

Refusals refusals(const Workload& workload, const std::vector<PoolSize>& sizes, std::uint32_t beyond) {
  constexpr std::uint32_t most_trials = 64;
  Refusals result;
  for (const PoolSize& size : sizes) {
    std::vector<RefusedWith>& with = result.by_blocks.emplace_back();
    const std::uint32_t step = size.runs ? size.blocks / most_trials + 1 : 1;
    for (std::uint32_t blocks = size.blocks % step; size.blocks != 0 && blocks <= size.blocks + beyond;
         blocks += step) {
      with.push_back({blocks, 0});
    }
    result.waste.emplace_back(workload.sources.size());
  }
  for (const RecordedDevice& device : workload.devices) {
    std::vector<PoolTrial> trials;
    for (std::size_t pool = 0; pool < sizes.size(); ++pool)
      trials.emplace_back(sizes[pool], result.by_blocks[pool]);
    std::vector<std::uint64_t> since;
    device.log.forEach([&](const DemandLog::Event& event) {
      const Request& request = event.request;
      const PoolSize& size = sizes[request.pool];
      if (size.blocks == 0) return;
      if (event.slot >= since.size()) since.resize(event.slot + 1);
      if (event.takes) {
        since[event.slot] = event.time_us;
        return trials[request.pool].take(event.slot, request.bytes);
      }
      const std::uint32_t granted =
          size.runs ? roundedUp(request.bytes, size.block_size) : std::max(size.block_size, request.bytes);
      result.waste[request.pool][request.source] += static_cast<double>(granted - request.bytes) *
                                                    static_cast<double>(event.time_us - since[event.slot]) /
                                                    1e6;
      trials[request.pool].give(event.slot, request.bytes);
    });
    for (PoolTrial& trial : trials) trial.end();
  }
  for (std::vector<double>& sources : result.waste) {
    for (double& bytes : sources) bytes /= std::max(workload.seconds(), 1e-9);
  }
  return result;
}

}  // namespace millpond::sizing
