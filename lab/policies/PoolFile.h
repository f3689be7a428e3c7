// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "millpond/MemoryConfig.h"

namespace millpond::lab {

/// The pools of a JSON file, as `millpond tune --json` prints them: a list `pools`, each with `name`, `kind`
/// ("blocks" or "runs"), `blocks` and `block_size`. A pool serves the class of requests of its name, or those
/// that its list `classes` names.
class PoolFile {
 public:
  /// Throws: std::runtime_error with one line that says what is wrong and what is allowed.
  explicit PoolFile(const std::filesystem::path& file);
  PoolFile(const nlohmann::json& json, std::string name);

  /// The configuration, whose `check()` is none. ADR-002's pools that the file does not have are empty.
  const MemoryConfig& config() const { return config_; }

  /// The pool for a request: the first of the file that serves its class and is large enough; else the last
  /// that serves it. `PoolId::none`: none does, so that the request goes to the heap.
  PoolId poolFor(std::string_view request_class, std::uint32_t bytes) const;

 private:
  struct Row {
    PoolId id;
    std::size_t largest;
    std::vector<std::string> classes;
  };
  void read(const nlohmann::json& json);
  void add(const nlohmann::json& pool);
  void place(const PoolSpec& spec, const std::string& name, std::vector<std::string> classes);
  [[noreturn]] void fail(const std::string& what) const;

  std::string name_;
  MemoryConfig config_;
  std::size_t more_ = 0;
  std::vector<Row> rows_;
};

}  // namespace millpond::lab
