// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/commands/TlsOptions.h"

#include <fmt/format.h>

#include "cli/commands/OptionValues.h"
#include "cli/show/Error.h"

namespace millpond::cli {

namespace {

CLI::Validator identityText() {
  return {[](const std::string& text) {
            constexpr std::size_t most = PreSharedKey::most_identity_bytes;
            return text.size() <= most ? "" : fmt::format("{} bytes, {} at most", text.size(), most);
          },
          {}};
}

}  // namespace

CLI::Option* TlsOptions::addFile(CLI::App& command, CLI::Option* flag, const char* option, std::string& file,
                                 const char* help) {
  return command.add_option(option, file, help)->transform(someText())->needs(flag);
}

void TlsOptions::addKey(CLI::App& command, CLI::Option* flag, CLI::Option* excluded) {
  auto* shared = addFile(command, flag, "--tls-psk", psk,
                         "With --tls: file of the pre-shared key in hexadecimal digits, 32 to 64");
  shared->excludes(excluded);
  command.add_option("--tls-identity", identity, "Name of the pre-shared key; the same on both sides")
      ->transform(someText())
      ->transform(identityText())
      ->needs(shared)
      ->capture_default_str();
}

void TlsOptions::addForDevice(CLI::App& command) {
  auto* flag = command.add_flag("--tls", tls, "Stream over TLS: give --tls-ca or --tls-psk as well");
  auto* trusted = addFile(command, flag, "--tls-ca", authorities,
                          "With --tls: file of the certificates that the receiver's is signed by, in PEM; or "
                          "the receiver's own, if it signed itself");
  command.add_option("--tls-name", name, "Host name in the receiver's certificate; default: that of --to")
      ->transform(someText())
      ->needs(trusted);
  addKey(command, flag, trusted);
}

void TlsOptions::addForReceiver(CLI::App& command) {
  auto* flag = command.add_flag("--tls", tls,
                                "Take streams over TLS only: give --tls-cert and --tls-key, or --tls-psk");
  auto* own = addFile(command, flag, "--tls-cert", certificate,
                      "With --tls: file of the receiver's certificate in PEM, and of those between it and "
                      "the authority");
  auto* private_key =
      addFile(command, flag, "--tls-key", key, "With --tls-cert: file of its private key in PEM");
  own->needs(private_key);
  private_key->needs(own);
  addKey(command, flag, own);
}

std::optional<DeviceCredentials> TlsOptions::forDevice(const std::string& host) const {
  if (!tls) return std::nullopt;
  if (!psk.empty()) return PreSharedKey::fromFile(psk, identity);
  if (authorities.empty()) throw UsageError("--tls needs --tls-ca FILE or --tls-psk FILE");
  return ReceiverTrust{authorities, name.empty() ? host : name};
}

std::optional<ReceiverCredentials> TlsOptions::forReceiver() const {
  if (!tls) return std::nullopt;
  if (!psk.empty()) return PreSharedKey::fromFile(psk, identity);
  if (certificate.empty()) {
    throw UsageError("--tls needs --tls-cert FILE with --tls-key FILE, or --tls-psk FILE");
  }
  return OwnCertificate{certificate, key};
}

}  // namespace millpond::cli
