// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>
#include <mbedtls/platform.h>

#include <cerrno>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "cli/receiver/ReceiverThread.h"
#include "millpond/StaticMemoryManager.h"
#include "millpond/adapters/MbedTls.h"
#include "streamer/tls/TlsLink.h"
#include "streamer/tls/TlsSettings.h"
#include "streamer/uplink/TcpLink.h"
#include "streamer/wire/Ack.h"
#include "tests/cli/support/Audio.h"
#include "tests/cli/support/Certificates.h"
#include "tests/cli/support/Peer.h"
#include "tests/streamer/support/Relay.h"
#include "tests/streamer/support/Server.h"
#include "tests/support/Eventually.h"
#include "tests/support/TempFolder.h"

namespace millpond::streamer {
namespace {

using Cause = Outage::Cause;
using Fault = test::Relay::Fault;
using cli::PreSharedKey;
using std::chrono::milliseconds;
using test::Certificates;
using test::Kind;

constexpr milliseconds ample_time{30000};
constexpr MbedTlsRows tls_rows = mbedTlsRows();
constexpr MemoryConfig memory_with_tls{.more = {{tls_rows.small, tls_rows.objects, tls_rows.records}}};
using Memory = StaticMemoryManager<memory_with_tls>;

const PreSharedKey& sharedKey() {
  static const PreSharedKey key = PreSharedKey::fresh();
  return key;
}

PreSharedKey anotherKey() {
  PreSharedKey key = sharedKey();
  key.bytes[0] ^= 1;
  return key;
}

PreSharedKey sharedKeyAs(const char* identity) {
  PreSharedKey key = sharedKey();
  key.identity = identity;
  return key;
}

/// A link whose mbedTLS is on pools, and a real receiver. Ends with everything given back, and without a
/// refusal by a pool.
class TlsLinkTest : public ::testing::Test {
 protected:
  TlsLinkTest() {
    bindMbedTls(memory());
    mbedtls_platform_set_calloc_free(&millpond_mbedtls_calloc, &millpond_mbedtls_free);
  }
  ~TlsLinkTest() override {
    link_.reset();
    settings_.reset();
    mbedtls_memory.unbind();
    EXPECT_TRUE(memory().leaks().begin() == std::default_sentinel);
    for (const char* name : {"tls small", "tls objects", "tls records"}) {
      EXPECT_EQ(pool(name).rejected, 0U) << name;
      EXPECT_EQ(exhausts_, pool(name).exhausted + pool(name).oversize != 0) << name;
    }
    EXPECT_EQ(memory().stats().heap.allocations, 0U);
  }

  Memory& memory() const { return *memory_; }
  PoolStats pool(const char* name) const { return memory().stats().pool(memory().find(name)); }

  void receive(const cli::ReceiverCredentials& credentials,
               milliseconds handshake_timeout = milliseconds(10000)) {
    cli::ReceiverOptions options;
    options.folder = folder_.path();
    options.tls = credentials;
    options.handshake_timeout = handshake_timeout;
    receiver_.emplace(options, [this](const std::string& line) {
      const std::lock_guard lock(mutex_);
      log_ += line + "\n";
    });
  }
  void know(const cli::DeviceCredentials& credentials) {
    settings_ = std::make_unique<TlsSettings>();
    if (const auto* key = std::get_if<PreSharedKey>(&credentials)) {
      const auto* const identity = reinterpret_cast<const unsigned char*>(key->identity.data());
      ASSERT_EQ(settings_->share(key->bytes, {identity, key->identity.size()}), 0);
    } else {
      const auto& trust = std::get<cli::ReceiverTrust>(credentials);
      const std::string pem = cli::readCredential(trust.authorities);
      ASSERT_EQ(settings_->trust({reinterpret_cast<const unsigned char*>(pem.data()), pem.size() + 1},
                                 Certificates::receiver_name),
                0);
    }
    link_.emplace(tcp_, *settings_);
  }
  bool connect(const cli::HostPort& to, milliseconds timeout = ample_time) {
    return link_->connect(to.resolve().list()[0], timeout);
  }
  /// Returns: whether the receiver acknowledged a chunk.
  bool deliver(std::uint64_t first_sample, std::size_t samples) {
    const auto frame =
        test::Peer::frame({.stream_id = 1, .first_sample = first_sample}, test::noise(samples));
    Ack::Bytes answer{};
    Ack ack;
    return link_->send(frame, ample_time) == frame.size() && link_->receive(answer, ample_time) &&
           Ack::decode(answer, ack) == WireError::none && ack.next_sample == first_sample + samples;
  }
  bool logged(const std::string& text) {
    return test::eventually([&] {
      const std::lock_guard lock(mutex_);
      return log_.find(text) != std::string::npos;
    });
  }
  cli::ReceiverTrust trust() const { return {certificates_.authority(), Certificates::receiver_name}; }

  std::unique_ptr<Memory> memory_ = std::make_unique<Memory>();
  bool exhausts_ = false;  // the test does so on purpose
  test::TempFolder folder_;
  Certificates certificates_{folder_.path()};
  std::mutex mutex_;
  std::string log_;
  std::optional<cli::ReceiverThread> receiver_;
  StopFlag stop_;
  TcpLink tcp_{stop_};
  std::unique_ptr<TlsSettings> settings_;
  std::optional<TlsLink> link_;
};

TEST_F(TlsLinkTest, DeliversToAReceiverWithACertificate) {
  receive(certificates_.make(Kind::good));
  know(trust());
  ASSERT_TRUE(connect(receiver_->address())) << static_cast<int>(link_->refusal().cause);
  EXPECT_TRUE(deliver(0, 10000));  // in two records
  link_->finish(ample_time);
  EXPECT_FALSE(link_->connected());
  EXPECT_EQ(test::readOnlyWav(folder_.path()), test::noise(10000));
}

TEST_F(TlsLinkTest, DeliversToAReceiverWithTheSameKey) {
  receive(sharedKey());
  know(sharedKey());
  ASSERT_TRUE(connect(receiver_->address())) << static_cast<int>(link_->refusal().cause);
  EXPECT_TRUE(deliver(0, 10000));
  EXPECT_EQ(test::readOnlyWav(folder_.path()), test::noise(10000));
}

TEST_F(TlsLinkTest, TrustsACertificateThatSignedItselfIfItIsTheOneThatItKnows) {
  const cli::OwnCertificate own = certificates_.make(Kind::self_signed);
  receive(own);
  know(cli::ReceiverTrust{own.certificates, Certificates::receiver_name});
  EXPECT_TRUE(connect(receiver_->address())) << static_cast<int>(link_->refusal().cause);
}

TEST_F(TlsLinkTest, ReconnectsWithTheSamePeaksAndKeepsNothingOfAConnection) {
  receive(sharedKey());
  know(sharedKey());
  std::vector<std::size_t> peaks;
  for (std::uint64_t time = 0; time < 12; ++time) {
    ASSERT_TRUE(connect(receiver_->address()));
    EXPECT_TRUE(deliver(time * 100, 100));
    link_->close();
    EXPECT_EQ(pool("tls records").in_use, 0U);
    peaks.push_back(pool("tls small").peak);
  }
  EXPECT_EQ(peaks.back(), pool("tls small").peak);
  EXPECT_LT(peaks.back(), peaks.front() + 4) << "objects that live at once vary by the lengths of numbers";
}

TEST_F(TlsLinkTest, EndsACallInItsTimeIfThePeerIsSilent) {
  const test::Server server;
  know(sharedKey());
  EXPECT_FALSE(connect(server.address(), milliseconds(50)));
  EXPECT_EQ(link_->error(), ETIMEDOUT);
  EXPECT_EQ(link_->refusal(), Outage{Cause::handshake_slow});
  EXPECT_FALSE(link_->connected());
}

TEST_F(TlsLinkTest, EndsACallSoonAfterTheStop) {
  const test::Server server;
  know(sharedKey());
  std::thread stopper([this] {
    std::this_thread::sleep_for(milliseconds(20));
    stop_.raise();
  });
  EXPECT_FALSE(connect(server.address(), std::chrono::hours(1)));
  EXPECT_EQ(link_->error(), ECANCELED);
  stopper.join();
}

TEST_F(TlsLinkTest, TellsAPeerThatAnswersWithoutTls) {
  test::Server server;
  know(sharedKey());
  std::thread peer([&server] {
    server.accept();
    server.write(std::as_bytes(std::span("HTTP/1.1 400 Bad Request\r\n\r\n")));
    server.readToEnd();
    server.hangUp();
  });
  EXPECT_FALSE(connect(server.address()));
  EXPECT_EQ(link_->refusal(), Outage{Cause::no_tls});
  EXPECT_EQ(link_->error(), EPROTO);
  peer.join();
}

TEST_F(TlsLinkTest, TellsAPeerThatSaysGoodbyeInTheHandshake) {
  test::Server server;
  know(sharedKey());
  std::thread peer([&server] {
    server.accept();
    constexpr unsigned char close_notify[] = {21, 3, 3, 0, 2, 1, 0};
    server.write(std::as_bytes(std::span(close_notify)));
    server.readToEnd();
    server.hangUp();
  });
  EXPECT_FALSE(connect(server.address()));
  EXPECT_EQ(link_->refusal(), Outage{Cause::handshake_closed});
  EXPECT_EQ(link_->error(), 0);
  peer.join();
}

TEST_F(TlsLinkTest, TrustsNobodyWithoutAName) {
  TlsSettings settings;
  const std::string pem = cli::readCredential(certificates_.authority());
  const TlsSettings::Bytes bytes{reinterpret_cast<const unsigned char*>(pem.data()), pem.size() + 1};
  EXPECT_EQ(settings.trust(bytes, nullptr), MBEDTLS_ERR_SSL_BAD_INPUT_DATA);
  EXPECT_EQ(settings.trust(bytes, ""), MBEDTLS_ERR_SSL_BAD_INPUT_DATA);
}

TEST_F(TlsLinkTest, HasNoRefusalIfThePeerWasNotReached) {
  const cli::HostPort gone = test::Server().address();
  know(sharedKey());
  EXPECT_FALSE(connect(gone));
  EXPECT_EQ(link_->error(), ECONNREFUSED);
  EXPECT_EQ(link_->refusal(), Outage{});
}

TEST_F(TlsLinkTest, LosesTheConnectionIfAByteOfTheSoundIsChangedOnTheWay) {
  receive(sharedKey());
  know(sharedKey());
  const test::Relay relay(receiver_->address(), {Fault::Kind::corrupt, 5});
  ASSERT_TRUE(connect(relay.address()));
  EXPECT_FALSE(deliver(0, 1000));
  EXPECT_FALSE(link_->connected());
  ASSERT_TRUE(connect(relay.address()));
  EXPECT_TRUE(deliver(0, 1000));
}

TEST_F(TlsLinkTest, LosesTheConnectionIfAByteOfAnAnswerIsChangedOnTheWay) {
  receive(sharedKey());
  know(sharedKey());
  const test::Relay relay(receiver_->address(), {Fault::Kind::corrupt, 6});
  ASSERT_TRUE(connect(relay.address()));
  EXPECT_FALSE(deliver(0, 1000));
  EXPECT_EQ(link_->error(), EPROTO);
}

TEST_F(TlsLinkTest, ReportsThatTheReceiverClosedTheConnection) {
  receive(sharedKey());
  know(sharedKey());
  ASSERT_TRUE(connect(receiver_->address()));
  ASSERT_TRUE(deliver(0, 1000));
  receiver_->stop();
  std::byte byte{};
  EXPECT_FALSE(link_->receive({&byte, 1}, ample_time));
  EXPECT_EQ(link_->error(), 0);
}

TEST_F(TlsLinkTest, SaysThatThePoolsAreExhaustedAndGoesOnOnceTheyAreNot) {
  exhausts_ = true;
  receive(sharedKey());
  know(sharedKey());
  for (const char* name : {"tls records", "tls objects", "tls small"}) {
    std::vector<void*> all;
    const PoolId id = memory().find(name);
    while (void* block = memory().allocatePoolOnly(id, 1, "test")) all.push_back(block);
    EXPECT_FALSE(connect(receiver_->address())) << name;
    EXPECT_EQ(link_->refusal(), Outage{Cause::no_tls_memory}) << name;
    for (void* block : all) memory().deallocate(block);
    EXPECT_TRUE(connect(receiver_->address())) << name;
    link_->close();
  }
}

/// A receiver and a device that do not fit, and what each says.
struct Misfit {
  const char* name;
  std::variant<Kind, PreSharedKey> receiver;
  std::optional<PreSharedKey> device;  // or it trusts the authority
  Outage expected;
  const char* log;
};

std::vector<Misfit> misfits() {
  constexpr int unknown_psk_identity = 115;
  return {
      {"AnUnknownAuthority", Kind::unknown_authority, {}, {Cause::untrusted}, "unknown ca"},
      {"ACertificateThatSignedItself", Kind::self_signed, {}, {Cause::untrusted}, "unknown ca"},
      {"AnExpiredCertificate", Kind::expired, {}, {Cause::expired}, "certificate expired"},
      {"ACertificateOfTheFuture",
       Kind::early,
       {},
       {Cause::not_yet_valid},
       "the device ended the TLS handshake"},
      {"ACertificateOfAnotherName", Kind::other_name, {}, {Cause::other_name}, "bad certificate"},
      {"AnotherKey",
       anotherKey(),
       sharedKey(),
       {Cause::handshake_refused, 20},
       "its pre-shared key is another"},
      {"AnotherIdentity",
       sharedKeyAs("cellar"),
       sharedKey(),
       {Cause::handshake_refused, unknown_psk_identity},
       "the identity of its pre-shared key is another"},
      {"ACertificateInsteadOfAKey",
       Kind::good,
       sharedKey(),
       {Cause::handshake_refused, 40},
       "no cipher suite in common; this receiver has a certificate"},
      {"AKeyInsteadOfACertificate",
       sharedKey(),
       {},
       {Cause::handshake_refused, 40},
       "no cipher suite in common; this receiver has a pre-shared key"},
  };
}

class TlsMisfitTest : public TlsLinkTest, public ::testing::WithParamInterface<Misfit> {};

TEST_P(TlsMisfitTest, IsToldByBothEnds) {
  const Misfit& misfit = GetParam();
  if (const Kind* kind = std::get_if<Kind>(&misfit.receiver)) {
    receive(certificates_.make(*kind));
  } else {
    receive(std::get<PreSharedKey>(misfit.receiver));
  }
  know(misfit.device ? cli::DeviceCredentials(*misfit.device) : cli::DeviceCredentials(trust()));
  EXPECT_FALSE(connect(receiver_->address()));
  const Outage outage = link_->refusal();
  EXPECT_EQ(outage, misfit.expected) << static_cast<int>(outage.cause) << ": " << outage.detail;
  EXPECT_FALSE(link_->connected());
  EXPECT_TRUE(logged(misfit.log)) << log_;
  EXPECT_EQ(receiver_->stop().refused, 1U);
}

INSTANTIATE_TEST_SUITE_P(EveryMisfit, TlsMisfitTest, ::testing::ValuesIn(misfits()),
                         [](const auto& misfit) { return std::string(misfit.param.name); });

/// A handshake that ends at one of its four flights.
class TlsCutTest : public TlsLinkTest, public ::testing::WithParamInterface<unsigned> {};

TEST_P(TlsCutTest, FailsOnBothEndsAndTheNextConnectionIsServed) {
  receive(certificates_.make(Kind::good));
  know(trust());
  for (const auto kind : {Fault::Kind::cut, Fault::Kind::cut_half_way}) {
    const test::Relay relay(receiver_->address(), {kind, GetParam()});
    EXPECT_FALSE(connect(relay.address()));
    EXPECT_EQ(link_->refusal(), Outage{Cause::handshake_closed});
    EXPECT_TRUE(connect(relay.address()));
    EXPECT_TRUE(deliver(0, 100));
    link_->close();
  }
  // The receiver's part is over with its last flight.
  if (GetParam() < 4) {
    EXPECT_TRUE(logged("closed the connection before the end of the TLS handshake")) << log_;
  }
}

TEST_P(TlsCutTest, EndsInTimeIfTheReceiverStops) {
  receive(certificates_.make(Kind::good));
  know(trust());
  const test::Relay relay(receiver_->address(), {Fault::Kind::stall, GetParam()});
  EXPECT_FALSE(connect(relay.address(), milliseconds(100)));
  EXPECT_EQ(link_->refusal(), Outage{Cause::handshake_slow});
}

// The receiver's part is over with the fourth.
class TlsStallTest : public TlsLinkTest, public ::testing::WithParamInterface<unsigned> {};

TEST_P(TlsStallTest, IsClosedByTheReceiverInTimeIfTheDeviceStops) {
  receive(certificates_.make(Kind::good), milliseconds(50));
  know(trust());
  const test::Relay relay(receiver_->address(), {Fault::Kind::stall, GetParam()});
  EXPECT_FALSE(connect(relay.address()));
  EXPECT_EQ(link_->refusal(), Outage{Cause::handshake_closed});
  EXPECT_TRUE(logged("closed: no TLS handshake within 50 ms")) << log_;
}

INSTANTIATE_TEST_SUITE_P(AtEachFlight, TlsCutTest, ::testing::Range(1U, 5U));
INSTANTIATE_TEST_SUITE_P(AtEachFlight, TlsStallTest, ::testing::Range(1U, 4U));

}  // namespace
}  // namespace millpond::streamer
