// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cli/receiver/ReceiverThread.h"
#include "tests/cli/support/Audio.h"
#include "tests/cli/support/Peer.h"
#include "tests/support/Eventually.h"
#include "tests/support/TempFolder.h"

namespace millpond::cli {
namespace {

/// Peers that do not speak what the receiver does. Handshakes themselves: tests/streamer/tls.
class TlsSessionTest : public ::testing::Test {
 protected:
  void start(ReceiverOptions options) {
    options.folder = folder_.path();
    receiver_.emplace(options, [this](const std::string& line) {
      const std::lock_guard lock(mutex_);
      log_ += line + "\n";
    });
  }
  static ReceiverOptions withTls() {
    ReceiverOptions options;
    options.tls = PreSharedKey::fresh();
    return options;
  }
  bool logged(const std::string& text) {
    return test::eventually([&] {
      const std::lock_guard lock(mutex_);
      return log_.find(text) != std::string::npos;
    });
  }
  std::ptrdiff_t lines() {
    const std::lock_guard lock(mutex_);
    return std::count(log_.begin(), log_.end(), '\n');
  }

  test::TempFolder folder_;
  std::mutex mutex_;
  std::string log_;
  std::optional<ReceiverThread> receiver_;
};

// The first bytes of a ClientHello of 200 bytes.
std::vector<std::byte> clientHello() {
  std::vector<std::byte> hello(205);
  constexpr unsigned char head[] = {22, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3};
  std::ranges::copy(std::as_bytes(std::span(head)), hello.begin());
  return hello;
}

TEST_F(TlsSessionTest, RefusesAPlainDeviceInOneLine) {
  start(withTls());
  test::Peer device(receiver_->address());
  device.send(test::Peer::frame({.stream_id = 1}, test::noise(9600)));
  EXPECT_FALSE(device.acknowledged());
  EXPECT_TRUE(logged("refused: it does not speak TLS; a device needs --tls"));
  device.close();
  EXPECT_EQ(receiver_->stop().refused, 1U);
  EXPECT_EQ(lines(), 1) << log_;
}

TEST_F(TlsSessionTest, RefusesWhateverIsNoTls) {
  start(withTls());
  for (const char* text :
       {"GET / HTTP/1.1\r\n\r\n", "CONNECT a:1 HTTP/1.1\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n"}) {
    test::Peer peer(receiver_->address());
    peer.send(std::as_bytes(std::span(text, std::char_traits<char>::length(text))));
    EXPECT_TRUE(logged("it does not speak TLS")) << text << log_;
    const std::lock_guard lock(mutex_);
    log_.clear();
  }
}

TEST_F(TlsSessionTest, ClosesAConnectionWhoseHandshakeNeverComes_AndFreesItsPlace) {
  ReceiverOptions options = withTls();
  options.max_connections = 1;
  options.handshake_timeout = std::chrono::milliseconds(30);
  start(options);
  for (int time = 0; time < 3; ++time) {
    test::Peer silent(receiver_->address());
    EXPECT_TRUE(silent.isClosed());
  }
  EXPECT_TRUE(logged("closed: no TLS handshake within 30 ms"));
  EXPECT_EQ(receiver_->stop().refused, 0U) << "a place was not freed";
}

TEST_F(TlsSessionTest, ClosesARefusedPeerThatStaysAndSendsOn) {
  start(withTls());
  streamer::StopFlag stop;
  streamer::TcpLink peer(stop);
  constexpr std::chrono::milliseconds ample_time{30000};
  ASSERT_TRUE(peer.connect(receiver_->address().resolve().list()[0], ample_time));
  const std::vector<std::byte> junk(1000, std::byte{0x47});
  EXPECT_TRUE(test::eventually([&] { return peer.send(junk, ample_time) < junk.size(); }));
  EXPECT_TRUE(logged("it does not speak TLS"));
  EXPECT_EQ(lines(), 1) << log_;
}

TEST_F(TlsSessionTest, RefusesATlsDeviceOnAPlainPort_WhateverTheWire) {
  for (const streamer::Wire wire : {streamer::Wire::framed, streamer::Wire::raw}) {
    ReceiverOptions options;
    options.wire = wire;
    start(options);
    test::Peer device(receiver_->address());
    device.send(clientHello());
    EXPECT_TRUE(device.isClosed());
    EXPECT_TRUE(logged("refused: it speaks TLS; it needs a receiver with --tls"));
    EXPECT_TRUE(test::filesIn(folder_.path(), ".wav").empty());
    EXPECT_EQ(receiver_->stop().refused, 1U);
    EXPECT_EQ(lines(), 1) << log_;
    receiver_.reset();
    log_.clear();
  }
}

TEST_F(TlsSessionTest, TakesSoundThatOnlyResemblesTlsForSound) {
  ReceiverOptions options;
  options.wire = streamer::Wire::raw;
  start(options);
  auto sound = clientHello();
  sound[8] = std::byte{195};  // the lengths differ
  sound.pop_back();
  test::Peer device(receiver_->address());
  device.send(sound);
  device.close();
  EXPECT_TRUE(test::eventually([&] { return test::readOnlyWav(folder_.path()).size() == sound.size() / 2; }));
}

}  // namespace
}  // namespace millpond::cli
