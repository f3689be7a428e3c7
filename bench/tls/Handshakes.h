// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <mbedtls/ssl.h>

#include <cstdint>
#include <string>

#include "bench/tls/Credentials.h"
#include "bench/tls/DeviceMemory.h"
#include "bench/tls/Wire.h"

namespace millpond::tls {

/// How a connection ends.
enum class Ending {
  /// It carries data both ways and is closed in order.
  served,
  /// Nobody listens.
  away,
  /// The server accepts and says nothing; the device gives up.
  silent,
  /// The server closes after so many steps of its handshake.
  server_closes,
  /// The device stops after so many steps of its own.
  device_stops,
  /// The server is no TLS server.
  plain,
  /// The server's certificate is refused; with a pre-shared key: its key.
  unknown_authority,
  expired,
  other_name,
};

struct Case {
  Ending ending = Ending::served;
  unsigned step = 0;
};

/// Returns: failing case number `number` of an endless row in which every way to fail comes again and again.
Case failingCase(unsigned number);
const char* nameOf(Ending ending);

struct Outcome {
  /// The device's: 0 if the handshake was completed, else mbedTLS's error.
  int error = 0;
  /// Why a certificate was refused: MBEDTLS_X509_BADCERT_...
  std::uint32_t verification = 0;
  /// Steps of each end's handshake that were done.
  unsigned device_steps = 0;
  unsigned server_steps = 0;
  /// The data came back as it was sent.
  bool exchanged = false;
};

/// TLS connections between a device, whose memory a meter accounts for, and a server in the same thread.
class Handshakes {
 public:
  Handshakes(Credentials& credentials, Meter& meter, bool with_certificates = true);
  ~Handshakes();
  Handshakes(const Handshakes&) = delete;
  Handshakes& operator=(const Handshakes&) = delete;

  /// Effect: makes a connection and ends it; the device keeps nothing of it.
  Outcome run(const Case& what, Wire& wire);

 private:
  struct Ends;
  bool deviceTurn(Ends& ends, Outcome& outcome);
  bool serverTurn(Ends& ends, Outcome& outcome);
  mbedtls_ssl_config& serverFor(Ending ending);
  void prepare(mbedtls_ssl_config& config, int endpoint);

  Meter& meter_;
  Credentials& credentials_;
  bool with_certificates_;
  Randomness device_random_{11};
  Randomness server_random_{12};
  mbedtls_ssl_config device_;
  mbedtls_ssl_config servers_[4];
  mbedtls_x509_crt authority_;
};

}  // namespace millpond::tls
