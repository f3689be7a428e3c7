// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/Hints.h"

#include <fmt/format.h>

#include <algorithm>

#include "sizing/LibraryCheck.h"

namespace millpond::sizing {

namespace {

// What the firmware guarantees needs no guess. Only its author can say it.
void hintAtBounds(const Tuning& answer, std::size_t at, const Grounds& grounds,
                  std::vector<std::string>& hints) {
  const TunedPool& tuned = answer.pools[at];
  if (!tuned.guess || tuned.bounded) return;
  const bool abstained = std::ranges::any_of(
      answer.abstained, [&](const Abstention& one) { return one.pool == tuned.present.name; });
  if (tuned.answer == tuned.least && !abstained) return;
  std::string bounds;
  for (const SourceDemand& source : grounds.survey.pools[grounds.pools[at]].sources) {
    if (!grounds.bounds.contains(source.source))
      bounds += fmt::format(" --at-most '{}={}'", grounds.workload.sources[source.source], source.peak);
  }
  hints.push_back(
      fmt::format("{}: {}. If the firmware guarantees that each source never holds more {} than in these "
                  "traces, declare it:{}",
                  tuned.present.name,
                  abstained ? "the traces are too short for a guess"
                            : fmt::format("the guess takes {} bytes more than the traces need",
                                          tuned.answer.bytes() - tuned.least.bytes()),
                  tuned.present.runs ? "buffers" : "blocks", bounds));
}

// A header compiles by itself; a manager with it only within the RAM that its configuration grants.
void hintAtRam(const Tuning& answer, std::vector<std::string>& hints) {
  const MemoryConfig config = configurationOf(answer.sizes());
  if (config.checkBudget(0) == ConfigError::none) return;
  hints.push_back(fmt::format(
      "{} bytes are more than a MemoryConfig grants by default: {} % of a total_ram of {}, and no "
      "more than an available_ram of {}. Set these to your device's, or the manager does not "
      "compile",
      answer.bytes, config.max_share_percent, config.total_ram, config.available_ram));
}

// What makes the answer less certain than it looks.
void hintAtTraces(const Workload& workload, std::vector<std::string>& hints) {
  for (const RecordedDevice& device : workload.devices) {
    if (device.missing_packets != 0) {
      hints.push_back(
          fmt::format("{}: {} packets of its trace are missing; what it held in them is not known",
                      device.name, device.missing_packets));
    }
    if (device.other_sizes) {
      hints.push_back(fmt::format("{}: its pools have other sizes than those of {}, which are shown",
                                  device.name, workload.devices[0].name));
    }
  }
}

}  // namespace

std::vector<std::string> hintsAt(const Tuning& answer, const Grounds& grounds) {
  std::vector<std::string> hints;
  for (std::size_t at = 0; at < answer.pools.size(); ++at) hintAtBounds(answer, at, grounds, hints);
  hintAtRam(answer, hints);
  hintAtTraces(grounds.workload, hints);
  return hints;
}

}  // namespace millpond::sizing
