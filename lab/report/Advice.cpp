// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/report/Advice.h"

#include <fmt/format.h>

#include <algorithm>

#include "lab/report/HeapDemand.h"

namespace millpond::lab {

namespace {

constexpr std::array rest_classes{RequestClass::tls, RequestClass::pbuf, RequestClass::small};

const PolicySummary* find(const std::vector<PolicySummary>& summaries, const char* policy) {
  const auto found = std::ranges::find(summaries, policy, &PolicySummary::policy);
  return found == summaries.end() ? nullptr : &*found;
}

bool servedRest(const PolicySummary& summary) {
  return std::ranges::all_of(rest_classes, [&](RequestClass kind) { return summary.served(kind); });
}

std::string restRefused(const PolicySummary& summary) {
  std::string classes;
  for (const RequestClass kind : rest_classes) {
    if (summary.served(kind)) continue;
    const auto at = static_cast<std::size_t>(kind);
    classes += fmt::format("{}{} (up to {:.2g} requests a day)", classes.empty() ? "" : ", ",
                           request_class_names[at], summary.failures_a_day[at].max);
  }
  return classes;
}

std::string promise(const PolicySummary& pools) {
  if (pools.servedPooledClasses()) {
    return fmt::format(
        "Audio, network and general requests were all served by their pools in {} of {} devices, {} "
        "bytes of them from the heap.",
        pools.runs, pools.runs, pools.heap_bytes_from_pooled_classes);
  }
  return "Audio, network or general requests failed on pools: the pools are too small for this device.";
}

std::string rest(const Scenario& scenario, const PolicySummary& pools) {
  const HeapDemand largest = largestOnHeap(scenario, pools.policy).value();
  const bool lacking = pools.largest_request_min.min < largest.bytes;
  const std::string least = fmt::format(
      "at the worst moment of all devices it had room for a request of {:.0f} bytes, {} than the {} of the "
      "largest left to it, {}",
      pools.largest_request_min.min, lacking ? "less" : "no less", largest.bytes, largest.what);
  if (servedRest(pools)) return "The heap beside the pools served the rest; " + least + ".";
  return fmt::format(
      "The heap beside the pools refused {}: the ADR leaves these on a heap, and there they can "
      "still fail; {}.",
      restRefused(pools), least);
}

std::uint64_t netPoolBytes(const Scenario& scenario) {
  const Scenario::NetPools& pools = scenario.net_pools;
  return std::uint64_t{pools.pbuf_blocks} * pools.pbuf_block_bytes +
         std::uint64_t{pools.tls_blocks} * pools.tls_block_bytes +
         std::uint64_t{pools.tls_granules} * pools.tls_granule_bytes;
}

// What to do if nothing failed either way: how close it came.
std::string margin(const Scenario& scenario, const PolicySummary& pools, const PolicySummary& net,
                   const std::string& price) {
  const std::uint32_t largest = largestOnHeap(scenario, pools.policy).value().bytes;
  const double spare = pools.largest_request_min.min - largest;
  if (spare >= 0) {
    return fmt::format(
        "Advice: TLS records and pbufs can stay on the heap here, with {:.0f} bytes to spare above the "
        "largest request left to it, {} bytes; {}.",
        spare, largest, price);
  }
  return fmt::format(
      "Advice: give TLS records and pbufs pools of their own. Nothing failed without them, but there were "
      "moments when the largest hole lacked {:.0f} of the {} bytes of the largest request left to the heap: "
      "one more at such a moment would have been refused. With them nothing failed in {} devices either; {}.",
      -spare, largest, net.runs, price);
}

std::string netPools(const Scenario& scenario, const PolicySummary& pools, const PolicySummary& net) {
  const std::string price =
      fmt::format("pools for TLS records and pbufs take {} bytes", netPoolBytes(scenario));
  const bool without = servedRest(pools);
  const bool with = servedRest(net);
  if (!without && with) {
    return fmt::format(
        "Advice: give TLS records and pbufs pools of their own. With them nothing failed in {} "
        "devices; {}.",
        net.runs, price);
  }
  if (without && !with) {
    return fmt::format(
        "Advice: leave TLS records and pbufs on the heap here, or find more RAM. With pools for them {} of "
        "{} "
        "devices were refused {}: {}, which the rest lacks.",
        net.failed(), net.runs, restRefused(net), price);
  }
  if (without) return margin(scenario, pools, net, price);
  return fmt::format(
      "Advice: pools for TLS records and pbufs are no cure here: {} of {} devices failed without, {} "
      "of {} with them. Ask for less, mend leaks, or take more RAM.",
      pools.failed(), pools.runs, net.failed(), net.runs);
}

}  // namespace

std::vector<std::string> adviceOf(const Scenario& scenario, const std::vector<PolicySummary>& summaries) {
  const PolicySummary* pools = find(summaries, "pools");
  const PolicySummary* net = find(summaries, "pools+net");
  if (pools == nullptr) return {};
  std::vector<std::string> advice{promise(*pools), rest(scenario, *pools)};
  if (net != nullptr) advice.push_back(netPools(scenario, *pools, *net));
  return advice;
}

}  // namespace millpond::lab
