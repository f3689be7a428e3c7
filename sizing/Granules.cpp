// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/Granules.h"

#include <algorithm>
#include <array>
#include <bit>
#include <unordered_set>

#include "millpond/base/Bits.h"

namespace millpond::sizing {

namespace {

// The runs that are held, as a number: 5 bits of start and 5 of length - 1 each, ascending, above them the
// count.
class State {
 public:
  static constexpr std::uint32_t most_runs = 5;
  struct Run {
    std::uint32_t start;
    std::uint32_t length;
  };

  explicit State(std::uint64_t packed = 0) : count_(static_cast<std::uint32_t>(packed >> 60U)) {
    for (std::uint32_t run = 0; run < count_; ++run, packed >>= 10U) {
      runs_[run] = {static_cast<std::uint32_t>(packed & 31U),
                    static_cast<std::uint32_t>(packed >> 5U & 31U) + 1};
    }
  }
  std::uint64_t packed() const {
    std::uint64_t packed = 0;
    for (std::uint32_t run = count_; run-- > 0;) {
      packed = packed << 10U | std::uint64_t{runs_[run].length - 1} << 5U | runs_[run].start;
    }
    return packed | std::uint64_t{count_} << 60U;
  }

  std::uint32_t count() const { return count_; }
  std::uint32_t held() const {
    std::uint32_t word = 0;
    for (std::uint32_t run = 0; run < count_; ++run)
      word |= bits::run(1U << runs_[run].start, runs_[run].length);
    return word;
  }
  State with(Run run) const {
    State state = *this;
    std::uint32_t at = state.count_++;
    for (; at > 0 && state.runs_[at - 1].start > run.start; --at) state.runs_[at] = state.runs_[at - 1];
    state.runs_[at] = run;
    return state;
  }
  State without(std::uint32_t run) const {
    State state = *this;
    std::copy(state.runs_.begin() + run + 1, state.runs_.begin() + count_, state.runs_.begin() + run);
    --state.count_;
    return state;
  }

 private:
  std::uint32_t count_;
  std::array<Run, most_runs> runs_{};
};

enum class Found : std::uint8_t { never_refused, refused, gave_up };

// Every state that requests and frees lead to, from the empty pool.
Found search(std::uint32_t granules, std::uint32_t holders, std::uint32_t longest, std::size_t& states_left) {
  const std::uint32_t all = granules == bits::per_word ? ~0U : (1U << granules) - 1;
  std::unordered_set<std::uint64_t> seen{State().packed()};
  std::vector<std::uint64_t> open{State().packed()};
  const auto reach = [&](const State& state) {
    if (seen.insert(state.packed()).second) open.push_back(state.packed());
  };
  while (!open.empty()) {
    if (states_left-- == 0) return Found::gave_up;
    const State state(open.back());
    open.pop_back();
    const std::uint32_t free = all & ~state.held();
    for (std::uint32_t length = 1; state.count() < holders && length <= longest; ++length) {
      const std::uint32_t starts = bits::runStarts(free, length);
      if (starts == 0) return Found::refused;
      reach(state.with({bits::lowest(starts), length}));
    }
    for (std::uint32_t run = 0; run < state.count(); ++run) reach(state.without(run));
  }
  return Found::never_refused;
}

}  // namespace

std::optional<std::uint32_t> leastGranules(std::uint32_t holders, std::uint32_t longest) {
  if (holders == 0 || longest == 0) return 0;
  if (holders > State::most_runs || holders * longest > bits::per_word) return std::nullopt;
  std::size_t states_left = 300'000;
  for (std::uint32_t granules = holders * longest; granules <= bits::per_word; ++granules) {
    switch (search(granules, holders, longest, states_left)) {
      case Found::never_refused:
        return granules;
      case Found::gave_up:
        return std::nullopt;
      case Found::refused:
        break;
    }
  }
  return std::nullopt;
}

GranuleCount safeGranules(std::uint32_t holders, std::uint32_t largest, std::uint32_t alignment) {
  const std::uint32_t one = std::max(std::bit_ceil(largest), alignment);
  GranuleCount best{one, holders, true};
  for (std::uint32_t granule = one / 2; granule >= alignment && granule != 0; granule /= 2) {
    const auto count = leastGranules(holders, (largest + granule - 1) / granule);
    if (!count) break;  // smaller granules take longer to search, and more of them
    if (const GranuleCount found{granule, *count, true}; found.bytes() < best.bytes()) best = found;
  }
  return best;
}

std::uint32_t FirstFit::take(std::uint32_t bytes) {
  const std::uint32_t length = lengthOf(bytes);
  if (length > bits::per_word || length > limit_) return none;
  for (std::uint32_t word = 0;; ++word) {
    if (word * bits::per_word >= limit_) return none;
    if (word == free_.size()) {
      const std::uint32_t left = limit_ - word * bits::per_word;
      free_.push_back(left >= bits::per_word ? ~0U : (1U << left) - 1);
    }
    const std::uint32_t starts = bits::runStarts(free_[word], length);
    if (starts == 0) continue;
    const std::uint32_t start = bits::lowest(starts);
    free_[word] ^= bits::run(1U << start, length);
    most_ = std::max(most_, word * bits::per_word + start + length);
    return word * bits::per_word + start;
  }
}

void FirstFit::give(std::uint32_t start, std::uint32_t bytes) {
  free_[start / bits::per_word] |= bits::run(1U << start % bits::per_word, lengthOf(bytes));
}

}  // namespace millpond::sizing
