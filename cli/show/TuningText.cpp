// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/show/TuningText.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace millpond::cli {

namespace {

using sizing::FrontRow;
using sizing::PossiblePool;
using sizing::TunedPool;
using sizing::Tuning;

std::string timeText(double seconds) {
  if (seconds < 120) return fmt::format("{:.1f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
  if (seconds < 172800) return fmt::format("{:.1f} hours", seconds / 3600);
  return fmt::format("{:.1f} days", seconds / 86400);
}

std::string poolText(const TunedPool& pool) {
  std::string text =
      fmt::format("  {:<12}{:>4} x {:<6}{:>8}   before {} x {}\n", pool.answer.name, pool.answer.blocks,
                  pool.answer.block_size, pool.answer.bytes(), pool.present.blocks, pool.present.block_size);
  text += fmt::format("              the traces need {} x {}: {}\n", pool.least.blocks, pool.least.block_size,
                      pool.proof);
  if (!pool.guess) return text;
  if (pool.guess->chord) text += fmt::format("              beyond them: {}\n", sizing::guessText(pool));
  if (pool.bounded) {
    text += fmt::format("              with the declared bounds {} at once are enough\n", *pool.bounded);
  }
  return text;
}

// The last rows of the front before the answer and all after it.
std::string frontText(const Tuning& tuning) {
  constexpr std::size_t most_before = 8;
  std::string names;
  for (const TunedPool& pool : tuning.pools)
    names += fmt::format(" {:>9}", fmt::format("{:.9}", pool.answer.name));
  std::string text = fmt::format(
      "\n  what bytes buy: requests refused, and the outage that the blocks ride out\n"
      "  {:>9} {:>15} {:>14} {}\n",
      "bytes", "refused a day", "outage", names);
  std::size_t answer = 0;
  while (answer + 1 < tuning.front.size() && tuning.front[answer].refused_a_day > 0) ++answer;
  for (std::size_t at = answer > most_before ? answer - most_before : 0; at < tuning.front.size(); ++at) {
    const FrontRow& row = tuning.front[at];
    text += fmt::format("  {:>9} {:>15.1f} {:>12.1f} s ", row.bytes, row.refused_a_day, row.outage_s);
    for (const std::uint32_t blocks : row.blocks) text += fmt::format(" {:>9}", blocks);
    text += at == answer ? "  the least\n" : "\n";
  }
  if (tuning.bytes > tuning.least_bytes && tuning.abstained.empty()) {
    text +=
        fmt::format("  {:>9} {:>15.1f}   the answer, for what the traces do not show\n", tuning.bytes, 0.0);
  }
  return text +
         fmt::format("  {:>9} {:>15.1f}   the present pools\n", tuning.present_bytes,
                     static_cast<double>(tuning.present_refused) * 86400 / std::max(tuning.seconds, 1.0));
}

std::string possibleText(const Tuning& tuning) {
  std::string pays;
  std::string left;
  for (const PossiblePool& pool : tuning.possible) {
    const std::string line =
        fmt::format("  {:<12}{:>4} x {:<6}{:>8}   held at most {} bytes, in requests of {} to {}\n", pool.of,
                    pool.size.blocks, pool.size.block_size, pool.size.bytes(), pool.peak_bytes,
                    pool.from_bytes, pool.size.block_size);
    (pool.pays ? pays : left) += line;
  }
  if (!pays.empty()) pays = "\n  further pools that pay, if you want them\n" + pays;
  if (!left.empty()) left = "\n  better left on the heap\n" + left;
  return pays + left;
}

// What holds without any model: the rule of three.
std::string modelFreeText(const Tuning& tuning) {
  if (tuning.model_free_risk < 1) {
    return fmt::format(
        "without a model: a risk below {:.2g} for another device in {}, at 95 %, as nothing was "
        "refused in {}",
        tuning.model_free_risk, timeText(tuning.horizon_s), timeText(tuning.seconds));
  }
  return fmt::format(
      "without a model the traces, {} in all, are too short to bound the risk for another device "
      "in {}",
      timeText(tuning.seconds), timeText(tuning.horizon_s));
}

std::string futureText(const Tuning& tuning) {
  if (tuning.risk == 0) {
    return "\n  exact for the traces, and no word about the future: --horizon 30d asks for it\n  " +
           modelFreeText(tuning) + "\n";
  }
  std::string text = fmt::format("\n  for {} at a risk of {:g} that a pool is exhausted, a guess\n  {}\n",
                                 timeText(tuning.horizon_s), tuning.risk, modelFreeText(tuning));
  if (!tuning.unseen.empty()) {
    text += fmt::format("  unseen: {} requested too seldom; what each held at most is set apart\n",
                        fmt::join(tuning.unseen, ", "));
  }
  for (const auto& abstention : tuning.abstained) {
    text += fmt::format("  NO ANSWER for {}: {}{}\n", abstention.pool, abstention.why,
                        abstention.length_needed_s > 0 ? fmt::format("; traces of {} in all would do",
                                                                     timeText(abstention.length_needed_s))
                                                       : "");
  }
  return text;
}

}  // namespace

std::string tuningText(const Tuning& tuning) {
  std::string text = fmt::format("{} events in {}{}\n\n", tuning.events, timeText(tuning.seconds),
                                 tuning.lost != 0 ? fmt::format(", {} lost", tuning.lost) : "");
  for (const TunedPool& pool : tuning.pools) text += poolText(pool);
  text += fmt::format("  {:<21}{:>10}   before {}; the least is {}, of which {} were held\n", "in all",
                      tuning.bytes, tuning.present_bytes, tuning.least_bytes, tuning.held_bytes);
  text += fmt::format("  replayed through the library: {} refused\n", tuning.refused_in_replay);
  text += frontText(tuning) + possibleText(tuning) + futureText(tuning);
  for (const auto& leak : tuning.leaks) {
    text +=
        fmt::format("  LEAK: '{}' never gave back {} blocks of {}\n", leak.source, leak.blocks, leak.pool);
  }
  for (const std::string& hint : tuning.hints) text += fmt::format("  hint: {}\n", hint);
  return text;
}

std::string countersText(const sizing::Counters& counters) {
  std::string text = fmt::format("counters of {} {} from {} {}, {} in all\n\n", counters.devices,
                                 counters.devices == 1 ? "device" : "devices", counters.starts,
                                 counters.starts == 1 ? "start" : "starts", timeText(counters.seconds));
  for (const std::string& line : sizing::whatIfLines(counters)) text += "  " + line + "\n";
  for (const sizing::PoolCounters& pool : counters.pools) {
    text += fmt::format("\n  {}{}\n  {:>9} {:>9} {:>15}\n", pool.size.name,
                        pool.why_not_exact.empty() ? "" : ", an estimate: " + pool.why_not_exact,
                        pool.size.runs ? "granules" : "blocks", "bytes", "refused a day");
    for (std::size_t blocks = 0; blocks < pool.refused.size(); ++blocks) {
      text += fmt::format("  {:>9} {:>9} {:>15.1f}\n", blocks, blocks * pool.size.block_size,
                          static_cast<double>(pool.refused[blocks]) * 86400 / counters.seconds);
    }
  }
  return text;
}

}  // namespace millpond::cli
