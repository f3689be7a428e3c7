// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>
#include <netdb.h>

#include <array>
#include <cerrno>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "cli/device/LookUp.h"
#include "streamer/uplink/TcpLink.h"
#include "streamer/uplink/Uplink.h"
#include "streamer/wire/Ack.h"
#include "streamer/wire/WireError.h"
#include "tests/streamer/support/BacklogFeed.h"
#include "tests/streamer/support/BreakingSend.h"
#include "tests/streamer/support/DeviceFixture.h"
#include "tests/streamer/support/Server.h"
#include "tests/support/Eventually.h"

namespace millpond::streamer {
namespace {

using Cause = Outage::Cause;
using std::chrono::milliseconds;

/// What a peer does with the first chunk, and the reason that the device gives for it.
struct Failure {
  const char* name;
  Outage expected;
  std::function<void(test::Server&)> peer = [](test::Server&) {};
  std::function<void(Uplink::Config&)> setUp = [](Uplink::Config&) {};
  cli::LookUp::Function receiver = nullptr;  // the peer's address
};

void acceptChunk(test::Server& server) {
  server.accept();
  std::array<std::byte, ChunkHeader::size + chunk_payload_bytes> frame{};
  server.read(frame);
}

Endpoints nothing() { return Endpoints::none(EAI_NONAME); }

std::vector<Failure> ways() {
  return {
      {"HasNoName", {Cause::unresolved, EAI_NONAME}, [](test::Server&) {}, [](Uplink::Config&) {}, nothing},
      {"HasANameThatTakesLongToFind",
       {Cause::slow_lookup},
       [](test::Server&) {},
       [](Uplink::Config& config) { config.connect_timeout = milliseconds(1); },
       [] {
         std::this_thread::sleep_for(milliseconds(100));
         return nothing();
       }},
      {"IsNotThere",
       {Cause::unreachable, ECONNREFUSED},
       [](test::Server&) {},
       [](Uplink::Config&) {},
       [gone = test::Server().address()] { return gone.resolve(); }},
      {"DoesNotRead",
       {Cause::not_read},
       [](test::Server& server) { server.accept(); },
       [](Uplink::Config&) { test::breakAfter(1000, EAGAIN); }},
      {"DoesNotAnswer", {Cause::not_answered}, acceptChunk},
      {"ClosesInsteadOfAnswering",
       {Cause::closed},
       [](test::Server& server) {
         acceptChunk(server);
         server.hangUp();
       }},
      {"ResetsTheConnectionWhileItIsSentTo",
       {Cause::broken, ECONNRESET},
       [](test::Server& server) { server.accept(); },
       [](Uplink::Config&) { test::breakAfter(1000, ECONNRESET); }},
      {"ResetsTheConnectionInsteadOfAnswering",
       {Cause::broken, ECONNRESET},
       [](test::Server& server) {
         server.accept();
         std::byte first{};
         server.read({&first, 1});
         server.hangUp();  // with the rest unread
       }},
      {"AnswersNonsense",
       {Cause::bad_answer, static_cast<std::int16_t>(WireError::magic)},
       [](test::Server& server) {
         acceptChunk(server);
         server.write(Ack::Bytes{});
       }},
      {"AnswersAnotherChunk",
       {Cause::wrong_answer},
       [](test::Server& server) {
         acceptChunk(server);
         server.write(Ack{.stream_id = 1, .sequence = 1, .next_sample = chunk_samples}.encode());
       }},
  };
}

class OutageTest : public test::DeviceFixture, public ::testing::WithParamInterface<Failure> {
 protected:
  void start(const Failure& way) {
    Uplink::Config config;
    config.stream_id = 1;
    config.backoff = {.initial_ms = 3600000, .max_ms = 3600000};
    config.reply_timeout = milliseconds(100);
    way.setUp(config);
    backlog_.emplace(memory(), Backlog::limitsOf(memory()), Backlog::WhenFull::drop_oldest);
    look_up_.emplace(
        way.receiver ? way.receiver : [address = server_.address()] { return address.resolve(); }, stop_);
    uplink_.emplace(Uplink::Parts{*backlog_, look_up_->resolver(), link_, stop_}, config);
    std::uint64_t next = 0;
    test::capture(*backlog_, next, chunk_samples);
    thread_ = std::thread([this] { uplink_->run(); });
  }
  void TearDown() override {
    stop_.raise();
    backlog_->stop();
    thread_.join();
    test::breakNever();
    backlog_->abandon();
    backlog_.reset();
    DeviceFixture::TearDown();
  }

  test::Server server_;
  StopFlag stop_;
  TcpLink link_{stop_};
  std::optional<cli::LookUp> look_up_;
  std::optional<Backlog> backlog_;
  std::optional<Uplink> uplink_;
  std::thread thread_;
};

TEST_P(OutageTest, HasItsReasonWhereThePeer) {
  start(GetParam());
  GetParam().peer(server_);
  EXPECT_TRUE(test::eventually([&] { return uplink_->stats().outages == 1; }));
  const Outage outage = uplink_->stats().outage;
  EXPECT_EQ(outage, GetParam().expected) << static_cast<int>(outage.cause) << ": " << outage.detail;
}

INSTANTIATE_TEST_SUITE_P(EveryWay, OutageTest, ::testing::ValuesIn(ways()),
                         [](const auto& way) { return std::string(way.param.name); });

}  // namespace
}  // namespace millpond::streamer
