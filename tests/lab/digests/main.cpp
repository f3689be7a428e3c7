// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// Prints the digest of half an hour of every built-in scenario on every policy.
#include <cinttypes>
#include <cstdio>

#include "lab/policies/Policies.h"
#include "lab/soak/Soak.h"

int main() {
  for (const std::string& name : millpond::lab::builtInScenarios()) {
    const millpond::lab::Scenario scenario = millpond::lab::loadScenario(name);
    for (const std::string& policy : millpond::lab::policyNames()) {
      const auto result = millpond::lab::soak(scenario, policy, 0.02, 1);
      std::printf("%s %s %016" PRIx64 "\n", name.c_str(), policy.c_str(), result.digest);
    }
  }
}
