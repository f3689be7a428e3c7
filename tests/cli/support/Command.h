// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/cli/support/Process.h"
#include "tests/support/Eventually.h"

namespace millpond::test {

/// Returns: the command line of the real `millpond` with these arguments.
inline std::vector<std::string> millpond(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), MILLPOND_COMMAND);
  return arguments;
}

/// A `millpond receive` that runs beside the test.
class ReceiveProcess : public Process {
 public:
  ReceiveProcess(const std::filesystem::path& folder, const std::string& listen,
                 std::vector<std::string> more = {}, int output = -1)
      : Process(millpond(arguments(folder, listen, std::move(more))), false, output) {}

  /// Returns: HOST:PORT once it listens; empty where it does not.
  std::string address() const {
    const std::string mark = "listening on ";
    std::string text;
    const bool listens = eventually([&] {
      text = err();
      const std::size_t at = text.find(mark);
      return at != std::string::npos && text.find('\n', at) != std::string::npos;
    });
    if (!listens) return {};
    const std::size_t start = text.find(mark) + mark.size();
    return text.substr(start, text.find('\n', start) - start);
  }

 private:
  static std::vector<std::string> arguments(const std::filesystem::path& folder, const std::string& listen,
                                            std::vector<std::string> more) {
    std::vector<std::string> all{"receive", "--listen", listen, "--out", folder.string(), "--json"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

/// Returns: the one JSON object that `text` is. Throws where it is none.
inline nlohmann::json parse(const std::string& text) {
  nlohmann::json json = nlohmann::json::parse(text);
  if (!json.is_object()) throw std::runtime_error("no JSON object: " + text);
  return json;
}

}  // namespace millpond::test
