// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <cjson/cJSON.h>
#include <mbedtls/platform.h>
#include <millpond/adapters/CJson.h>
#include <millpond/adapters/CManager.h>
#include <millpond/adapters/LwIp.h>
#include <millpond/adapters/MbedTls.h>
#include <millpond/adapters/MemoryResource.h>
#include <millpond/adapters/PoolAllocator.h>

#include <string>
#include <vector>

#include "examples/libraries/capture.h"

MILLPOND_C_DECLARE(device);

namespace {

// [mbedtls]
bool startTls(millpond::MemoryManager& memory) {
  if (millpond::bindMbedTls(memory) != millpond::Binding::accepted) return false;
  return mbedtls_platform_set_calloc_free(millpond_mbedtls_calloc, millpond_mbedtls_free) == 0;
}
// [mbedtls]

// [cjson]
bool startJson(millpond::MemoryManager& memory) {
  const millpond::LibraryPools pools{.pools = {memory.find("json")}, .source = "json"};
  if (millpond::cjson_memory.bind(memory, pools) != millpond::Binding::accepted) return false;
  cJSON_Hooks hooks{millpond_cjson_malloc, millpond_cjson_free};
  cJSON_InitHooks(&hooks);
  return true;
}
// [cjson]

// [lwip]
bool startLwIp(millpond::MemoryManager& memory) {
  const millpond::LibraryPools pools{.pools = {memory.find("pbuf")}, .source = "lwip"};
  return millpond::lwip_memory.bind(memory, pools) == millpond::Binding::accepted;  // then lwip_init()
}
// [lwip]

// [containers]
std::size_t countNames(millpond::MemoryManager& memory) {
  const millpond::PoolSource source{.memory = memory, .pool = millpond::PoolId::general, .source = "names"};
  millpond::MemoryResource resource(source);
  std::pmr::vector<std::pmr::string> names({"kitchen", "cellar"}, &resource);
  std::vector<int, millpond::PoolAllocator<int>> lengths{millpond::PoolAllocator<int>(source)};
  for (const auto& name : names) lengths.push_back(static_cast<int>(name.size()));
  return lengths.size();
}
// [containers]

bool parse() {
  cJSON* const document = cJSON_Parse(R"({"rate":16000})");
  const bool right = document != nullptr && cJSON_GetObjectItem(document, "rate")->valueint == 16000;
  cJSON_Delete(document);
  return right;
}

bool takeRecord() {
  void* const record = mbedtls_calloc(1, 16717);
  mbedtls_free(record);
  return record != nullptr;
}

}  // namespace

int main() {
  millpond::MemoryManager& memory = millpond::fromC(device());
  const bool started = startTls(memory) && startJson(memory) && startLwIp(memory);
  const bool worked = started && capture() && parse() && takeRecord() && countNames(memory) == 2;
  const millpond::MemoryStats stats = memory.stats();
  const bool clean = stats.pool(memory.find("tls records")).frees == 1 &&
                     stats.pool(memory.find("json")).in_use == 0 && stats.heap.allocations == 0;
  return worked && clean ? 0 : 1;
}
