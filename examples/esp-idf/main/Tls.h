// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "millpond/MemoryConfig.h"
#include "millpond/MemoryManager.h"
#include "millpond/adapters/MbedTls.h"
#include "streamer/uplink/Link.h"

/// The stream over TLS, with the pre-shared key of menuconfig.
namespace tls {

/// Returns: `config` with the pools that a connection takes.
constexpr millpond::MemoryConfig withPools(millpond::MemoryConfig config) {
  const millpond::MbedTlsRows rows = millpond::mbedTlsRows();
  config.more[0] = rows.small;
  config.more[1] = rows.objects;
  config.more[2] = rows.records;
  return config;
}

/// Effect: binds mbedTLS to the pools of `memory`. Returns: a link over TLS over `below`; nullptr if the key
/// cannot be used. Requires: the first call, and none of mbedTLS's before it.
millpond::streamer::Link* begin(millpond::MemoryManager& memory, millpond::streamer::Link& below);

}  // namespace tls
