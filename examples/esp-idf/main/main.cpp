// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <millpond.h>
#include <millpond/BuildConfig.h>
#include <sdkconfig.h>

#include <array>
#include <cstdio>

#include "HeapCount.h"
#include "streamer/Streamer.h"
#include "streamer/capture/ToneSource.h"
#include "streamer/uplink/TcpLink.h"
#if CONFIG_STREAMER_TLS
#include "Tls.h"
#endif
#if CONFIG_STREAMER_HTTP
#include "Http.h"
#endif
#if !CONFIG_IDF_TARGET_LINUX
#include <esp_random.h>

#include "Microphone.h"
#include "Network.h"
#else
#include <cstdlib>
#include <random>
#endif

#if STREAMER_HTTP_PAGE
// As ESP-IDF names what it embeds.
extern "C" const char dashboard_begin[] asm("_binary_dashboard_html_gz_start");
extern "C" const char dashboard_end[] asm("_binary_dashboard_html_gz_end");
#endif

namespace {

using namespace millpond;

// The pools and the microphone's buffer, for all of the device's life.
#if CONFIG_STREAMER_TLS
constexpr std::size_t network_stack_bytes = 12288;  // for a handshake
StaticMemoryManager<tls::withPools(build_config)> memory;
streamer::Link* beginLink(streamer::Link& below) { return tls::begin(memory, below); }
#else
constexpr std::size_t network_stack_bytes = 6144;
StaticMemoryManager<build_config> memory;
streamer::Link* beginLink(streamer::Link& below) { return &below; }
#endif
StaticBuffer<std::int32_t, streamer::frames_per_read> i2s_read(memory, "i2s");

#if CONFIG_IDF_TARGET_LINUX
constexpr bool on_host = true;
#else
constexpr bool on_host = false;
#endif

// A thread of a host needs more.
template <std::size_t bytes>
struct Stack {
  alignas(16) std::array<std::byte, on_host ? 65536 : bytes> room;
};
Stack<4096> capture_stack;
Stack<network_stack_bytes> network_stack;
Stack<4096> look_up_stack;

#define STREAMER_TEXT_OF(value) #value
#define STREAMER_TEXT(value) STREAMER_TEXT_OF(value)

streamer::Endpoints lookUp(void*) {
  return streamer::Endpoints::resolve(CONFIG_STREAMER_RECEIVER_HOST,
                                      STREAMER_TEXT(CONFIG_STREAMER_RECEIVER_PORT));
}

#if CONFIG_IDF_TARGET_LINUX
constexpr auto when_full = streamer::Backlog::WhenFull::wait;
std::uint64_t drawStreamId() { return std::random_device{}(); }

streamer::AudioSource& beginSound() {
  constexpr std::uint64_t frames = std::uint64_t{CONFIG_STREAMER_TONE_SECONDS} * streamer::sample_rate;
  static streamer::ToneSource tone(440, frames);
  return tone;
}
#else
constexpr auto when_full = streamer::Backlog::WhenFull::drop_oldest;
std::uint64_t drawStreamId() { return std::uint64_t{esp_random()} << 32U | esp_random(); }

streamer::AudioSource& beginSound() {
  static Microphone microphone;
  ESP_ERROR_CHECK(network::begin());
  ESP_ERROR_CHECK(microphone.begin());
  return microphone;
}
#endif

#if CONFIG_STREAMER_HTTP
static_assert(sizeof CONFIG_STREAMER_HTTP_TOKEN == 1 ||
                  (sizeof CONFIG_STREAMER_HTTP_TOKEN > 8 && sizeof CONFIG_STREAMER_HTTP_TOKEN <= 257),
              "the token of HTTP has 8 to 256 characters, or none if everybody may read");
#if STREAMER_HTTP_PAGE
std::span<const char> dashboard() { return {dashboard_begin, dashboard_end}; }
#else
std::span<const char> dashboard() { return {}; }
#endif
#endif

void report(const streamer::Streamer& streamer) {
  const streamer::SampleAccount account = streamer.account();
  const MemoryStats stats = memory.stats();
  std::printf(
      "captured %llu delivered %llu dropped %llu unconfirmed %llu; audio %u/%u network %u/%u; heap calls "
      "%u, refusals to anybody %u\n",
      static_cast<unsigned long long>(account.captured), static_cast<unsigned long long>(account.delivered),
      static_cast<unsigned long long>(account.dropped), static_cast<unsigned long long>(account.unconfirmed),
      static_cast<unsigned>(stats.audio.in_use), static_cast<unsigned>(stats.audio.capacity),
      static_cast<unsigned>(stats.network.in_use), static_cast<unsigned>(stats.network.capacity),
      static_cast<unsigned>(heap_count::calls()), static_cast<unsigned>(HeapWatch::failures()));
}

}  // namespace

extern "C" void app_main() {
  static EventBus bus(memory);
  static Pressure pressure(memory, &bus);
  HeapWatch::begin(nullptr);  // counted for the report; nobody here could give the heap anything back
  static streamer::StopFlag stop;
  static streamer::TcpLink tcp(stop);
  streamer::Link* const link = beginLink(tcp);
  if (link == nullptr) {
    std::printf("cannot start without a link\n");
    return;
  }
  streamer::AudioSource& sound =
      beginSound();  // after the link: Wi-Fi uses mbedTLS, whose hooks are set by then
  static streamer::Resolver resolver(&lookUp, nullptr, stop);
  static streamer::Streamer streamer(
      {memory, bus, pressure, sound, i2s_read.span(), resolver, *link, stop},
      {.uplink = {.stream_id = drawStreamId()},
       .when_full = when_full,
       .capture = {.name = "capture", .stack = capture_stack.room, .priority = 10},
       .network = {.name = "network", .stack = network_stack.room, .priority = 5},
       .on_streaming = &heap_count::countThisTask});
  if (!resolver.start({.name = "look-up", .stack = look_up_stack.room, .priority = 4}) || !streamer.start()) {
    std::printf(
        "cannot start: a task was refused, the general pool has no room for the backlog's queues, or the "
        "blocks of the audio or the network pool are too small\n");
    return;
  }
#if CONFIG_STREAMER_HTTP
  ESP_ERROR_CHECK_WITHOUT_ABORT(http::begin({memory, pressure, CONFIG_STREAMER_HTTP_TOKEN, dashboard()}));
#endif
  while (!streamer.done()) {
    streamer::Deadline::in(std::chrono::seconds(on_host ? 1 : 10)).sleep();
    report(streamer);
  }
  streamer.join();
  report(streamer);
#if CONFIG_IDF_TARGET_LINUX
  std::exit(streamer.delivered() ? 0 : 1);
#endif
}
