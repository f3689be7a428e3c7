// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <cjson/cJSON.h>
#include <gtest/gtest.h>

#include <string>

#include "millpond/adapters/CJson.h"
#include "support/ManagerFixture.h"

namespace millpond {
namespace {

constexpr MemoryConfig json_config{
    .more = {{{.name = "json", .kind = PoolKind::runs, .blocks = 32, .block_size = 64}}}};
constexpr PoolId json = json_config.id("json");

class CJsonTest : public test::ManagerOf<json_config> {
 protected:
  CJsonTest() {
    EXPECT_EQ(cjson_memory.bind(memory, {.pools = {json}, .source = "json"}), Binding::accepted);
    cJSON_Hooks hooks{millpond_cjson_malloc, millpond_cjson_free};
    cJSON_InitHooks(&hooks);
  }
  ~CJsonTest() override {
    cJSON_InitHooks(nullptr);
    cjson_memory.unbind();
  }
};

TEST_F(CJsonTest, ParsesChangesAndPrintsADocumentInThePool) {
  cJSON* const document = cJSON_Parse(R"({"rate":16000,"tags":["a","b"]})");
  ASSERT_NE(document, nullptr);
  cJSON_AddStringToObject(document, "name", "kitchen");
  char* const text = cJSON_PrintUnformatted(document);
  EXPECT_STREQ(text, R"({"rate":16000,"tags":["a","b"],"name":"kitchen"})");
  EXPECT_GT(memory.stats().pool(json).in_use, 6U);
  cJSON_free(text);
  cJSON_Delete(document);
  EXPECT_EQ(heap.calls(), 0U);
}

TEST_F(CJsonTest, ReportsADocumentThatDoesNotFitAndKeepsNothingOfIt) {
  std::string document = "[0";
  for (int number = 1; number < 40; ++number) document += "," + std::to_string(number);
  EXPECT_EQ(cJSON_Parse((document + "]").c_str()), nullptr);
  EXPECT_EQ(memory.stats().pool(json).exhausted, 1U);
  EXPECT_EQ(memory.stats().pool(json).in_use, 0U);
}

}  // namespace
}  // namespace millpond
