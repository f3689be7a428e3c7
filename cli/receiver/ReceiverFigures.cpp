// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/receiver/ReceiverFigures.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace millpond::cli {

namespace {

constexpr unsigned bytes_a_sample = 2;

class ReceiverMetricsText {
 public:
  explicit ReceiverMetricsText(Metrics::Format format)
      : open_metrics_(format == Metrics::Format::open_metrics) {}

  void gauge(std::string_view name, std::string_view help) { head(name, "gauge", help); }
  template <class Value>
  void gauge(std::string_view name, std::string_view help, Value value) {
    gauge(name, help);
    sample(name, "", value);
  }
  // OpenMetrics names a counter without the ending that its samples have.
  void counter(std::string_view name, std::string_view help, std::uint64_t value) {
    const std::string total = fmt::format("{}_total", name);
    head(open_metrics_ ? name : std::string_view(total), "counter", help);
    sample(total, "", value);
  }
  template <class Value>
  void sample(std::string_view name, std::string_view labels, Value value) {
    text_ += fmt::format("millpond_receiver_{}{} {}\n", name, labels, value);
  }
  std::string end() { return text_ + (open_metrics_ ? "# EOF\n" : ""); }

 private:
  void head(std::string_view family, std::string_view type, std::string_view help) {
    text_ += fmt::format("# HELP millpond_receiver_{0} {1}\n# TYPE millpond_receiver_{0} {2}\n", family, help,
                         type);
  }

  bool open_metrics_;
  std::string text_;
};

}  // namespace

void ReceiverFigures::add(const StreamAccount& account) {
  chunks += account.chunks;
  samples_written += account.written;
  samples_missing += account.missing;
  samples_duplicate += account.duplicates;
  gaps += account.gap_count;
}

void ReceiverFigures::addLag(double lag) {
  ++receiving;
  most_lag = std::max(most_lag, lag);
  for (std::size_t i = 0; i < lags.size(); ++i) lagging[i] += lag > lags[i] ? 1 : 0;
}

std::string ReceiverFigures::metrics(Metrics::Format format,
                                     std::chrono::steady_clock::time_point now) const {
  ReceiverMetricsText text(format);
  text.gauge("streams", "Streams that are received, that have lost their connection, and that have ended.");
  text.sample("streams", R"({state="receiving"})", receiving);
  text.sample("streams", R"({state="away"})", away);
  text.sample("streams", R"({state="ended"})", ended);
  text.gauge("streams_lagging", "Received streams that are more seconds of sound behind than this.");
  for (std::size_t i = 0; i < lags.size(); ++i)
    text.sample("streams_lagging", fmt::format(R"({{seconds="{}"}})", lags[i]), lagging[i]);
  text.gauge("lag_max_seconds", "By how much sound the slowest received stream is behind.", most_lag);
  text.gauge("connections_open", "Connections now.", open_connections);
  text.counter("connections", "Connections made.", connections);
  text.counter("connections_refused",
               "Connections closed for what they sent, or because there were too many.", refused);
  text.counter("chunks", "Chunks put on file.", chunks);
  text.counter("written_bytes", "Bytes of sound put on file.", samples_written * bytes_a_sample);
  text.counter("gaps", "Gaps in the streams.", gaps);
  text.counter("missing_samples", "Samples that never came.", samples_missing);
  text.counter("duplicate_samples", "Samples that came again and were not written.", samples_duplicate);
  text.counter("bad_checksums", "Chunks with a wrong checksum.", bad_checksums);
  text.counter("write_errors", "Files that could not be written or removed.", write_errors);
  text.counter("recordings_removed", "Recordings removed for --keep or --keep-free.", removed);
  text.counter("recordings_removed_bytes", "Room on disk that they had.", removed_bytes);
  if (free_bytes) text.gauge("free_bytes", "Free bytes of the recordings' file system.", *free_bytes);
  text.gauge("figures_age_seconds",
             "Age of these figures. They are taken every second, unless the receiver waits for its disk.",
             std::chrono::duration<double>(now - taken).count());
  return text.end();
}

}  // namespace millpond::cli
