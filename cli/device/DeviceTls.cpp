// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/device/DeviceTls.h"

#include <fmt/format.h>
#include <mbedtls/error.h>
#include <mbedtls/platform.h>

#include <array>

#include "cli/device/DeviceMemory.h"
#include "cli/show/Error.h"
#include "cli/show/Print.h"
#include "millpond/adapters/MbedTls.h"

namespace millpond::cli {

namespace {

std::string textOf(int error) {
  std::array<char, 200> text{};
  mbedtls_strerror(error, text.data(), text.size());
  return text.data();
}

std::span<const unsigned char> bytesOf(const std::string& text, std::size_t more = 0) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size() + more};
}

}  // namespace

DeviceTls::DeviceTls(const DeviceCredentials& credentials) {
  useTlsDeviceMemory();
  bindMbedTls(deviceMemory());
  mbedtls_platform_set_calloc_free(&millpond_mbedtls_calloc, &millpond_mbedtls_free);
  try {
    settings_.emplace();
    std::visit([this](const auto& given) { use(given); }, credentials);
  } catch (...) {
    settings_.reset();
    mbedtls_memory.unbind();
    throw;
  }
}

DeviceTls::~DeviceTls() {
  settings_.reset();
  mbedtls_memory.unbind();
}

void DeviceTls::use(const ReceiverTrust& trust) {
  name_ = trust.name;
  const std::string pem = readCredential(trust.authorities);
  const std::uint32_t failures = mbedtls_memory.failures();
  const int error = settings_->trust(bytesOf(pem, 1), name_.c_str());  // PEM ends with its 0
  if (mbedtls_memory.failures() != failures) {
    throw Error(
        fmt::format("'{}' has more certificates than a device's memory for TLS can hold: give only that "
                    "of the authority which signed the receiver's",
                    trust.authorities.string()));
  }
  if (error != 0) {
    throw Error(fmt::format("'{}' has no certificate in PEM that can be used: {}", trust.authorities.string(),
                            textOf(error)));
  }
  // The first look at the calendar takes memory from the platform's heap: not on a counted thread.
  if (settings_->hasExpired()) {
    print(stderr, "millpond: a certificate in '{}' has expired\n", trust.authorities.string());
  }
}

void DeviceTls::use(const PreSharedKey& key) {
  const int error = settings_->share(key.bytes, bytesOf(key.identity));
  if (error != 0) throw Error("cannot use the pre-shared key: " + textOf(error));
}

}  // namespace millpond::cli
