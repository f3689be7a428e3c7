// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/Tuning.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "sizing/BlockSizes.h"
#include "sizing/Bounds.h"
#include "sizing/Front.h"
#include "sizing/Granules.h"
#include "sizing/Hints.h"
#include "sizing/LibraryCheck.h"
#include "sizing/Study.h"

namespace millpond::sizing {

namespace {

constexpr std::uint32_t blocks_beyond = 8;

class Tuner {
 public:
  Tuner(const Workload& workload, const TuningGoal& goal)
      : workload_(workload), goal_(goal), bounds_(workload, goal.at_most) {
    for (const auto& [name, blocks] : goal.live) checkCounted(name);
  }

  Tuning run() {
    report(0);
    survey_.emplace(workload_);
    report(0.3);
    bounds_.check(workload_, *survey_);
    studies_ = study(workload_, *survey_, goal_.alignment, bounds_.sources());
    report(0.6);
    for (NameIndex pool = 0; pool < workload_.pools.size(); ++pool) {
      workload_.pools[pool].blocks != 0 ? tunePool(pool) : findPossible(pool);
    }
    if (result_.pools.empty()) throw SizingError("the traces' devices have no pools with blocks to tune");
    sumUp();
    listUnseen();
    return std::move(result_);
  }

 private:
  void report(double share) const {
    if (goal_.progress) goal_.progress(share);
  }
  const PoolDemand& demand(NameIndex pool) const { return survey_->pools[pool]; }

  void checkCounted(const std::string& name) const {
    const bool known = std::ranges::any_of(
        workload_.pools, [&](const PoolSize& pool) { return pool.blocks != 0 && pool.name == name; });
    if (!known) {
      throw SizingError(
          fmt::format("--live: counters of a pool {}, which the traces' devices do not have", name));
    }
  }

  // The least that serves the traces, and the proof.
  void setLeast(NameIndex pool, TunedPool& tuned) {
    const PoolDemand& seen = demand(pool);
    tuned.least = {tuned.present.name, tuned.present.runs, seen.peak,
                   roundedUp(seen.largest, goal_.alignment)};
    if (!tuned.present.runs) {
      tuned.proof = fmt::format("{} blocks were held at once, and one request was of {} bytes", seen.peak,
                                seen.largest);
      return;
    }
    const GranuleCount safe = safeGranules(seen.peak, seen.largest, goal_.alignment);
    GranuleCount best = safe;
    if (seen.peak > 5) {
      for (const FirstFit& fit : studies_[pool].fits) {
        if (const GranuleCount replayed{fit.granuleBytes(), fit.most(), false};
            replayed.bytes() < best.bytes())
          best = replayed;
      }
    }
    tuned.least.blocks = best.count;
    tuned.least.block_size = best.size;
    tuned.proof =
        best.searched
            ? fmt::format(
                  "no order of requests by {} holders of up to {} bytes is refused, and {} such buffers "
                  "take as much",
                  seen.peak, seen.largest, seen.peak)
            : fmt::format("replay alone: with {} holders at once there are too many orders to search",
                          seen.peak);
  }

  void checkLeast(NameIndex pool, const PoolSize& least) const {
    try {
      configurationOf({least});
    } catch (const std::runtime_error& error) {
      throw SizingError(fmt::format("{}: no pool serves {} requests of up to {} bytes at once: {}",
                                    least.name, demand(pool).peak, demand(pool).largest, error.what()));
    }
  }

  void describePeak(NameIndex pool, TunedPool& tuned) const {
    const PoolDemand& seen = demand(pool);
    for (const auto& [source, blocks] : seen.holders_at_peak) {
      tuned.holders_at_peak[workload_.sources[source]] = blocks;
    }
    tuned.peak_device = seen.peak_device;
    tuned.peak_s = static_cast<double>(seen.peak_us) / 1e6;
    const DemandCurve& curve = studies_[pool].usual;
    for (std::uint32_t level = 0; level < curve.peak(); ++level)
      tuned.crossings.push_back(curve.crossings(level));
  }

  // Counters of granules say nothing of the kind.
  void heedCounters(TunedPool& tuned) const {
    const auto counted = goal_.live.find(tuned.present.name);
    if (tuned.present.runs || counted == goal_.live.end() || counted->second <= tuned.least.blocks) return;
    tuned.proof += fmt::format("; the counters of other devices ask for {}", counted->second);
    tuned.least.blocks = counted->second;
  }

  void tunePool(NameIndex pool) {
    TunedPool tuned;
    tuned.present = workload_.pools[pool];
    if (demand(pool).requests == 0) {
      tuned.answer = tuned.least = {tuned.present.name, tuned.present.runs, 0, tuned.present.block_size};
      tuned.proof = "nobody asked for it";
    } else {
      describePeak(pool, tuned);
      setLeast(pool, tuned);
      checkLeast(pool, tuned.least);
      heedCounters(tuned);
      tuned.answer = tuned.least;
      if (goal_.horizon) lookAhead(pool, tuned);
    }
    result_.pools.push_back(std::move(tuned));
    of_.push_back(pool);
  }

  // The blocks of rare sources and those kept for ever; of bounded sources, nothing.
  std::uint32_t setApart(NameIndex pool, bool without_bounded) const {
    std::uint32_t blocks = 0;
    for (const SourceDemand& source : demand(pool).sources) {
      if (without_bounded && bounds_.contains(source.source)) continue;
      blocks += source.rare ? source.peak : source.permanent;
    }
    return blocks;
  }

  Horizon shareOfRisk() const {
    double pools = 0;
    for (NameIndex pool = 0; pool < workload_.pools.size(); ++pool) {
      if (workload_.pools[pool].blocks != 0 && demand(pool).requests != 0) ++pools;
    }
    return {goal_.horizon->seconds, goal_.horizon->risk / std::max(pools, 1.0)};
  }

  void lookAhead(NameIndex pool, TunedPool& tuned) {
    if (const SourceDemand* leak = demand(pool).leak()) {
      result_.abstained.push_back(
          {tuned.present.name,
           fmt::format("demand grows without end: '{}' never gave back {} blocks, a leak",
                       workload_.sources[leak->source], leak->lost_blocks),
           0});
      return;
    }
    const Horizon horizon = shareOfRisk();
    tuned.guess = extrapolate(studies_[pool].usual, horizon);
    tuned.set_apart = setApart(pool, false);
    std::optional<std::uint32_t> blocks = tuned.guess->blocks;
    if (blocks) *blocks += tuned.set_apart;
    if (const std::uint32_t bounds = bounds_.blocksOf(demand(pool)); bounds != 0) {
      const Extrapolation rest = extrapolate(studies_[pool].unbounded, horizon);
      if (rest.blocks) {
        const std::uint32_t bounded = bounds + *rest.blocks + setApart(pool, true);
        if (!blocks || bounded < *blocks) blocks = tuned.bounded = bounded;
      }
    }
    if (!blocks) {
      result_.abstained.push_back({tuned.present.name, tuned.guess->why, tuned.guess->length_needed});
      return;
    }
    answer(pool, std::max(*blocks, demand(pool).peak), tuned);
  }

  void answer(NameIndex pool, std::uint32_t holders, TunedPool& tuned) const {
    if (holders > MemoryConfig::max_blocks) {
      throw SizingError(
          fmt::format("{}: this horizon and risk take more than the {} blocks that a pool can have",
                      tuned.present.name, MemoryConfig::max_blocks));
    }
    if (!tuned.present.runs) {
      tuned.answer.blocks = std::max(holders, tuned.least.blocks);
      return;
    }
    const GranuleCount safe = safeGranules(holders, demand(pool).largest, goal_.alignment);
    if (safe.bytes() < tuned.least.bytes()) return;  // never below what the traces need
    tuned.answer.blocks = safe.count;
    tuned.answer.block_size = safe.size;
  }

  // Pools for a class that has none: blocks of a few sizes, those that pay marked.
  void findPossible(NameIndex pool) {
    constexpr std::size_t most_pools = max_pools - adr_pools;
    constexpr std::uint64_t entry_bytes = 16;  // of the ledger
    if (demand(pool).requests == 0) return;
    const auto answers = bestBlockSizes(studies_[pool].peaks, most_pools);
    // More pools only where they save something.
    const std::vector<BlockCount>& sizes = *std::ranges::find_if(
        answers, [&](const auto& pools) { return bytesOf(pools) * 50 <= bytesOf(answers.back()) * 51; });
    const std::vector<std::uint64_t> held = heldIn(workload_, pool, sizes);
    std::uint32_t from = 1;
    for (std::size_t at = 0; at < sizes.size(); ++at) {
      PossiblePool possible{
          .of = workload_.pools[pool].name, .from_bytes = from, .size = {}, .peak_bytes = held[at]};
      possible.size = {sizes.size() == 1 ? possible.of : fmt::format("{}-{}", possible.of, sizes[at].size),
                       false, sizes[at].blocks, sizes[at].size};
      possible.pays = possible.size.bytes() + entry_bytes * sizes[at].blocks <= held[at] * 5 / 4;
      result_.possible.push_back(possible);
      from = sizes[at].size + 1;
    }
  }

  void sumUp() {
    fillFronts();
    report(0.8);
    std::vector<PoolSize> sizes(workload_.pools.size());
    std::vector<PoolSize> present = workload_.pools;
    for (std::size_t at = 0; at < of_.size(); ++at) {
      const TunedPool& pool = result_.pools[at];
      sizes[of_[at]] = pool.answer;
      result_.bytes += pool.answer.bytes();
      result_.least_bytes += pool.least.bytes();
      result_.present_bytes += pool.present.bytes();
    }
    checkBudget();
    for (const std::uint64_t refused : refusedByLibrary(workload_, sizes))
      result_.refused_in_replay += refused;
    if (result_.refused_in_replay != 0) {
      throw SizingError(fmt::format("the library refused {} requests in the replay of this answer",
                                    result_.refused_in_replay));
    }
    result_.hints = hintsAt(result_, {workload_, *survey_, bounds_, of_});
    report(0.9);
    for (const std::uint64_t refused : refusedByLibrary(workload_, present))
      result_.present_refused += refused;
    report(1);
    result_.held_bytes = survey_->pooled_peak_bytes;
    result_.seconds = workload_.seconds();
    result_.events = workload_.events();
    double longest = 0;
    for (const RecordedDevice& device : workload_.devices) {
      result_.lost += device.lost;
      longest = std::max(longest, device.log.seconds());
    }
    result_.horizon_s = goal_.horizon ? goal_.horizon->seconds : longest;
    result_.risk = goal_.horizon ? goal_.horizon->risk : 0;
    result_.model_free_risk = modelFreeRisk(result_.seconds, result_.horizon_s);
    listLeaks();
  }

  void checkBudget() const {
    if (!goal_.budget || result_.bytes <= *goal_.budget) return;
    if (result_.least_bytes > *goal_.budget || !goal_.horizon) {
      throw SizingError(
          fmt::format("--budget: {} bytes are too few: the least that serves the traces is {} bytes",
                      *goal_.budget, result_.least_bytes));
    }
    throw SizingError(fmt::format(
        "--budget: {} bytes serve the traces, which need {}, but this horizon and risk take {} bytes",
        *goal_.budget, result_.least_bytes, result_.bytes));
  }

  void fillFronts() {
    std::vector<PoolSize> sizes(workload_.pools.size());
    for (std::size_t at = 0; at < of_.size(); ++at) sizes[of_[at]] = result_.pools[at].answer;
    const Refusals refused = refusals(workload_, sizes, blocks_beyond);
    const double seconds = workload_.seconds();
    for (std::size_t at = 0; at < of_.size(); ++at) {
      TunedPool& pool = result_.pools[at];
      const DemandCurve& curve = studies_[of_[at]].usual;
      const double rate = static_cast<double>(demand(of_[at]).requests) / seconds;
      for (const RefusedWith& with : refused.by_blocks[of_[at]]) {
        const double spare = with.blocks - curve.meanLevel();
        const double outage = pool.answer.runs || rate <= 0 ? 0 : std::max(0.0, spare / rate);
        pool.front.push_back({with.blocks, with.refused, outage});
      }
      for (NameIndex source = 0; source < workload_.sources.size(); ++source) {
        if (const double waste = refused.waste[of_[at]][source]; waste > 0)
          pool.waste[workload_.sources[source]] = waste;
      }
    }
    result_.front = combinedFront(result_.pools, seconds);
  }

  void listLeaks() {
    for (NameIndex pool = 0; pool < workload_.pools.size(); ++pool) {
      for (const SourceDemand& source : demand(pool).sources) {
        if (source.leaks) {
          result_.leaks.push_back(
              {workload_.pools[pool].name, workload_.sources[source.source], source.lost_blocks});
        }
      }
    }
  }

  void listUnseen() {
    std::set<std::string> names;
    for (const NameIndex pool : of_) {
      for (const SourceDemand& source : demand(pool).sources) {
        if (source.rare && source.requests > source.permanent) names.insert(workload_.sources[source.source]);
      }
    }
    result_.unseen.assign(names.begin(), names.end());
  }

  const Workload& workload_;
  const TuningGoal& goal_;
  const Bounds bounds_;
  std::optional<Survey> survey_;
  std::vector<PoolStudy> studies_;
  std::vector<NameIndex> of_;  // the workload's pool of each of the result's
  Tuning result_;
};

}  // namespace

std::vector<PoolSize> Tuning::sizes() const {
  std::vector<PoolSize> sizes;
  for (const TunedPool& pool : pools) sizes.push_back(pool.answer);
  return sizes;
}

std::string guessText(const TunedPool& pool) {
  const Extrapolation& guess = *pool.guess;
  const bool ends_at_once = guess.high_level >= pool.crossings.size() ||
                            static_cast<double>(pool.crossings[guess.high_level]) < guess.high_crossings;
  std::string text = fmt::format(
      "{} by crossings ({:.0f} rises of demand above {}, {}{:.0f} above {}), {} by Erlang's formula",
      *guess.chord, guess.low_crossings, guess.low_level, ends_at_once ? "fewer than " : "",
      guess.high_crossings, guess.high_level, guess.erlang);
  if (guess.erlangRefuted()) {
    text += fmt::format(", which the traces refute: it expects {:.0f} rises above the highest level seen",
                        guess.erlang_unseen);
  }
  if (pool.set_apart != 0) {
    text += fmt::format("; {} more are set apart, for rare sources and for what is kept", pool.set_apart);
  }
  return text;
}

Tuning tune(const Workload& workload, const TuningGoal& goal) { return Tuner(workload, goal).run(); }

}  // namespace millpond::sizing
