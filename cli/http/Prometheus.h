// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cli/http/HttpClient.h"
#include "sizing/FleetSizes.h"

namespace millpond::cli {

/// A Prometheus, by its HTTP API.
class Prometheus {
 public:
  struct Sample {
    std::map<std::string, std::string> labels;
    double value = 0;
  };

  /// `url` is where its pages are: "http://HOST:9090".
  Prometheus(std::string url, const std::string& token);

  /// Returns: the vector that `expression` gives at `time`, in seconds since 1970. Throws: `Error` if it is
  /// away, refuses, or is none.
  std::vector<Sample> query(const std::string& expression, double time);

 private:
  std::string url_;
  HttpClient client_;
};

/// Returns: what the devices that `prometheus` scrapes needed of their pools in the `range_s` seconds before
/// `now`. Asks for a day at a time, so that no query is too large for it, and calls `progress` with the
/// finished share. Restarts and gaps of a series are those that `increase` mends. Throws: `Error` as
/// `Prometheus::query`, if there are no such series, and for pools of one name whose blocks differ in size.
std::map<std::string, sizing::FleetPool> fleetPools(Prometheus& prometheus, double now, double range_s,
                                                    const std::function<void(double)>& progress);

}  // namespace millpond::cli
