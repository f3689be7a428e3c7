// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/policies/Policies.h"

#include <stdexcept>

#include "lab/heaps/EspIdfHeap.h"
#include "lab/heaps/FirstFitHeap.h"
#include "lab/heaps/TlsfHeap.h"
#include "lab/policies/HeapPolicy.h"
#include "lab/policies/PluginPolicy.h"
#include "lab/policies/PoolPolicy.h"
#include "lab/policies/StaticPolicy.h"

namespace millpond::lab {

const std::vector<std::string>& policyNames() {
  static const std::vector<std::string> names{"pools", "pools+net", "esp-idf", "heap_4", "tlsf", "static"};
  return names;
}

std::string policyName(const std::string& name) { return name == "first-fit" ? "heap_4" : name; }

std::unique_ptr<Policy> makePolicy(const std::string& given, const Scenario& scenario,
                                   std::span<std::byte> ram) {
  const std::string name = policyName(given);
  const std::uint32_t static_bytes = scenario.ram.static_bytes;
  const std::string plugin = "plugin:";
  if (name == "pools") return std::make_unique<PoolPolicy>(scenario, ram, false);
  if (name == "pools+net") return std::make_unique<PoolPolicy>(scenario, ram, true);
  if (name == "esp-idf") return std::make_unique<HeapPolicy<EspIdfHeap>>(ram, static_bytes);
  if (name == "heap_4") return std::make_unique<HeapPolicy<FirstFitHeap>>(ram, static_bytes);
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
