// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "Affinity.h"
#include "Results.h"
#include "SharedHeap.h"

namespace millpond::bench {

namespace {

struct Heading {
  const char* pattern;
  const char* text;
};

// The order of the table, too.
constexpr std::array headings{
    Heading{"pair", "(a) A block of 4096 bytes taken and given back on one thread"},
    Heading{"pair-holding",
            "    The same while others are held: all the others of Millpond's, 3 of the rest's"},
    Heading{"pair-2-threads", "(b) Two threads, each a pair at a time; Millpond: both from one pool"},
    Heading{"hand-over", "(c) Taken on one thread, sent through a ring, given back on the other"},
    Heading{"general", "    Runs of 1 and 8 granules of 512 bytes, and of 1 to 8 mixed, on one thread"},
};

Ratio ratioTo(const Row* base, const Row& row) { return base == nullptr ? Ratio{} : row.timesOf(*base); }

void printRow(const Results& results, const Row& row) {
  const Ratio times = ratioTo(results.millpondBeside(row), row);
  std::printf("  %-22s %6s %9.2f %9.2f %11.2f %6.2f %5.2f %11.2f\n", row.allocator.c_str(),
              row.parameter.c_str(), row.median(), row.best(), times.median, times.low, times.high,
              ratioTo(results.bareList(), row).median);
}

// As the kernel tells it, or "?".
std::string processorName() {
  std::ifstream lines("/proc/cpuinfo");
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("model name")) return line.substr(std::min(line.size(), line.find(':') + 2));
  }
  return "?";
}

void printConditions() {
  double load = 0;
  getloadavg(&load, 1);
  std::printf("malloc: %s\nmimalloc: %s\njemalloc: %s\nprocessors: %d, %s, load: %.1f\n",
              mallocOrigin().c_str(), mimalloc.origin.c_str(), jemalloc.origin.c_str(), processors(),
              processorName().c_str(), load);
  if (processors() < 2 || load > processors()) {
    std::printf(
        "Two threads do not have a processor each: (b) and (c) show the scheduler more than the rest.\n");
  }
}

}  // namespace

void printTable(const Results& results) {
  printConditions();
  std::printf(
      "\nNanoseconds for each pair, median and best round: processor time of one thread, wall time of two\n"
      "together. Then how many times as long as Millpond's typed interface with everything on, and as a\n"
      "bare free list on one thread: the median of the ratios within each round, and what a tenth of them\n"
      "lie below and above. Millpond's time comes from a tick, as on a device, or from the host's coarse\n"
      "clock at each allocation (system-clock).\n");
  for (const Heading& heading : headings) {
    std::printf("\n%s\n  %-22s %6s %9s %9s %11s %6s %5s %11s\n", heading.text, "", "blocks", "median", "best",
                "x Millpond", "from", "to", "x bare list");
    for (const Row& row : results.rows()) {
      if (row.pattern == heading.pattern) printRow(results, row);
    }
  }
  std::printf("\n");
  for (const Verdict& verdict : results.verdicts()) {
    std::printf("%-70s %6.2f (%.2f to %.2f)  %s\n", verdict.claim.c_str(), verdict.ratio.median,
                verdict.ratio.low, verdict.ratio.high, verdict.met ? "met" : "missed");
  }
}

void printJson(const Results& results) {
  const char* separator = "";
  std::printf("{\"rows\": [");
  for (const Row& row : results.rows()) {
    const Ratio times = ratioTo(results.millpondBeside(row), row);
    std::printf(
        "%s\n  {\"pattern\": \"%s\", \"allocator\": \"%s\", \"parameter\": \"%s\", \"ns_median\": %.3f, "
        "\"ns_best\": %.3f, \"times_millpond\": %.3f, \"times_millpond_low\": %.3f, "
        "\"times_millpond_high\": %.3f, \"times_bare_list\": %.3f}",
        separator, row.pattern.c_str(), row.allocator.c_str(), row.parameter.c_str(), row.median(),
        row.best(), times.median, times.low, times.high, ratioTo(results.bareList(), row).median);
    separator = ",";
  }
  separator = "";
  std::printf("\n], \"verdicts\": [");
  for (const Verdict& verdict : results.verdicts()) {
    std::printf("%s\n  {\"claim\": \"%s\", \"ratio\": %.3f, \"low\": %.3f, \"high\": %.3f, \"met\": %s}",
                separator, verdict.claim.c_str(), verdict.ratio.median, verdict.ratio.low, verdict.ratio.high,
                verdict.met ? "true" : "false");
    separator = ",";
  }
  std::printf("\n]}\n");
}

}  // namespace millpond::bench
