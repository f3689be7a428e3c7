// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>
#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/x509.h>

#include <memory>
#include <string>

#include "bench/tls/Handshakes.h"

namespace millpond::tls {
namespace {

Credentials& credentials() {
  static Credentials made(1);
  return made;
}

// Every test ends with nothing held.
class HandshakeTest : public testing::Test {
 protected:
  ~HandshakeTest() override {
    handshakes.reset();
    EXPECT_EQ(meter.heldBlocks(), 0U);
  }

  Outcome run(const Case& what, Wire& on) {
    const std::size_t held = meter.heldBlocks();
    const Outcome outcome = handshakes->run(what, on);
    EXPECT_EQ(meter.heldBlocks(), held) << nameOf(what.ending) << " at step " << what.step;
    return outcome;
  }
  Outcome run(Ending ending) { return run({ending, 0}, wire); }
  std::string parts() const {
    std::string text;
    for (const std::string& part : memory->parts()) text += part + "\n";
    return text;
  }

  std::unique_ptr<DeviceMemory> memory = memoryOf("pools");
  Meter meter{*memory};
  std::unique_ptr<Handshakes> handshakes = std::make_unique<Handshakes>(credentials(), meter);
  MemoryWire wire;
};

TEST_F(HandshakeTest, SucceedsWithDataFromPoolsAlone) {
  const Outcome outcome = run(Ending::served);
  EXPECT_EQ(outcome.error, 0);
  EXPECT_TRUE(outcome.exchanged);
  EXPECT_EQ(meter.refused, 0U) << parts();
}

TEST_F(HandshakeTest, SucceedsWithAPreSharedKey) {
  handshakes.reset();
  handshakes = std::make_unique<Handshakes>(credentials(), meter, false);
  EXPECT_TRUE(run(Ending::served).exchanged);
  EXPECT_EQ(meter.refused, 0U) << parts();
}

TEST_F(HandshakeTest, SucceedsOverLoopbackSockets) {
  SocketWire sockets;
  EXPECT_TRUE(run({}, sockets).exchanged);
  EXPECT_EQ(run({Ending::away, 0}, sockets).error, MBEDTLS_ERR_NET_CONNECT_FAILED);
  EXPECT_TRUE(run({}, sockets).exchanged);
}

TEST_F(HandshakeTest, FailsWhereverTheServerClosesOrTheDeviceStopsAndKeepsNothing) {
  for (unsigned step = 0; step < 16; ++step) {
    EXPECT_NE(run({Ending::server_closes, step}, wire).error, 0) << step;
    EXPECT_EQ(run({Ending::device_stops, step}, wire).error, MBEDTLS_ERR_SSL_TIMEOUT) << step;
  }
  EXPECT_EQ(meter.refused, 0U) << parts();
}

TEST_F(HandshakeTest, FailsWithTheReasonThatACertificateIsRefusedFor) {
  EXPECT_EQ(run(Ending::unknown_authority).verification, MBEDTLS_X509_BADCERT_NOT_TRUSTED);
  EXPECT_EQ(run(Ending::expired).verification, MBEDTLS_X509_BADCERT_EXPIRED);
  EXPECT_EQ(run(Ending::other_name).verification, MBEDTLS_X509_BADCERT_CN_MISMATCH);
}

TEST_F(HandshakeTest, FailsIfTheServerIsAwayOrSilentOrNoTlsServer) {
  EXPECT_EQ(run(Ending::away).error, MBEDTLS_ERR_NET_CONNECT_FAILED);
  EXPECT_EQ(run(Ending::silent).error, MBEDTLS_ERR_SSL_TIMEOUT);
  EXPECT_EQ(run(Ending::plain).error, MBEDTLS_ERR_SSL_INVALID_RECORD);
}

TEST_F(HandshakeTest, SurvivesEveryRequestThatGetsNoMemory) {
  // The requests of a handshake repeat: the first ones, which differ, and then one of each kind of many.
  for (std::uint64_t request = 1; request < 24'000; request += request < 60 ? 1 : 3001) {
    meter.failAt(request);
    const Outcome outcome = run(Ending::served);
    EXPECT_NE(outcome.error, 0) << "request " << request << " was refused";
    EXPECT_FALSE(outcome.exchanged);
  }
  meter.failAt(0);
  EXPECT_TRUE(run(Ending::served).exchanged);
}

TEST_F(HandshakeTest, KeepsAFlatPeakWhateverFails) {
  EXPECT_TRUE(run(Ending::served).exchanged);
  const std::size_t peak = meter.peak_bytes;
  for (unsigned number = 0; number < 80; ++number) {
    const Case what = failingCase(number);
    EXPECT_NE(run(what, wire).error, 0) << nameOf(what.ending) << " " << what.step;
  }
  EXPECT_TRUE(run(Ending::served).exchanged);
  // Objects that live at the same time differ by the lengths of random numbers.
  EXPECT_LT(meter.peak_bytes, peak + 100);
  EXPECT_EQ(meter.refused, 0U) << parts();
}

// The other memories of the benchmark do what they are compared for.
TEST(OtherMemories, ServeTheSameHandshake) {
  for (const char* name : {"glibc", "tlsf", "heap_4"}) {
    const auto memory = memoryOf(name);
    Meter meter(*memory);
    {
      Handshakes handshakes(credentials(), meter);
      MemoryWire wire;
      EXPECT_TRUE(handshakes.run({}, wire).exchanged) << name;
    }
    EXPECT_EQ(meter.heldBlocks(), 0U) << name;
    EXPECT_EQ(meter.refused, 0U) << name;
  }
}

}  // namespace
}  // namespace millpond::tls
