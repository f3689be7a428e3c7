// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include "adapters/lwip/lwip_calls.h"
#include "millpond/adapters/LwIp.h"
#include "support/ManagerFixture.h"

namespace millpond {
namespace {

constexpr MemoryConfig lwip_config{.more = {{{.name = "pbuf", .blocks = 4, .block_size = 1600}}}};

class LwIpTest : public test::ManagerOf<lwip_config> {
 protected:
  LwIpTest() {
    EXPECT_EQ(lwip_memory.bind(memory, {.pools = {lwip_config.id("pbuf")}, .source = "lwip"}),
              Binding::accepted);
  }
  ~LwIpTest() override { lwip_memory.unbind(); }
};

TEST_F(LwIpTest, ServesLwIpsHeapFromThePool) {
  void* const segment = lwip_calls_malloc(1536);
  const auto* const control = static_cast<char*>(lwip_calls_calloc(4, 40));
  EXPECT_EQ(memory.poolOf(segment), lwip_config.id("pbuf"));
  EXPECT_EQ(memory.poolOf(control), lwip_config.id("pbuf"));
  EXPECT_EQ(control[159], 0);
  lwip_calls_free(const_cast<char*>(control));
  lwip_calls_free(segment);
  EXPECT_EQ(memory.stats().pool(lwip_config.id("pbuf")).frees, 2U);
}

TEST_F(LwIpTest, ReturnsNullWithoutMemory) {
  EXPECT_EQ(lwip_calls_malloc(1601), nullptr);
  EXPECT_EQ(heap.calls(), 0U);
}

}  // namespace
}  // namespace millpond
