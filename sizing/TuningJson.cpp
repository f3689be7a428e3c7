// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/TuningJson.h"

#include <nlohmann/json.hpp>

namespace millpond::sizing {

namespace {

nlohmann::json evidenceJson(const TunedPool& pool) {
  nlohmann::json json{{"pool", pool.answer.name}, {"least", toJson(pool.least)}, {"proof", pool.proof}};
  if (pool.guess) {
    json["erlang_blocks"] = pool.guess->erlang;
    json["erlang_refuted"] = pool.guess->erlangRefuted();
    json["chord_blocks"] = nullptr;
    if (pool.guess->chord) json["chord_blocks"] = *pool.guess->chord;
    json["set_apart_blocks"] = pool.set_apart;
  }
  if (pool.bounded) json["bounded_blocks"] = *pool.bounded;
  json["front"] = nlohmann::json::array();
  for (const FrontPoint& point : pool.front) {
    json["front"].push_back(
        {{"blocks", point.blocks}, {"refused", point.refused}, {"outage_s", point.outage_s}});
  }
  json["waste_bytes"] = pool.waste;
  return json;
}

}  // namespace

nlohmann::json toJson(const PoolSize& pool) {
  return {{"name", pool.name},
          {"kind", pool.runs ? "runs" : "blocks"},
          {"blocks", pool.blocks},
          {"block_size", pool.block_size}};
}

nlohmann::json toJson(const Tuning& tuning) {
  nlohmann::json json{{"bytes", tuning.bytes},
                      {"least_bytes", tuning.least_bytes},
                      {"present_bytes", tuning.present_bytes},
                      {"held_bytes", tuning.held_bytes},
                      {"refused_in_replay", tuning.refused_in_replay},
                      {"present_refused", tuning.present_refused},
                      {"horizon_s", tuning.horizon_s},
                      {"risk", tuning.risk},
                      {"model_free_risk", tuning.model_free_risk},
                      {"unseen", tuning.unseen},
                      {"hints", tuning.hints},
                      {"seconds", tuning.seconds},
                      {"events", tuning.events},
                      {"lost", tuning.lost}};
  for (const char* list : {"pools", "abstained", "leaks", "possible", "front", "evidence"}) {
    json[list] = nlohmann::json::array();
  }
  for (const TunedPool& pool : tuning.pools) {
    json["pools"].push_back(toJson(pool.answer));
    json["evidence"].push_back(evidenceJson(pool));
  }
  for (const Abstention& abstention : tuning.abstained) {
    json["abstained"].push_back(
        {{"pool", abstention.pool}, {"why", abstention.why}, {"length_needed_s", nullptr}});
    if (abstention.length_needed_s > 0)
      json["abstained"].back()["length_needed_s"] = abstention.length_needed_s;
  }
  for (const FoundLeak& leak : tuning.leaks) {
    json["leaks"].push_back({{"pool", leak.pool}, {"source", leak.source}, {"blocks", leak.blocks}});
  }
  for (const PossiblePool& possible : tuning.possible) {
    nlohmann::json row = toJson(possible.size);
    row.update({{"class", possible.of},
                {"from_bytes", possible.from_bytes},
                {"held_bytes", possible.peak_bytes},
                {"pays", possible.pays}});
    json["possible"].push_back(row);
  }
  for (const FrontRow& row : tuning.front) {
    json["front"].push_back({{"bytes", row.bytes},
                             {"refused_a_day", row.refused_a_day},
                             {"outage_s", row.outage_s},
                             {"blocks", row.blocks}});
  }
  return json;
}

}  // namespace millpond::sizing
