// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <string>
#include <thread>
#include <vector>

#include "streamer/uplink/TcpLink.h"
#include "tests/streamer/support/Server.h"

namespace millpond::streamer {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds patience{30000};

Endpoint endpointOf(const test::Server& server) { return server.address().resolve().list()[0]; }

TEST(TcpLink, SendsAndReceives) {
  test::Server server;
  StopFlag stop;
  TcpLink link(stop);
  ASSERT_TRUE(link.connect(endpointOf(server), patience));
  server.accept();
  const std::array<std::byte, 3> sent{std::byte{1}, std::byte{2}, std::byte{3}};
  EXPECT_EQ(link.send(sent, patience), 3U);
  std::array<std::byte, 3> received{};
  EXPECT_TRUE(server.read(received));
  server.write(received);
  received = {};
  EXPECT_TRUE(link.receive(received, patience));
  EXPECT_EQ(received, sent);
}

TEST(TcpLink, SaysWhyItCannotConnect) {
  cli::HostPort address;
  {
    const test::Server server;
    address = server.address();
  }
  StopFlag stop;
  TcpLink link(stop);
  EXPECT_FALSE(link.connect(address.resolve().list()[0], patience));
  EXPECT_EQ(link.error(), ECONNREFUSED);
  EXPECT_FALSE(link.connected());
}

TEST(TcpLink, GivesUpAPeerThatDoesNotRead) {
  test::Server server;
  StopFlag stop;
  TcpLink link(stop);
  ASSERT_TRUE(link.connect(endpointOf(server), patience));
  server.accept();
  const std::vector<std::byte> much(std::size_t{64} << 20U);
  EXPECT_LT(link.send(much, milliseconds(50)), much.size());
  EXPECT_EQ(link.error(), ETIMEDOUT);
  EXPECT_FALSE(link.connected());
}

TEST(TcpLink, GivesUpAPeerThatDoesNotAnswer) {
  test::Server server;
  StopFlag stop;
  TcpLink link(stop);
  ASSERT_TRUE(link.connect(endpointOf(server), patience));
  std::array<std::byte, 1> byte{};
  EXPECT_FALSE(link.receive(byte, milliseconds(20)));
  EXPECT_EQ(link.error(), ETIMEDOUT);
}

TEST(TcpLink, SeesThatThePeerClosed) {
  test::Server server;
  StopFlag stop;
  TcpLink link(stop);
  ASSERT_TRUE(link.connect(endpointOf(server), patience));
  server.accept();
  server.hangUp();
  std::array<std::byte, 1> byte{};
  EXPECT_FALSE(link.receive(byte, patience));
  EXPECT_EQ(link.error(), 0);
}

TEST(TcpLink, RaisesNoSignalWhenThePeerIsGone) {
  test::Server server;
  StopFlag stop;
  TcpLink link(stop);
  ASSERT_TRUE(link.connect(endpointOf(server), patience));
  server.accept();
  server.hangUp();
  const std::vector<std::byte> some(20480);
  while (link.connected()) link.send(some, patience);
  EXPECT_NE(link.error(), 0);
}

TEST(TcpLink, FinishLetsThePeerReadToTheEnd) {
  test::Server server;
  StopFlag stop;
  TcpLink link(stop);
  ASSERT_TRUE(link.connect(endpointOf(server), patience));
  std::size_t received = 0;
  std::thread reading([&] {
    server.accept();
    received = server.readToEnd().size();
    server.hangUp();
  });
  const std::vector<std::byte> some(100000);
  EXPECT_EQ(link.send(some, patience), some.size());
  link.finish(patience);
  reading.join();
  EXPECT_EQ(received, some.size());
  EXPECT_FALSE(link.connected());
}

TEST(TcpLink, EndsItsWaitWhenItIsToldToStop) {
  test::Server server;
  StopFlag stop;
  TcpLink link(stop);
  ASSERT_TRUE(link.connect(endpointOf(server), patience));
  std::thread stopping([&] { stop.raise(); });
  std::array<std::byte, 1> byte{};
  EXPECT_FALSE(link.receive(byte, std::chrono::hours(1)));
  EXPECT_EQ(link.error(), ECANCELED);
  stopping.join();
}

TEST(Endpoints, OfANameThatDoesNotExistAreNoneForAReason) {
  const Endpoints none = Endpoints::resolve("does.not.exist.invalid", "1");
  EXPECT_TRUE(none.list().empty());
  EXPECT_NE(none.error(), 0);
}

}  // namespace
}  // namespace millpond::streamer
