// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/policies/PoolFile.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "lab/heaps/FirstFitHeap.h"

namespace millpond::lab {

namespace {

constexpr std::size_t longest_name = PoolName::capacity - 1;

nlohmann::json jsonIn(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in || std::filesystem::is_directory(file)) throw std::runtime_error("cannot read " + file.string());
  nlohmann::json json = nlohmann::json::parse(in, nullptr, false);
  if (json.is_discarded()) throw std::runtime_error(file.string() + " is not JSON");
  return json;
}

const char* reasonOf(ConfigError error) {
  switch (error) {
    case ConfigError::too_many_blocks:
      return "a pool has at most 1024 blocks";
    case ConfigError::misaligned_block:
      return "a block_size must be a multiple of 8 above 0";
    case ConfigError::granule_not_power_of_two:
      return "the block_size of runs must be a power of two";
    case ConfigError::block_too_large:
      return "a block_size must stay below 16 MiB, and so must 32 granules";
    case ConfigError::duplicate_name:
      return "two pools have the same name, or one is named heap";
    default:
      return "the pools are too large together";
  }
}

}  // namespace

PoolFile::PoolFile(const std::filesystem::path& file) : PoolFile(jsonIn(file), file.string()) {}

PoolFile::PoolFile(const nlohmann::json& json, std::string name)
    : name_(std::move(name)),
      config_{.audio_buffer_pool_size = 0,
              .network_buffer_pool_size = 0,
              .general_buffer_pool_size = 0,
              .alignment = FirstFitHeap::device_alignment} {
  try {
    read(json);
  } catch (const nlohmann::json::exception&) {
    fail("it needs a list `pools`, each with name, kind (blocks or runs), blocks and block_size");
  }
  const ConfigError error = config_.check();
  if (error != ConfigError::none) fail(reasonOf(error));
}

void PoolFile::fail(const std::string& what) const { throw std::runtime_error(name_ + ": " + what); }

void PoolFile::read(const nlohmann::json& json) {
  const nlohmann::json& pools = json.at("pools");
  if (!pools.is_array() || pools.empty()) fail("its list `pools` is empty");
  for (const nlohmann::json& pool : pools) add(pool);
}

void PoolFile::add(const nlohmann::json& pool) {
  const std::string name = pool.at("name").get<std::string>();
  const std::string kind = pool.at("kind").get<std::string>();
  if (name.empty() || name.size() > longest_name)
    fail("a pool's name has 1 to 15 characters, not \"" + name + '"');
  if (kind != "blocks" && kind != "runs") fail("the kind of " + name + " is blocks or runs, not " + kind);
  PoolSpec spec;
  spec.kind = kind == "runs" ? PoolKind::runs : PoolKind::blocks;
  for (const auto& [key, number] :
       {std::pair{"blocks", &spec.blocks}, std::pair{"block_size", &spec.block_size}}) {
    if (!pool.at(key).is_number_unsigned())
      fail("the " + std::string(key) + " of " + name + " is not a whole number");
    *number = pool.at(key).get<std::size_t>();
  }
  std::copy(name.begin(), name.end(), spec.name.text);
  place(spec, name, pool.value("classes", std::vector{name}));
}

// ADR-002's pools have rows of their own, each of its kind.
void PoolFile::place(const PoolSpec& spec, const std::string& name, std::vector<std::string> classes) {
  const std::size_t units = spec.isRuns() ? std::min(spec.blocks, MemoryConfig::max_run) : 1;
  const auto take = [&](std::size_t row) {
    rows_.push_back({poolIdOf(row), units * spec.block_size, std::move(classes)});
  };
  const auto adr = [&](std::size_t row, PoolKind kind, std::size_t& blocks, std::size_t& block_size) {
    if (blocks != 0) fail("two pools have the name " + name);
    if (spec.kind != kind)
      fail("the kind of " + name + " is " + (kind == PoolKind::runs ? "runs" : "blocks"));
    blocks = spec.blocks;
    block_size = spec.block_size;
    take(row);
  };
  if (name == "audio")
    return adr(0, PoolKind::blocks, config_.audio_buffer_pool_size, config_.audio_block_size);
  if (name == "network")
    return adr(1, PoolKind::blocks, config_.network_buffer_pool_size, config_.network_block_size);
  if (name == "general")
    return adr(2, PoolKind::runs, config_.general_buffer_pool_size, config_.general_block_size);
  if (more_ == config_.more.size()) fail("at most 5 pools have other names than audio, network and general");
  take(adr_pools + more_);
  config_.more[more_++] = spec;
}

PoolId PoolFile::poolFor(std::string_view request_class, std::uint32_t bytes) const {
  PoolId last = PoolId::none;
  for (const Row& row : rows_) {
    if (std::ranges::find(row.classes, request_class) == row.classes.end()) continue;
    last = row.id;
    if (bytes <= row.largest) break;
  }
  return last;
}

}  // namespace millpond::lab
