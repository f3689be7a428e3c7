// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/device/SoakResult.h"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace millpond::lab {

namespace {

double seconds(std::uint64_t micros) { return static_cast<double>(micros) / 1e6; }

std::string hex(std::uint64_t value) {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(value));
  return text.data();
}

nlohmann::json toJson(const std::optional<FailedRequest>& failure) {
  if (!failure) return nullptr;
  return {{"class", request_class_names[static_cast<std::size_t>(failure->kind)]},
          {"t_s", seconds(failure->time_us)},
          {"bytes", failure->bytes},
          {"free", failure->free},
          {"largest", failure->largest}};
}

nlohmann::json toJson(const StepSpread& steps) {
  return {{"median", steps.median}, {"p999", steps.p999}, {"max", steps.max}};
}

nlohmann::json toJson(const std::vector<Leak>& leaks) {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  nlohmann::json by_source = nlohmann::json::object();
  for (const Leak& leak : leaks) {
    count += leak.count;
    bytes += leak.bytes;
    by_source[leak.source] = {{"count", leak.count}, {"bytes", leak.bytes}};
  }
  return {{"count", count}, {"bytes", bytes}, {"by_source", by_source}};
}

nlohmann::json toJson(const std::vector<LeakNaming>& names) {
  nlohmann::json list = nlohmann::json::array();
  for (const LeakNaming& named : names) {
    list.push_back(
        {{"source", named.source}, {"named_at_s", seconds(named.time_us)}, {"leaks", named.leaks}});
  }
  return list;
}

nlohmann::json toJson(const std::vector<Warning>& warnings) {
  nlohmann::json list = nlohmann::json::array();
  for (const Warning& warning : warnings) {
    list.push_back({{"key", warning.key}, {"value", warning.value}, {"text", warning.text}});
  }
  return list;
}

nlohmann::json toJson(const MemorySample& sample) {
  return {{"t_s", seconds(sample.time_us)}, {"free", sample.free},
          {"largest", sample.largest},      {"fragmentation", sample.fragmentation()},
          {"scatter", sample.scatter()},    {"held", sample.held}};
}

// A cell is a character from 0 (free) to z (fully held), and one for the class that has most of it: the digit
// of the class, or a dash for what no request has. So a map of 100 rows takes 26 KB.
nlohmann::json toJson(const MapRow& row) {
  static constexpr char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string cells;
  for (const std::uint8_t used : row.used) cells += digits[used * 35U / 255U];
  std::string kinds;
  for (const std::uint8_t kind : row.kinds) kinds += kind < request_classes ? digits[kind] : '-';
  return {{"t_s", seconds(row.time_us)}, {"cells", cells}, {"kinds", kinds}};
}

nlohmann::json toJson(const std::vector<MapRow>& map, const std::optional<MapRow>& at_failure) {
  nlohmann::json rows = nlohmann::json::array();
  for (const MapRow& row : map) rows.push_back(toJson(row));
  return {{"columns", map.front().used.size()},
          {"rows", rows},
          {"at_failure", at_failure ? toJson(*at_failure) : nlohmann::json(nullptr)}};
}

}  // namespace

double MemorySample::fragmentation() const {
  return free == 0 ? 0 : 1 - static_cast<double>(largest) / static_cast<double>(free);
}

double MemorySample::scatter() const {
  return free == 0 ? 0 : 1 - std::sqrt(static_cast<double>(free_squares)) / static_cast<double>(free);
}

nlohmann::json toJson(const SoakResult& result) {
  nlohmann::json failures = nlohmann::json::object();
  nlohmann::json firsts = nlohmann::json::object();
  for (std::size_t kind = 0; kind < request_classes; ++kind) {
    failures[request_class_names[kind]] = result.failures[kind];
    firsts[request_class_names[kind]] = toJson(result.first_failure_by_class[kind]);
  }
  nlohmann::json json{
      {"policy", result.policy},
      {"scenario", result.scenario},
      {"seed", result.seed},
      {"days", result.days},
      {"events", result.events},
      {"allocations", result.allocations},
      {"requests_hash", hex(result.requests_hash)},
      {"first_failure", toJson(result.first_failure)},
      {"first_failure_by_class", firsts},
      {"failures", failures},
      {"samples_lost", result.samples_lost},
      {"sound_lost_s", result.sound_lost_s},
      {"largest_free_min", result.largest_free_min},
      {"largest_free_min_t_s", seconds(result.largest_free_min_time_us)},
      {"largest_request_min", result.largest_request_min},
      {"held_peak", result.held_peak},
      {"heap_bytes_from_pooled_classes", result.heap_bytes_from_pooled_classes},
      {"leaks", toJson(result.leaks)},
      {"leak_watch", toJson(result.leak_watch)},
      {"warnings", toJson(result.warnings)},
      {"backlog_bytes", result.backlog_bytes},
      {"steps",
       {{"alloc", toJson(result.allocate_steps)},
        {"free", toJson(result.release_steps)},
        {"pooled",
         {{"alloc", toJson(result.pooled_allocate_steps)}, {"free", toJson(result.pooled_release_steps)}}}}},
      {"digest", hex(result.digest)},
      {"seconds", result.seconds},
  };
  if (!result.timeline.empty()) {
    nlohmann::json& timeline = json["timeline"] = nlohmann::json::array();
    for (const MemorySample& sample : result.timeline) timeline.push_back(toJson(sample));
  }
  if (!result.map.empty()) json["map"] = toJson(result.map, result.map_at_failure);
  return json;
}

}  // namespace millpond::lab
