// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "tests/streamer/support/Relay.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace millpond::test {

Relay::Relay(const cli::HostPort& receiver, const Fault& fault)
    : receiver_(receiver), fault_(fault), ending_(::eventfd(0, 0)), thread_([this] { run(); }) {}

Relay::~Relay() {
  ::eventfd_write(ending_, 1);
  thread_.join();
  ::close(ending_);
}

void Relay::run() {
  for (Fault fault = fault_;; fault = {}) {
    std::array<pollfd, 2> waiting{{{listener_.socket(), POLLIN, 0}, {ending_, POLLIN, 0}}};
    ::poll(waiting.data(), waiting.size(), -1);
    if (waiting[1].revents != 0) return;
    const int device = listener_.accept();
    const streamer::Endpoints found = receiver_.resolve();
    const streamer::Endpoint& to = found.list()[0];
    const int receiver = ::socket(to.address.ss_family, SOCK_STREAM, 0);
    if (::connect(receiver, reinterpret_cast<const sockaddr*>(&to.address), to.length) == 0) {
      pass(device, receiver, fault);
    }
    ::close(device);
    ::close(receiver);
  }
}

void Relay::pass(int device, int receiver, Fault fault) const {
  const std::array<int, 2> ends{device, receiver};
  std::array<pollfd, 3> waiting{{{device, POLLIN, 0}, {receiver, POLLIN, 0}, {ending_, POLLIN, 0}}};
  std::size_t last = 1;  // the device speaks first
  unsigned flight = 0;
  std::array<char, 32768> bytes{};
  while (true) {
    ::poll(waiting.data(), waiting.size(), -1);
    if (waiting[2].revents != 0) return;
    const std::size_t from = waiting[last].revents != 0 ? last : 1 - last;
    if (waiting[from].revents == 0) continue;
    const ssize_t count = ::recv(ends[from], bytes.data(), bytes.size(), 0);
    if (count <= 0) return;
    if (from != last) ++flight;
    last = from;
    auto size = static_cast<std::size_t>(count);
    const bool now = fault.kind != Fault::Kind::none && flight == fault.flight;
    if (now && fault.kind == Fault::Kind::cut) return;
    if (now && fault.kind == Fault::Kind::stall) continue;
    if (now && fault.kind == Fault::Kind::corrupt) bytes[size - 1] ^= 1;
    if (now && fault.kind == Fault::Kind::cut_half_way) size /= 2;
    if (::send(ends[1 - from], bytes.data(), size, MSG_NOSIGNAL) < 0) return;
    if (now && fault.kind == Fault::Kind::cut_half_way) return;
  }
}

}  // namespace millpond::test
