// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/show/OutageNotice.h"

#include <fmt/format.h>
#include <netdb.h>

#include <system_error>

#include "streamer/wire/WireError.h"

namespace millpond::cli {

using Cause = streamer::Outage::Cause;

namespace {

// What the alerts of RFC 5246 and RFC 4279 mean between a device and its receiver.
std::string alertText(int description) {
  switch (description) {
    case 20:  // bad_record_mac
    case 51:  // decrypt_error
      return "its pre-shared key is another one";
    case 40:  // handshake_failure
      return "nothing fits both sides; does one of them have a certificate and the other a pre-shared key?";
    case 70:  // protocol_version
      return "it does not speak TLS 1.2";
    case 115:  // unknown_psk_identity
      return "it does not know the identity of the pre-shared key";
    default:
      return fmt::format("TLS alert {}", description);
  }
}

}  // namespace

std::string outageText(const streamer::Outage& outage) {
  const auto system_message = [&] { return std::generic_category().message(outage.detail); };
  switch (outage.cause) {
    case Cause::none:
      return "";
    case Cause::unresolved:
      return std::string("its name has no address") +
             (outage.detail == 0 ? "" : std::string(": ") + gai_strerror(outage.detail));
    case Cause::slow_lookup:
      return "the look-up of its name takes too long";
    case Cause::unreachable:
      return "it cannot be reached: " + system_message();
    case Cause::not_read:
      return "it takes the connection and does not read the chunk";
    case Cause::not_answered:
      return "it takes the connection and does not acknowledge the chunk";
    case Cause::closed:
      return "it closed the connection instead of answering";
    case Cause::broken:
      return "the connection broke: " + system_message();
    case Cause::bad_answer:
      return std::string("its answer is not an acknowledgement: ") +
             describe(static_cast<streamer::WireError>(outage.detail));
    case Cause::wrong_answer:
      return "its answer does not acknowledge the chunk that was sent";
    case Cause::untrusted:
      return "its certificate is not signed by an authority that --tls-ca names";
    case Cause::expired:
      return "its certificate has expired";
    case Cause::not_yet_valid:
      return "its certificate is not valid yet: is the clock right?";
    case Cause::other_name:
      return "its certificate is for another name: --tls-name says which one to expect";
    case Cause::weak_certificate:
      return "its certificate has a key, a signature or a purpose that is not accepted";
    case Cause::handshake_refused:
      return "it refused the TLS handshake: " + alertText(outage.detail);
    case Cause::handshake_closed:
      return "it closed the connection in the TLS handshake, as a receiver without --tls does";
    case Cause::handshake_slow:
      return "it does not answer the TLS handshake in time; is it a receiver without --tls?";
    case Cause::no_tls:
      return "its answer is not TLS: it takes plain connections";
    case Cause::no_tls_memory:
      return "the pools for TLS have no room for its handshake";
    case Cause::handshake_failed:
      return fmt::format("the TLS handshake failed: error -0x{:04X} of mbedTLS", outage.detail);
  }
  return "";
}

std::string OutageNotice::news(const streamer::Uplink::Stats& uplink) {
  if (uplink.outages != outages_) {
    outages_ = uplink.outages;
    told_ = 0;
  }
  const std::uint32_t bit = std::uint32_t{1} << static_cast<unsigned>(uplink.outage.cause);
  if (uplink.outage.cause == Cause::none || (told_ & bit) != 0) return "";
  told_ |= bit;
  return outageText(uplink.outage);
}

}  // namespace millpond::cli
