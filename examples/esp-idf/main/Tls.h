// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <mbedtls/ssl.h>

#include <cstddef>

#include "millpond/MemoryConfig.h"
#include "millpond/MemoryManager.h"
#include "millpond/adapters/MbedTls.h"
#include "streamer/uplink/Link.h"

/// The stream over TLS, with the pre-shared key of menuconfig.
namespace tls {

/// Returns: `config` with the pools that a connection takes, for records as long as mbedTLS is configured to
/// have them. Requires: as many of the five further pools of menuconfig are unused, or it does not compile.
constexpr millpond::MemoryConfig withPools(millpond::MemoryConfig config) {
  const millpond::MbedTlsRows rows = millpond::mbedTlsRows(
      {.in_content = MBEDTLS_SSL_IN_CONTENT_LEN, .out_content = MBEDTLS_SSL_OUT_CONTENT_LEN});
  std::size_t row = 0;
  for (const millpond::PoolSpec& pool : {rows.small, rows.objects, rows.out_records, rows.records}) {
    if (pool.blocks == 0) continue;
    while (!config.more[row].name.empty()) ++row;
    config.more[row] = pool;
  }
  return config;
}

/// Effect: binds mbedTLS to the pools of `memory`. Returns: a link over TLS over `below`; nullptr, with the
/// reason printed, if the pools or the key cannot be used. Requires: the first call, and none of mbedTLS's
/// before it.
millpond::streamer::Link* begin(millpond::MemoryManager& memory, millpond::streamer::Link& below);

}  // namespace tls
