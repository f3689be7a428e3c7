// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/http/ReceiverView.h"

#include <fmt/format.h>

#include <chrono>

#include "cli/http/DeviceView.h"
#include "cli/show/Error.h"

namespace millpond::cli {

namespace {

// Without new figures for longer, something holds up the thread that serves the streams.
constexpr std::chrono::seconds most_age{10};

HttpReply healthOf(const Receiver& receiver) {
  const auto age = std::chrono::steady_clock::now() - receiver.figures().taken;
  if (age > most_age) {
    throw Error(fmt::format("the receiver has waited for its disk for {} s",
                            std::chrono::duration_cast<std::chrono::seconds>(age).count()));
  }
  return {"text/plain; charset=utf-8", "ok\n"};
}

}  // namespace

HttpContent viewOf(const Receiver& receiver) {
  HttpContent content;
  content.pages = {
      {"/metrics",
       [&receiver](std::string_view accept) {
         const Metrics::Format format = preferredFormat(accept);
         const auto now = std::chrono::steady_clock::now();
         return HttpReply{Metrics::contentType(format), receiver.figures().metrics(format, now)};
       }},
      {"/healthz", [&receiver](std::string_view) { return healthOf(receiver); }, true},
  };
  return content;
}

}  // namespace millpond::cli
