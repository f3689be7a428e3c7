// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "bench/tls/Handshakes.h"

#include <mbedtls/net_sockets.h>

#include <array>
#include <cstring>

namespace millpond::tls {
namespace {

constexpr int certificate_suites[] = {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, 0};
constexpr int key_suites[] = {MBEDTLS_TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256, 0};
constexpr mbedtls_ecp_group_id curves[] = {MBEDTLS_ECP_DP_SECP256R1, MBEDTLS_ECP_DP_NONE};
constexpr unsigned char shared_key[32] = {1, 2, 3};
constexpr unsigned char other_key[sizeof(shared_key)] = {3, 2, 1};
constexpr unsigned char identity[] = "kitchen";
constexpr unsigned steps_of_a_handshake = 16;
constexpr unsigned silent_turns = 5;

constexpr std::size_t data_bytes = 1280;  // 40 ms of 16 kHz, 16 bit

bool waits(int result) { return result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE; }

Fault faultOf(Ending ending) {
  if (ending == Ending::unknown_authority) return Fault::unknown_authority;
  if (ending == Ending::expired) return Fault::expired;
  return ending == Ending::other_name ? Fault::other_name : Fault::none;
}

template <Wire::End end>
int sendBy(void* wire, const unsigned char* bytes, std::size_t size) {
  return static_cast<Wire*>(wire)->send(end, bytes, size);
}
template <Wire::End end>
int receiveBy(void* wire, unsigned char* bytes, std::size_t size) {
  return static_cast<Wire*>(wire)->receive(end, bytes, size);
}

}  // namespace

Case failingCase(unsigned number) {
  constexpr Ending once[] = {Ending::away,    Ending::silent,    Ending::away,
                             Ending::plain,   Ending::away,      Ending::unknown_authority,
                             Ending::expired, Ending::other_name};
  const unsigned place = number % (8 + 2 * steps_of_a_handshake);
  if (place < 8) return {once[place], 0};
  const unsigned step = (place - 8) / 2;
  return {place % 2 == 0 ? Ending::server_closes : Ending::device_stops, step};
}

const char* nameOf(Ending ending) {
  constexpr const char* names[] = {
      "served",  "away",      "silent", "server closes", "device stops", "plain", "unknown authority",
      "expired", "other name"};
  return names[static_cast<int>(ending)];
}

// The two ends of one connection.
struct Handshakes::Ends {
  Case what;
  Wire& wire;
  mbedtls_ssl_context device;
  mbedtls_ssl_context server;
  std::array<unsigned char, data_bytes> data{};
  std::size_t written = 0;
  std::size_t echoed = 0;
  std::size_t read = 0;
  unsigned turns_in_silence = 0;
};

Handshakes::Handshakes(Credentials& credentials, Meter& meter, bool with_certificates)
    : meter_(meter), credentials_(credentials), with_certificates_(with_certificates) {
  mbedtls_x509_crt_init(&authority_);
  for (mbedtls_ssl_config& server : servers_) prepare(server, MBEDTLS_SSL_IS_SERVER);
  for (int fault = 0; with_certificates && fault < 4; ++fault) {
    Identity& own = credentials_.server(static_cast<Fault>(fault));
    require(mbedtls_ssl_conf_own_cert(&servers_[fault], &own.certificate, &own.key), "conf_own_cert");
  }
  const Meter::Device pays(meter_);
  prepare(device_, MBEDTLS_SSL_IS_CLIENT);
  if (!with_certificates) return;
  const std::string& der = credentials_.authority();
  require(
      mbedtls_x509_crt_parse_der(&authority_, reinterpret_cast<const unsigned char*>(der.data()), der.size()),
      "crt_parse");
  mbedtls_ssl_conf_ca_chain(&device_, &authority_, nullptr);
}

Handshakes::~Handshakes() {
  for (mbedtls_ssl_config& server : servers_) mbedtls_ssl_config_free(&server);
  const Meter::Device pays(meter_);
  mbedtls_ssl_config_free(&device_);
  mbedtls_x509_crt_free(&authority_);
}

void Handshakes::prepare(mbedtls_ssl_config& config, int endpoint) {
  mbedtls_ssl_config_init(&config);
  require(mbedtls_ssl_config_defaults(&config, endpoint, MBEDTLS_SSL_TRANSPORT_STREAM,
                                      MBEDTLS_SSL_PRESET_DEFAULT),
          "config_defaults");
  const bool device = endpoint == MBEDTLS_SSL_IS_CLIENT;
  mbedtls_ssl_conf_rng(&config, Randomness::fill, device ? &device_random_ : &server_random_);
  mbedtls_ssl_conf_ciphersuites(&config, with_certificates_ ? certificate_suites : key_suites);
  mbedtls_ssl_conf_curves(&config, curves);
  mbedtls_ssl_conf_min_version(&config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
  mbedtls_ssl_conf_session_tickets(&config, MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
  if (device) mbedtls_ssl_conf_authmode(&config, MBEDTLS_SSL_VERIFY_REQUIRED);
  if (!with_certificates_) {
    // Servers whose certificate would be refused have another key.
    const bool right = &config == &device_ || &config == &servers_[0];
    require(mbedtls_ssl_conf_psk(&config, right ? shared_key : other_key, sizeof(shared_key), identity,
                                 sizeof(identity) - 1),
            "conf_psk");
  }
}

mbedtls_ssl_config& Handshakes::serverFor(Ending ending) {
  return servers_[static_cast<int>(faultOf(ending))];
}

// Returns: whether the device has more to do.
bool Handshakes::deviceTurn(Ends& ends, Outcome& outcome) {
  const Meter::Device pays(meter_);
  if (ends.what.ending == Ending::device_stops && outcome.device_steps == ends.what.step) {
    outcome.error = MBEDTLS_ERR_SSL_TIMEOUT;
    return false;
  }
  int result = 0;
  if (ends.device.state != MBEDTLS_SSL_HANDSHAKE_OVER) {
    result = mbedtls_ssl_handshake_step(&ends.device);
    if (result == 0) ++outcome.device_steps;
  } else if (ends.written < data_bytes) {
    result = mbedtls_ssl_write(&ends.device, ends.data.data() + ends.written, data_bytes - ends.written);
    if (result > 0) ends.written += static_cast<std::size_t>(result);
  } else {
    std::array<unsigned char, data_bytes> back{};
    result = mbedtls_ssl_read(&ends.device, back.data(), data_bytes - ends.read);
    if (result > 0) {
      const bool same =
          std::memcmp(back.data(), ends.data.data() + ends.read, static_cast<std::size_t>(result)) == 0;
      ends.read += static_cast<std::size_t>(result);
      outcome.exchanged = same && ends.read == data_bytes;
      return same && ends.read < data_bytes;
    }
  }
  if (waits(result)) {
    if (ends.what.ending != Ending::silent || ++ends.turns_in_silence < silent_turns) return true;
    result = MBEDTLS_ERR_SSL_TIMEOUT;
  }
  if (result >= 0) return true;
  outcome.error = result;
  outcome.verification = mbedtls_ssl_get_verify_result(&ends.device);
  return false;
}

// Returns: whether the server goes on.
bool Handshakes::serverTurn(Ends& ends, Outcome& outcome) {
  if (ends.what.ending == Ending::silent) return true;
  if (ends.what.ending == Ending::plain) {
    constexpr char answer[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
    return ends.wire.send(Wire::server, reinterpret_cast<const unsigned char*>(answer), sizeof(answer) - 1) >
           0;
  }
  if (ends.what.ending == Ending::server_closes && outcome.server_steps == ends.what.step) return false;
  if (ends.server.state != MBEDTLS_SSL_HANDSHAKE_OVER) {
    const int result = mbedtls_ssl_handshake_step(&ends.server);
    if (result == 0) ++outcome.server_steps;
    return result == 0 || waits(result);
  }
  std::array<unsigned char, data_bytes> read{};
  const int result = mbedtls_ssl_read(&ends.server, read.data(), read.size());
  if (result > 0) {
    const int echoed = mbedtls_ssl_write(&ends.server, read.data(), static_cast<std::size_t>(result));
    return echoed == result;
  }
  return waits(result);
}

Outcome Handshakes::run(const Case& what, Wire& wire) {
  Outcome outcome;
  Ends ends{.what = what, .wire = wire, .device = {}, .server = {}};
  Randomness::fill(&device_random_, ends.data.data(), data_bytes);
  mbedtls_ssl_init(&ends.device);
  mbedtls_ssl_init(&ends.server);
  {
    const Meter::Device pays(meter_);
    outcome.error = mbedtls_ssl_setup(&ends.device, &device_);
    if (outcome.error == 0) outcome.error = mbedtls_ssl_set_hostname(&ends.device, Credentials::server_name);
    mbedtls_ssl_set_bio(&ends.device, &wire, sendBy<Wire::device>, receiveBy<Wire::device>, nullptr);
  }
  if (outcome.error == 0 && !wire.connect(what.ending != Ending::away)) {
    outcome.error = MBEDTLS_ERR_NET_CONNECT_FAILED;
  }
  if (outcome.error == 0) {
    require(mbedtls_ssl_setup(&ends.server, &serverFor(what.ending)), "ssl_setup");
    mbedtls_ssl_set_bio(&ends.server, &wire, sendBy<Wire::server>, receiveBy<Wire::server>, nullptr);
    bool serves = true;
    while (deviceTurn(ends, outcome)) {
      if (serves && !serverTurn(ends, outcome)) {
        serves = false;
        wire.close(Wire::server);
      }
    }
  }
  mbedtls_ssl_free(&ends.server);
  const Meter::Device pays(meter_);
  if (outcome.error == 0) mbedtls_ssl_close_notify(&ends.device);
  mbedtls_ssl_free(&ends.device);
  wire.close(Wire::device);
  wire.close(Wire::server);
  return outcome;
}

}  // namespace millpond::tls
