// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/policies/Policies.h"

#include <stdexcept>

#include "lab/heaps/FirstFitHeap.h"
#include "lab/heaps/TlsfHeap.h"
#include "lab/policies/HeapPolicy.h"
#include "lab/policies/PluginPolicy.h"
#include "lab/policies/PoolPolicy.h"
#include "lab/policies/StaticPolicy.h"

namespace millpond::lab {

const std::vector<std::string>& policyNames() {
  static const std::vector<std::string> names{"pools", "pools+net", "first-fit", "tlsf", "static"};
  return names;
}

std::unique_ptr<Policy> makePolicy(const std::string& name, const Scenario& scenario,
                                   std::span<std::byte> ram) {
  const std::uint32_t static_bytes = scenario.ram.static_bytes;
  const std::string plugin = "plugin:";
  if (name == "pools") return std::make_unique<PoolPolicy>(scenario, ram, false);
  if (name == "pools+net") return std::make_unique<PoolPolicy>(scenario, ram, true);
  if (name == "first-fit") return std::make_unique<HeapPolicy<FirstFitHeap>>(ram, static_bytes);
  if (name == "tlsf") return std::make_unique<HeapPolicy<TlsfHeap>>(ram, static_bytes);
  if (name == "static") return std::make_unique<StaticPolicy>(scenario, ram);
  if (name.starts_with(plugin)) {
    return std::make_unique<PluginPolicy>(name.substr(plugin.size()), ram, static_bytes);
  }
  std::string names;
  for (const std::string& known : policyNames()) names += known + ", ";
  throw std::runtime_error("no policy " + name + ": there are " + names + "plugin:FILE.so");
}

}  // namespace millpond::lab
