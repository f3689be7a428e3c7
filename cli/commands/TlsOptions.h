// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>

#include "cli/tls/Credentials.h"

namespace millpond::cli {

/// The options of a command with one end of a stream, which may be over TLS.
struct TlsOptions {
  bool tls = false;
  std::string authorities;
  std::string name;
  std::string certificate;
  std::string key;
  std::string psk;
  std::string identity = "millpond";

  /// Effect: adds those of a device, or those of a receiver.
  void addForDevice(CLI::App& command);
  void addForReceiver(CLI::App& command);

  /// Returns: the credentials; none without --tls. `host` is the receiver's. Both throw `Error`, and
  /// `UsageError` if the options do not go together.
  std::optional<DeviceCredentials> forDevice(const std::string& host) const;
  std::optional<ReceiverCredentials> forReceiver() const;

 private:
  CLI::Option* addFile(CLI::App& command, CLI::Option* flag, const char* option, std::string& file,
                       const char* help);
  void addKey(CLI::App& command, CLI::Option* flag, CLI::Option* excluded);
};

}  // namespace millpond::cli
