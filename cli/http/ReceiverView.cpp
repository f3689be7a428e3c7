// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/http/ReceiverView.h"

#include <fmt/format.h>

#include <asio/post.hpp>
#include <future>
#include <memory>

#include "cli/http/DeviceView.h"
#include "cli/show/Error.h"

namespace millpond::cli {

namespace {

constexpr std::chrono::seconds patience{1};

// The receiver answers on its own thread, between two chunks.
ReceiverTotals askFor(asio::io_context& context, const Receiver& receiver) {
  const auto answer = std::make_shared<std::promise<ReceiverTotals>>();
  std::future<ReceiverTotals> totals = answer->get_future();
  asio::post(context, [answer, &receiver] { answer->set_value(receiver.totals()); });
  if (totals.wait_for(patience) != std::future_status::ready) throw Error("the receiver is busy");
  return totals.get();
}

}  // namespace

std::string receiverMetrics(const ReceiverTotals& totals, Metrics::Format format) {
  const bool open = format == Metrics::Format::open_metrics;
  std::string text;
  const auto add = [&](const char* name, const char* help, const char* type, auto value) {
    const bool counts = std::string_view(type) == "counter";
    const std::string head = fmt::format("millpond_receiver_{}{}", name, counts && !open ? "_total" : "");
    text += fmt::format("# HELP {} {}\n# TYPE {} {}\n", head, help, head, type);
    if (open && head.ends_with("_seconds")) text += fmt::format("# UNIT {} seconds\n", head);
    text += fmt::format("millpond_receiver_{}{} {}\n", name, counts ? "_total" : "", value);
  };
  add("streams", "Streams seen.", "counter", totals.streams);
  add("connected_streams", "Streams with a connection.", "gauge", totals.connected);
  add("lag_seconds", "How far the connected stream that lags most is behind real time.", "gauge",
      totals.lag_s);
  add("sound_seconds", "Sound put on file.", "counter", totals.sound_s);
  add("written_samples", "Samples put on file.", "counter", totals.written);
  add("missing_samples", "Samples that never came.", "counter", totals.missing);
  add("duplicate_samples", "Samples that came again.", "counter", totals.duplicates);
  add("gaps", "Gaps in streams.", "counter", totals.gaps);
  add("connections", "Connections accepted.", "counter", totals.connections);
  add("refused_connections", "Connections closed for what they sent, or for being too many.", "counter",
      totals.refused);
  add("bad_checksums", "Chunks with a wrong checksum.", "counter", totals.bad_checksums);
  add("write_errors", "Times that a file could not be written.", "counter", totals.write_errors);
  add("removed_recordings", "Recordings removed for their age or for room.", "counter", totals.removed);
  return open ? text + "# EOF\n" : text;
}

HttpContent viewOf(asio::io_context& context, const Receiver& receiver) {
  HttpContent content;
  content.pages = {
      {"/metrics",
       [&context, &receiver](std::string_view accept) {
         const Metrics::Format format = preferredFormat(accept);
         return HttpReply{Metrics::contentType(format), receiverMetrics(askFor(context, receiver), format)};
       }},
      {"/healthz",
       [](std::string_view) {
         return HttpReply{"text/plain; charset=utf-8", "ok\n"};
       },
       true},
  };
  return content;
}

}  // namespace millpond::cli
