// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// Any text as a scenario: it is refused in one line, or a device lives by it for a moment on each policy.
#include <stdexcept>
#include <string>

#include "lab/device/Scenario.h"
#include "lab/policies/Policies.h"
#include "lab/soak/Soak.h"
#include "tests/fuzz/Fuzzer.h"

namespace millpond::test {
namespace {

// Of a refusal that does not quote the text.
void requireOneLine(const std::runtime_error& refusal) {
  const std::string line = refusal.what();
  require(!line.empty() && line.find('\n') == std::string::npos);
}

}  // namespace

void fuzz(std::span<const std::byte> input) {
  lab::Scenario scenario{};
  try {
    scenario = lab::parseScenario({reinterpret_cast<const char*>(input.data()), input.size()}, "fuzz.toml");
  } catch (const std::runtime_error& refusal) {
    return requireOneLine(refusal);
  }
  constexpr double days = 2e-6;  // what happens as the device starts, and its first captures
  for (const std::string& policy : lab::policyNames()) {
    try {
      const lab::SoakResult result = lab::soak(scenario, policy, days, input.size());
      require(result.held_peak <= scenario.ram.total_bytes);
    } catch (const std::runtime_error& refusal) {
      requireOneLine(refusal);
    }
  }
}

}  // namespace millpond::test
