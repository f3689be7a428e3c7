// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// The device of docs/design.md on Linux, without the command around it: pools, static stacks, a tone.
//
//     device HOST PORT SECONDS
#include <millpond.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "streamer/Streamer.h"
#include "streamer/capture/ToneSource.h"
#include "streamer/uplink/TcpLink.h"

namespace {

using namespace millpond;

struct Receiver {
  const char* host;
  const char* port;
};

StaticMemoryManager<> memory;
StaticBuffer<std::int32_t, streamer::frames_per_read> i2s_read(memory, "i2s");
alignas(64) std::array<std::byte, 65536> capture_stack;
alignas(64) std::array<std::byte, 65536> network_stack;

int stream(Receiver receiver, std::uint64_t seconds) {
  streamer::ToneSource tone(440, seconds * streamer::sample_rate);
  EventBus bus(memory);
  Pressure pressure(memory, &bus);
  streamer::StopFlag stop;
  streamer::TcpLink link(stop);
  streamer::Resolver resolver(
      [](void* at) {
        const auto& wanted = *static_cast<const Receiver*>(at);
        return streamer::Endpoints::resolve(wanted.host, wanted.port);
      },
      &receiver, stop);
  streamer::Streamer device({memory, bus, pressure, tone, i2s_read.span(), resolver, link, stop},
                            {.uplink = {.stream_id = std::random_device{}()},
                             .when_full = streamer::Backlog::WhenFull::wait,
                             .capture = {.name = "capture", .stack = capture_stack, .priority = 2},
                             .network = {.name = "network", .stack = network_stack, .priority = 1}});
  if (!resolver.start({.name = "look-up"}) || !device.start()) {
    std::fputs("device: the system has no thread, or the general pool no room for the queues\n", stderr);
    return 1;
  }
  device.join();
  const streamer::SampleAccount account = device.account();
  std::printf(
      "captured %llu, delivered %llu, dropped %llu\n", static_cast<unsigned long long>(account.captured),
      static_cast<unsigned long long>(account.delivered), static_cast<unsigned long long>(account.dropped));
  return device.delivered() ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  char* rest = nullptr;
  const unsigned long seconds = count == 4 ? std::strtoul(arguments[3], &rest, 10) : 0;
  if (seconds == 0 || seconds > 86400 || *rest != '\0') {
    std::fputs("usage: device HOST PORT SECONDS, with 1 to 86400 seconds\n", stderr);
    return 2;
  }
  return stream({arguments[1], arguments[2]}, seconds);
}
