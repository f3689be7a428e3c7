// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <filesystem>

#include "cli/tls/Credentials.h"

namespace millpond::test {

/// What is particular about a receiver's certificate.
enum class Kind { good, expired, early, other_name, unknown_authority, self_signed, rsa };

/// Certificates of an authority, made in a folder. They are valid from 2020 to 2099, and for
/// `receiver_name`, unless they are of a kind that is not.
class Certificates {
 public:
  static constexpr const char* receiver_name = "kitchen.millpond";

  explicit Certificates(std::filesystem::path folder);

  /// Effect: makes a certificate. Returns: its files.
  cli::OwnCertificate make(Kind kind) const;
  /// The authority's certificate.
  std::filesystem::path authority() const { return folder_ / "authority.pem"; }

 private:
  std::filesystem::path folder_;
};

}  // namespace millpond::test
