// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>

#include "sizing/ConfigHeader.h"

namespace millpond::sizing {
namespace {

Tuning tuningOf(const std::vector<PoolSize>& pools) {
  Tuning tuning;
  for (const PoolSize& pool : pools) {
    TunedPool tuned;
    tuned.present = tuned.least = tuned.answer = pool;
    tuned.proof = "two were held \\ at once";
    tuning.pools.push_back(tuned);
  }
  return tuning;
}

TEST(ConfigHeaderTest, NamesTheFieldsInTheirOrder) {
  const std::string text = configHeader(
      tuningOf({{"network", false, 2, 19200}, {"general", true, 3, 1024}, {"tls", false, 1, 16720}}), "tune");
  EXPECT_NE(text.find("inline constexpr millpond::MemoryConfig pool_config{\n"
                      "    .audio_buffer_pool_size = 0,\n"
                      "    .network_buffer_pool_size = 2,\n"
                      "    .general_buffer_pool_size = 3,\n"
                      "    .network_block_size = 19200,\n"
                      "    .general_block_size = 1024,\n"
                      "    .more = {{{.name = \"tls\",\n"),
            std::string::npos)
      << text;
}

// What a trace says becomes no code: neither by a line's end nor by a backslash.
TEST(ConfigHeaderTest, KeepsItsEvidenceInComments) {
  Tuning tuning = tuningOf({{"audio", false, 2, 4096}});
  tuning.risk = 1e-3;
  tuning.unseen = {"a\n#error \\"};
  const std::string text = configHeader(tuning, "millpond tune trace\n#error --header \\");
  for (std::size_t at = 0; at < text.find("#pragma once"); at = text.find('\n', at) + 1) {
    EXPECT_EQ(text.substr(at, 2), "//") << text;
  }
  EXPECT_EQ(text.find("\\\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace millpond::sizing
