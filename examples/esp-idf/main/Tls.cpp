// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Tls.h"

#include <mbedtls/platform.h>
#include <sdkconfig.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <cstring>

#include "millpond/adapters/millpond_hooks.h"
#include "streamer/tls/TlsLink.h"

#if !CONFIG_MBEDTLS_CUSTOM_MEM_ALLOC
#error \
    "TLS takes its memory from pools: menuconfig, Component config, mbedTLS, Memory allocation strategy: Custom"
#endif
#if !CONFIG_MBEDTLS_KEY_EXCHANGE_ECDHE_PSK
#error "A pre-shared key needs CONFIG_MBEDTLS_PSK_MODES and CONFIG_MBEDTLS_KEY_EXCHANGE_ECDHE_PSK"
#endif

namespace {

using namespace millpond;

constexpr const char* identity = "millpond";  // as of "millpond receive" without --tls-identity

int digit(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  return letter >= 'A' && letter <= 'F' ? letter - 'A' + 10 : -1;
}

// Returns: the bytes of the key; 0 if `text` is not 32 to 64 hexadecimal digits.
std::size_t parseKey(const char* text, std::array<unsigned char, 32>& key) {
  const std::size_t digits = std::strlen(text);
  if (digits < 32 || digits > 2 * key.size() || digits % 2 != 0) return 0;
  for (std::size_t at = 0; at < digits; at += 2) {
    const int high = digit(text[at]);
    const int low = digit(text[at + 1]);
    if (high < 0 || low < 0) return 0;
    key[at / 2] = static_cast<unsigned char>(high * 16 + low);
  }
  return digits / 2;
}

const char* reasonOf(Binding refusal) {
  switch (refusal) {
    case Binding::no_pool:
    case Binding::no_such_pool:
      return "the manager has no pool \"tls small\": make it with tls::withPools";
    case Binding::not_ascending:
      return "each of the pools \"tls small\", \"tls objects\", \"tls out\" and \"tls records\" must serve "
             "larger "
             "requests than the one before: are mbedTLS's records below 4 KiB?";
    case Binding::already_bound:
      return "mbedTLS is bound to a manager already";
    default:
      return "accepted";
  }
}

}  // namespace

streamer::Link* tls::begin(MemoryManager& memory, streamer::Link& below) {
  std::array<unsigned char, 32> key{};
  const std::size_t size = parseKey(CONFIG_STREAMER_TLS_KEY, key);
  if (size == 0) {
    std::printf(
        "TLS: the pre-shared key of menuconfig has %u characters, which are not 32 to 64 hexadecimal "
        "digits\n",
        static_cast<unsigned>(std::strlen(CONFIG_STREAMER_TLS_KEY)));
    return nullptr;
  }
  // With the heap behind the pools: Wi-Fi's WPA uses mbedTLS too, and must not fail for the stream's sake.
  if (const Binding binding = bindMbedTls(memory, true); binding != Binding::accepted) {
    std::printf("TLS: %s\n", reasonOf(binding));
    return nullptr;
  }
  mbedtls_platform_set_calloc_free(&millpond_mbedtls_calloc, &millpond_mbedtls_free);
  static streamer::TlsSettings settings;
  const auto* const name = reinterpret_cast<const unsigned char*>(identity);
  if (const int error = settings.share({key.data(), size}, {name, std::strlen(identity)}); error != 0) {
    std::printf("TLS: mbedTLS refuses the key with error -0x%04x\n", static_cast<unsigned>(-error));
    return nullptr;
  }
  static streamer::TlsLink link(below, settings);
  return &link;
}
