// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>

#include "millpond/PoolSpec.h"
#include "millpond/adapters/LibraryMemory.h"
#include "millpond/adapters/millpond_hooks.h"

namespace millpond {

/// The memory of mbedTLS. Its records have a pool of their own, its small objects two more, and nothing goes
/// to the heap unless the fallback is allowed:
///
///     constexpr MbedTlsRows tls = mbedTlsRows({.connections = 1});
///     constexpr MemoryConfig config{.more = {{tls.small, tls.objects, tls.records}}};
///     static StaticMemoryManager<config> memory;
///     ...
///     bindMbedTls(memory);
///     mbedtls_platform_set_calloc_free(millpond_mbedtls_calloc, millpond_mbedtls_free);
///
/// Both calls come before the first call of mbedTLS, and the latter needs MBEDTLS_PLATFORM_MEMORY; on ESP-IDF
/// that is CONFIG_MBEDTLS_CUSTOM_MEM_ALLOC. Without memory a call of mbedTLS returns an error that ends in
/// ALLOC_FAILED, and the connection can be freed as after any other. docs/tls.md has the measured sizes.
extern LibraryMemory mbedtls_memory;

/// What the connections of a device need.
struct MbedTlsNeeds {
  /// Connections at a time.
  std::size_t connections = 1;
  /// MBEDTLS_SSL_IN_CONTENT_LEN and MBEDTLS_SSL_OUT_CONTENT_LEN, in bytes.
  std::size_t in_content = 16384;
  std::size_t out_content = 16384;
};

/// Rows of `MemoryConfig::more`. `out_records` has no blocks unless records to be sent are smaller than those
/// received: leave it out then.
struct MbedTlsRows {
  PoolSpec small;
  PoolSpec objects;
  PoolSpec out_records;
  PoolSpec records;
};

/// Returns: pools for a full handshake by ECDHE-ECDSA on P-256 with certificates, and a fifth more. Other
/// curves, RSA and long chains of certificates need more objects: measure.
constexpr MbedTlsRows mbedTlsRows(const MbedTlsNeeds& needs = {}) {
  // Header, initialisation vector, MAC and padding of a record at most, in mbedTLS's own reckoning.
  constexpr std::size_t overhead = 333;
  const auto block = [](std::size_t content) { return (content + overhead + 63) / 64 * 64; };
  const bool apart = needs.out_content < needs.in_content;
  return {.small = {.name = "tls small", .blocks = 96 * needs.connections, .block_size = 80},
          .objects = {.name = "tls objects",
                      .kind = PoolKind::runs,
                      .blocks = 80 * needs.connections,
                      .block_size = 128},
          .out_records = {.name = "tls out",
                          .blocks = apart ? needs.connections : 0,
                          .block_size = block(needs.out_content)},
          .records = {.name = "tls records",
                      .blocks = apart ? needs.connections : 2 * needs.connections,
                      .block_size = block(needs.in_content)}};
}

/// Effect: serves mbedTLS from those pools of `memory` that have the names of `MbedTlsRows`. Returns: as
/// `LibraryMemory::bind`. Context: task.
Binding bindMbedTls(MemoryManager& memory, bool heap = false);

}  // namespace millpond
