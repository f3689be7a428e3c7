// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <string>

#include "cli/receiver/ReceiverFigures.h"

namespace millpond::cli {
namespace {

using std::chrono::seconds;

class ReceiverFiguresTest : public ::testing::Test {
 protected:
  ReceiverFiguresTest() {
    figures_.add(
        {.stream_id = 1, .chunks = 2, .written = 19200, .duplicates = 3, .gap_count = 1, .missing = 7});
    figures_.addLag(0.5);
    figures_.addLag(45);
    figures_.away = 4;
    figures_.refused = 5;
    figures_.free_bytes = 1 << 20;
  }
  bool has(Metrics::Format format, const std::string& lines) const {
    return figures_.metrics(format, figures_.taken + seconds(2)).find(lines) != std::string::npos;
  }

  ReceiverFigures figures_;
};

TEST_F(ReceiverFiguresTest, AreInTheTextOfPrometheus) {
  using enum Metrics::Format;
  EXPECT_TRUE(has(text,
                  "# TYPE millpond_receiver_streams gauge\n"
                  "millpond_receiver_streams{state=\"receiving\"} 2\n"
                  "millpond_receiver_streams{state=\"away\"} 4\n"));
  EXPECT_TRUE(has(text,
                  "millpond_receiver_streams_lagging{seconds=\"30\"} 1\n"
                  "millpond_receiver_streams_lagging{seconds=\"60\"} 0\n"));
  EXPECT_TRUE(has(text, "\nmillpond_receiver_lag_max_seconds 45\n"));
  EXPECT_TRUE(has(text,
                  "# TYPE millpond_receiver_written_bytes_total counter\n"
                  "millpond_receiver_written_bytes_total 38400\n"));
  EXPECT_TRUE(has(text, "\nmillpond_receiver_gaps_total 1\n"));
  EXPECT_TRUE(has(text, "\nmillpond_receiver_connections_refused_total 5\n"));
  EXPECT_TRUE(has(text, "\nmillpond_receiver_free_bytes 1048576\n"));
  EXPECT_TRUE(has(text, "\nmillpond_receiver_figures_age_seconds 2\n"));
  EXPECT_FALSE(has(text, "# EOF"));
}

TEST_F(ReceiverFiguresTest, AreInOpenMetrics) {
  using enum Metrics::Format;
  EXPECT_TRUE(has(open_metrics, "# TYPE millpond_receiver_gaps counter\nmillpond_receiver_gaps_total 1\n"));
  EXPECT_TRUE(figures_.metrics(open_metrics, figures_.taken).ends_with("\n# EOF\n"));
}

}  // namespace
}  // namespace millpond::cli
