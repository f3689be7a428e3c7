// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <optional>
#include <string>

#include "cli/tls/Credentials.h"
#include "streamer/tls/TlsSettings.h"

namespace millpond::cli {

/// The device's side of TLS: its credentials, with mbedTLS on the pools of `deviceMemory`. Only one at a
/// time.
class DeviceTls {
 public:
  /// Effect: gives `deviceMemory` its pools for mbedTLS. Throws `Error` if the credentials cannot be used.
  /// Requires: nothing uses `deviceMemory` yet.
  explicit DeviceTls(const DeviceCredentials& credentials);
  DeviceTls(const DeviceTls&) = delete;
  DeviceTls& operator=(const DeviceTls&) = delete;
  ~DeviceTls();

  const streamer::TlsSettings& settings() const { return *settings_; }

 private:
  void use(const ReceiverTrust& trust);
  void use(const PreSharedKey& key);

  std::string name_;
  std::optional<streamer::TlsSettings> settings_;
};

}  // namespace millpond::cli
