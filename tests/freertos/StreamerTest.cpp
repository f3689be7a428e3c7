// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// The streamer on FreeRTOS's double: the port's tasks, mutexes and events, and the host's sockets.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "DoublePort.h"
#include "cli/device/HeapMeter.h"
#include "millpond.h"
#include "millpond/adapters/MbedTls.h"
#include "streamer/Streamer.h"
#include "streamer/uplink/TcpLink.h"
#include "streamer/wire/Ack.h"
#include "tests/streamer/support/FramesSource.h"
#include "tests/streamer/support/Server.h"
#if defined(MILLPOND_TEST_TLS)
#include <mbedtls/platform.h>
#include <openssl/ssl.h>

#include "streamer/tls/TlsLink.h"
#endif

namespace millpond::streamer {
namespace {

constexpr std::size_t length = 60000;

/// The receiver's end of a wire in clear.
class PlainWire {
 public:
  explicit PlainWire(const test::Server& server) : server_(server) {}
  static bool begin() { return true; }
  bool read(std::span<std::byte> bytes) const { return server_.read(bytes); }
  void write(std::span<const std::byte> bytes) const { server_.write(bytes); }
  static void end() {}

 private:
  const test::Server& server_;
};

/// A receiver that acknowledges each chunk, and hangs up whenever `patience` chunks have come.
template <class Wire>
class Receiver {
 public:
  explicit Receiver(std::size_t patience) : patience_(patience), thread_([this] { run(); }) {}
  ~Receiver() { join(); }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  Endpoints where() const {
    return Endpoints::resolve(server_.address().host.c_str(), std::to_string(server_.address().port).c_str());
  }
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  const std::vector<std::int16_t>& samples() const { return samples_; }

 private:
  void run() {
    for (bool ended = false; !ended;) {
      server_.accept();
      EXPECT_TRUE(wire_.begin());
      for (std::size_t chunks = 0; chunks < patience_ && !ended; ++chunks) ended = takeChunk();
      wire_.end();
    }
    server_.hangUp();
  }

  // Returns: whether it ends the stream.
  bool takeChunk() {
    std::array<std::byte, ChunkHeader::max_frame> frame{};
    ChunkHeader header;
    EXPECT_TRUE(wire_.read(std::span(frame).first(ChunkHeader::size)));
    EXPECT_EQ(ChunkHeader::decode(std::span(frame).template first<ChunkHeader::size>(), header),
              WireError::none);
    EXPECT_TRUE(header.payload_bytes == 0 ||
                wire_.read(std::span(frame).subspan(ChunkHeader::size, header.payload_bytes)));
    EXPECT_EQ(header.first_sample, samples_.size());
    const auto* sound = reinterpret_cast<const std::int16_t*>(frame.data() + ChunkHeader::size);
    samples_.insert(samples_.end(), sound, sound + header.samples());
    wire_.write(Ack{header.stream_id, header.sequence, header.first_sample + header.samples()}.encode());
    return header.end_of_stream;
  }

  const std::size_t patience_;
  test::Server server_;
  Wire wire_{server_};
  std::vector<std::int16_t> samples_;
  std::thread thread_;
};

std::vector<std::int16_t> sound() {
  std::vector<std::int16_t> samples(length);
  for (std::size_t i = 0; i < length; ++i) samples[i] = static_cast<std::int16_t>(i * 7919 % 65521);
  return samples;
}

template <int number>
std::span<std::byte> stack() {
  alignas(64) static std::array<std::byte, 1U << 18U> room;
  return room;
}

constexpr MbedTlsRows tls_rows = mbedTlsRows();
constexpr MemoryConfig with_tls{.more = {{tls_rows.small, tls_rows.objects, tls_rows.records}}};

class StreamerOnFreeRtos : public ::testing::Test {
 protected:
  void stream(std::size_t patience) {
    StopFlag stop;
    TcpLink link(stop);
    stream<PlainWire>(patience, link, stop);
  }

  template <class Wire>
  void stream(std::size_t patience, Link& link, StopFlag& stop) {
    Receiver<Wire> receiver(patience);
    Resolver resolver([](void* self) { return static_cast<Receiver<Wire>*>(self)->where(); }, &receiver,
                      stop);
    EventBus bus(memory_);
    Pressure pressure(memory_, &bus);
    test::FramesSource source(sound());
    Streamer::Config config;
    config.uplink.stream_id = 1;
    config.uplink.backoff = {.initial_ms = 1, .max_ms = 5};
    config.when_full = Backlog::WhenFull::wait;
    config.capture.stack = stack<1>();
    config.network.stack = stack<2>();
    config.on_streaming = &cli::heap_meter::countThisThread;
    Streamer streamer({memory_, bus, pressure, source, read_buffer_, resolver, link, stop}, config);
    ASSERT_TRUE(resolver.start({.name = "look-up", .stack = stack<3>()}));
    cli::heap_meter::install();
    const std::uint64_t calls_before = cli::heap_meter::calls();
    const std::size_t system_calls_before = freertos_double::heapCalls();
    ASSERT_TRUE(streamer.start());
    streamer.join();
    EXPECT_EQ(cli::heap_meter::calls(), calls_before);
    EXPECT_EQ(freertos_double::heapCalls(), system_calls_before);
    receiver.join();
    EXPECT_TRUE(streamer.delivered());
    EXPECT_EQ(receiver.samples(), sound());
    connections_ = streamer.uplink().connections;
  }

  StaticMemoryManager<with_tls> memory_;
  std::array<std::int32_t, frames_per_read> read_buffer_{};
  std::uint32_t connections_ = 0;
};

TEST_F(StreamerOnFreeRtos, DeliversTheSameSamplesAndAsksTheHeapForNothing) {
  stream(1000);
  EXPECT_EQ(connections_, 1U);
}

TEST_F(StreamerOnFreeRtos, GoesOnHoweverOftenTheConnectionBreaks) {
  stream(1);
  EXPECT_GE(connections_, length / chunk_samples);
}

TEST_F(StreamerOnFreeRtos, DoesNotStartWithoutAStack) {
  StopFlag stop;
  TcpLink link(stop);
  Resolver resolver([](void*) { return Endpoints(); }, nullptr, stop);
  EventBus bus(memory_);
  Pressure pressure(memory_, &bus);
  test::FramesSource source(sound());
  Streamer streamer({memory_, bus, pressure, source, read_buffer_, resolver, link, stop}, {});
  EXPECT_FALSE(resolver.start({.name = "look-up"}));
  EXPECT_FALSE(streamer.start());
}

TEST_F(StreamerOnFreeRtos, StopsSoonWhenItIsToldTo) {
  test::Server nobody_accepts;
  Endpoints where = Endpoints::resolve("127.0.0.1", std::to_string(nobody_accepts.address().port).c_str());
  StopFlag stop;
  TcpLink link(stop);
  Resolver resolver([](void* at) { return *static_cast<Endpoints*>(at); }, &where, stop);
  EventBus bus(memory_);
  Pressure pressure(memory_, &bus);
  test::FramesSource source(sound());
  Streamer::Config config;
  config.capture.stack = stack<1>();
  config.network.stack = stack<2>();
  Streamer streamer({memory_, bus, pressure, source, read_buffer_, resolver, link, stop}, config);
  ASSERT_TRUE(resolver.start({.name = "look-up", .stack = stack<3>()}));
  ASSERT_TRUE(streamer.start());
  streamer.stop();
  streamer.join();
  EXPECT_TRUE(streamer.done());
  EXPECT_FALSE(streamer.delivered());
}

#if defined(MILLPOND_TEST_TLS)
constexpr std::array<unsigned char, 16> key{1, 2, 3};

/// The receiver's end over TLS with that key, by another library than the device's.
class TlsWire {
 public:
  explicit TlsWire(const test::Server& server) : server_(server) {
    SSL_CTX_set_max_proto_version(context_.get(), TLS1_2_VERSION);
    SSL_CTX_set_psk_server_callback(
        context_.get(), [](SSL*, const char* identity, unsigned char* out, unsigned room) -> unsigned {
          if (std::string(identity) != "device" || room < key.size()) return 0;
          std::copy(key.begin(), key.end(), out);
          return key.size();
        });
  }
  bool begin() {
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), server_.socket());
    return SSL_accept(ssl_.get()) == 1;
  }
  bool read(std::span<std::byte> bytes) {
    while (!bytes.empty()) {
      const int count = SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
      if (count <= 0) return false;
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return true;
  }
  void write(std::span<const std::byte> bytes) {
    EXPECT_EQ(SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())),
              static_cast<int>(bytes.size()));
  }
  void end() { SSL_shutdown(ssl_.get()); }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  const test::Server& server_;
  std::unique_ptr<SSL_CTX, Free> context_{SSL_CTX_new(TLS_server_method())};
  std::unique_ptr<SSL, Free> ssl_;
};

// A handshake for each chunk: all of mbedTLS's memory comes from the pools, and goes back there.
TEST_F(StreamerOnFreeRtos, DeliversOverTlsThroughBreaksAndAsksTheHeapForNothing) {
  ASSERT_EQ(bindMbedTls(memory_), Binding::accepted);
  mbedtls_platform_set_calloc_free(&millpond_mbedtls_calloc, &millpond_mbedtls_free);
  {
    TlsSettings settings;
    const auto* const identity = reinterpret_cast<const unsigned char*>("device");
    ASSERT_EQ(settings.share(key, {identity, 6}), 0);
    StopFlag stop;
    TcpLink tcp(stop);
    TlsLink link(tcp, settings);
    stream<TlsWire>(1, link, stop);
    EXPECT_GE(connections_, length / chunk_samples);
  }
  EXPECT_TRUE(memory_.liveBlocks().begin() == LiveBlocks::end());
  mbedtls_memory.unbind();
}
#endif

}  // namespace
}  // namespace millpond::streamer
