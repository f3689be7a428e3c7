// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// Does a stated risk hold? Makes traces of processes whose truth is known in closed form, asks the tuner for
// 30 days at a risk of 1e-3 from each, and prints how often the true risk of its answer is at most that.
// Usage: millpond_calibration [TRACES [PROCESS]]
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>
#include <queue>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "sizing/Extrapolation.h"
#include "sizing/Study.h"
#include "sizing/Survey.h"
#include "sizing/Workload.h"

namespace {

using millpond::sizing::DemandLog;
using millpond::sizing::Extrapolation;
using millpond::sizing::Horizon;
using millpond::sizing::lossRates;
using millpond::sizing::SourceDemand;
using millpond::sizing::Survey;
using millpond::sizing::Workload;

using Random = std::mt19937_64;

constexpr double day = 86400;
constexpr Horizon horizon{30 * day, 1e-3};
constexpr std::uint32_t most_blocks = 160;

/// A batch of blocks that come and go together.
struct Batch {
  double start;
  double life;
  std::uint32_t blocks;
  std::string_view source;
};
using Batches = std::vector<Batch>;
using Draw = std::function<double(Random&)>;
using DrawBlocks = std::function<std::uint32_t(Random&)>;

double uniform(Random& random, double low, double high) {
  return std::uniform_real_distribution(low, high)(random);
}

Draw exponential(double mean) {
  return [mean](Random& random) { return std::exponential_distribution(1 / mean)(random); };
}
Draw pareto(double mean, double shape) {
  const double least = mean * (shape - 1) / shape;
  return [=](Random& random) { return least * std::pow(1 - uniform(random, 0, 1), -1 / shape); };
}
double messageLife(Random& random) {
  return uniform(random, 0, 1) < 0.04 ? uniform(random, 1, 4) : uniform(random, 0.005, 0.4);
}
DrawBlocks evenly(std::uint32_t low, std::uint32_t high) {
  return [=](Random& random) { return std::uniform_int_distribution(low, high)(random); };
}
/// The shares of `evenly`, by the number of blocks.
std::vector<double> shares(std::uint32_t low, std::uint32_t high) {
  std::vector<double> result(high + 1);
  std::fill(result.begin() + low, result.end(), 1.0 / (high - low + 1));
  return result;
}

/// Batches at random, `rate` a second; in the first hour of each day `busy` times as many.
void arrive(Random& random, double seconds, double rate, const Draw& life, const DrawBlocks& blocks,
            Batches& batches, std::string_view source = "process", double busy = 1) {
  std::exponential_distribution<double> next(rate * busy);
  for (double time = next(random); time < seconds; time += next(random)) {
    if (std::fmod(time, day) >= 3600 && uniform(random, 0, busy) >= 1) continue;
    batches.push_back({time, life(random), blocks(random), source});
  }
}

/// `count` tasks, each of which holds a batch while it is on.
void takeTurns(Random& random, double seconds, int count, double on, double off, const DrawBlocks& blocks,
               Batches& batches) {
  for (int task = 0; task < count; ++task) {
    for (double time = exponential(off)(random); time < seconds; time += exponential(off)(random)) {
      const double life = exponential(on)(random);
      batches.push_back({time, life, blocks(random), "process"});
      time += life;
    }
  }
}

/// How often a second demand for more than each number of blocks begins, for `takeTurns`.
std::vector<double> turnRates(int count, double on, double off, const std::vector<double>& batch) {
  const double share = on / (on + off);
  std::vector<double> rest{1.0};
  for (int other = 1; other < count; ++other) {
    std::vector<double> more(rest.size() + batch.size() - 1);
    for (std::size_t held = 0; held < rest.size(); ++held) {
      more[held] += rest[held] * (1 - share);
      for (std::size_t blocks = 1; blocks < batch.size(); ++blocks)
        more[held + blocks] += rest[held] * share * batch[blocks];
    }
    rest = more;
  }
  std::vector<double> rates(most_blocks + 1);
  for (std::size_t level = 0; level <= most_blocks; ++level) {
    for (std::size_t held = 0; held < rest.size() && held <= level; ++held) {
      for (std::size_t blocks = level + 1 - held; blocks < batch.size(); ++blocks) {
        rates[level] += count / (on + off) * rest[held] * batch[blocks];
      }
    }
  }
  return rates;
}

/// A process, its trace, and its truth.
struct Process {
  std::string name;
  double days;
  std::function<void(Random&, double, Batches&)> make;
  /// How often a second demand for more than each number of blocks begins.
  std::vector<double> rates;
  std::optional<std::uint32_t> bound;
};

std::vector<double> rareBurstRates() {
  const auto base = lossRates(1, 3, {0, 1}, most_blocks);
  const auto burst = lossRates(1 / (5 * day), 1e-12, shares(6, 12), most_blocks);
  std::vector<double> rates = base;
  double held = std::exp(-3.0);
  for (std::size_t level = 0; level <= most_blocks; held *= 3.0 / static_cast<double>(++level)) {
    for (std::size_t above = level; above <= most_blocks; ++above)
      rates[above] += held * burst[above - level];
  }
  return rates;
}

std::vector<double> busyHourRates() {
  std::vector<double> rates = lossRates(1, 3, {0, 1}, most_blocks);
  const auto busy = lossRates(3, 9, {0, 1}, most_blocks);
  for (std::size_t level = 0; level < rates.size(); ++level)
    rates[level] = (23 * rates[level] + busy[level]) / 24;
  return rates;
}

std::vector<Process> processes() {
  constexpr double message_rate = 1 / 0.24;
  constexpr double message_load = message_rate * (0.96 * 0.2025 + 0.04 * 2.5);
  const auto one = evenly(1, 1);
  return {
      {"messages",
       1,
       [=](Random& r, double t, Batches& b) { arrive(r, t, message_rate, messageLife, one, b); },
       lossRates(message_rate, message_load, {0, 1}, most_blocks),
       {}},
      {"strings in batches",
       1,
       [=](Random& r, double t, Batches& b) { arrive(r, t, message_rate, messageLife, evenly(2, 10), b); },
       lossRates(message_rate, message_load, shares(2, 10), most_blocks),
       {}},
      {"M/M/inf, load 8",
       1,
       [=](Random& r, double t, Batches& b) { arrive(r, t, 2, exponential(4), one, b); },
       lossRates(2, 8, {0, 1}, most_blocks),
       {}},
      {"Pareto lives",
       1,
       [=](Random& r, double t, Batches& b) { arrive(r, t, 1, pareto(5, 1.5), one, b); },
       lossRates(1, 5, {0, 1}, most_blocks),
       {}},
      {"8 tasks on and off", 1,
       [=](Random& r, double t, Batches& b) { takeTurns(r, t, 8, 0.1, 0.9, one, b); },
       turnRates(8, 0.1, 0.9, {0, 1}), 8},
      {"busy hour, x 3",
       1,
       [=](Random& r, double t, Batches& b) { arrive(r, t, 1, exponential(3), one, b, "process", 3); },
       busyHourRates(),
       {}},
      {"bursts every 5 days",
       1,
       [=](Random& r, double t, Batches& b) {
         arrive(r, t, 1, exponential(3), one, b);
         arrive(r, t, 1 / (5 * day), exponential(10), evenly(6, 12), b, "burst");
       },
       rareBurstRates(),
       {}},
      {"slow sessions", 3,
       [=](Random& r, double t, Batches& b) { takeTurns(r, t, 3, 2460, 900, evenly(4, 8), b); },
       turnRates(3, 2460, 900, shares(4, 8)), 24},
  };
}

/// The trace of a device that did `batches` in `seconds`.
Workload traced(Batches batches, double seconds) {
  std::ranges::sort(batches, {}, &Batch::start);
  Workload workload;
  workload.pools = {{"blocks", false, 1, 16}};
  workload.devices.emplace_back();
  DemandLog& log = workload.devices.back().log;
  using End = std::pair<double, DemandLog::Slot>;
  std::priority_queue<End, std::vector<End>, std::greater<>> ends;
  const auto micros = [](double time) { return static_cast<std::uint64_t>(time * 1e6); };
  const auto giveUntil = [&](double time) {
    for (; !ends.empty() && ends.top().first <= time; ends.pop())
      log.give(micros(ends.top().first), ends.top().second);
  };
  for (const Batch& batch : batches) {
    giveUntil(batch.start);
    for (std::uint32_t block = 0; block < batch.blocks; ++block) {
      const auto slot = log.take(micros(batch.start), {0, workload.sources.of(batch.source), 16});
      ends.emplace(batch.start + batch.life, slot);
    }
  }
  giveUntil(seconds);
  log.endAt(micros(seconds));
  return workload;
}

struct Answer {
  std::optional<std::uint32_t> blocks;
  bool unseen = false;
};

Answer answerTo(const Workload& workload) {
  const Survey survey(workload);
  const auto studies = millpond::sizing::study(workload, survey, 16, {});
  const Extrapolation guess = millpond::sizing::extrapolate(studies[0].usual, horizon);
  Answer answer{guess.blocks};
  for (const SourceDemand& source : survey.pools[0].sources) {
    if (answer.blocks) *answer.blocks += source.rare ? source.peak : source.permanent;
    answer.unseen |= source.rare;
  }
  if (answer.blocks) answer.blocks = std::max(*answer.blocks, survey.pools[0].peak);
  if (survey.pools[0].leak() != nullptr) answer.blocks.reset();
  return answer;
}

double trueRisk(const Process& process, std::uint32_t blocks) {
  return -std::expm1(-process.rates[std::min<std::size_t>(blocks, most_blocks)] * horizon.seconds);
}

void calibrate(const Process& process, std::uint32_t traces) {
  std::uint32_t right = 0;
  while (trueRisk(process, right) > horizon.risk) ++right;
  std::vector<std::uint32_t> answers;
  std::uint32_t holds = 0;
  std::uint32_t unseen = 0;
  double risk = 0;
  for (std::uint32_t trace = 0; trace < traces; ++trace) {
    Random random(1000 + trace);
    Batches batches;
    process.make(random, process.days * day, batches);
    const Answer answer = answerTo(traced(std::move(batches), process.days * day));
    unseen += answer.unseen ? 1 : 0;
    if (!answer.blocks) continue;
    answers.push_back(*answer.blocks);
    const double truth = trueRisk(process, *answer.blocks);
    risk += truth;
    holds += truth <= horizon.risk ? 1 : 0;
  }
  std::ranges::sort(answers);
  const auto answered = static_cast<double>(std::max<std::size_t>(answers.size(), 1));
  fmt::print(
      "| {} | {} | {:.1f} % | {} | {} | {} | {} | {} |\n", process.name, right,
      100 * (1 - static_cast<double>(answers.size()) / traces),
      answers.empty() ? "-" : fmt::format("{:.1f} %", 100 * holds / answered),
      answers.empty() ? "-" : fmt::format("{:.1e}", risk / answered),
      answers.empty()
          ? "-"
          : fmt::format("{:+d}", static_cast<int>(answers[answers.size() / 2]) - static_cast<int>(right)),
      unseen != 0 ? fmt::format("{:.1f} %", 100.0 * unseen / traces) : "-",
      process.bound ? fmt::format("{}, true risk {:.0e}", *process.bound, trueRisk(process, *process.bound))
                    : "-");
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
  std::uint32_t traces = 200;
  const std::string_view text = count > 1 ? arguments[1] : "200";
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), traces);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size() || traces == 0 || count > 3) {
    fmt::print(stderr, "usage: millpond_calibration [TRACES [PROCESS]]\n");
    return 2;
  }
  fmt::print(
      "| process | right | abstains | holds in | mean true risk | median above right | names a source unseen "
      "| "
      "declared bound |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
  for (const Process& process : processes()) {
    if (count < 3 || process.name.find(arguments[2]) != std::string::npos) calibrate(process, traces);
  }
}
