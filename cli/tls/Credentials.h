// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace millpond::cli {

/// A key that a device and its receiver both have, and the name by which they mean it.
struct PreSharedKey {
  static constexpr std::size_t least_bytes = 16;
  static constexpr std::size_t most_bytes = 32;
  /// OpenSSL ends the handshake of a device with a longer one.
  static constexpr std::size_t most_identity_bytes = 256;

  /// Throws `Error` if the file has no key: hexadecimal digits, as `openssl rand -hex 32` prints them.
  static PreSharedKey fromFile(const std::filesystem::path& path, std::string identity);
  /// Returns: a random key.
  static PreSharedKey fresh();

  std::vector<unsigned char> bytes;
  std::string identity;
};

/// How a device knows its receiver: the file of the authorities' certificates, and the receiver's host name.
struct ReceiverTrust {
  std::filesystem::path authorities;
  std::string name;
};

/// How a receiver proves who it is: the files of its certificate, followed by those between it and the
/// authority, and of its key.
struct OwnCertificate {
  std::filesystem::path certificates;
  std::filesystem::path key;
};

using DeviceCredentials = std::variant<ReceiverTrust, PreSharedKey>;
using ReceiverCredentials = std::variant<OwnCertificate, PreSharedKey>;

/// Returns: what the file has. Throws `Error` if it cannot be read, or is too large for a certificate or a
/// key.
std::string readCredential(const std::filesystem::path& path);

}  // namespace millpond::cli
