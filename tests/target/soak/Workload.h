// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace soak {

enum class Kind : std::uint8_t { audio, network, general };

struct Request {
  Kind kind;
  std::uint32_t size;
  /// Requests after which it is freed, from 1 to 63.
  std::uint32_t lifetime;
};

/// Numbers that look random and are the same in every run (Marsaglia's xorshift).
class Random {
 public:
  explicit Random(std::uint32_t seed) : state_(seed) {}
  std::uint32_t next() {
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 17U;
    return state_ ^= state_ << 5U;
  }
  /// From 0 to `limit` - 1, without dividing. Requires: limit below 65536.
  std::uint32_t below(std::uint32_t limit) { return ((next() >> 16U) * limit) >> 16U; }
  std::uint32_t between(std::uint32_t least, std::uint32_t most) { return least + below(most - least + 1); }

 private:
  std::uint32_t state_;
};

/// What an audio streamer and the network stack beside it ask for, one request after another: each chunk is
/// five captured blocks and one to send; between them Wi-Fi frames, segments and strings; now and then a TLS
/// handshake with its records and its many small objects.
class Workload {
 public:
  explicit Workload(std::uint32_t seed) : random_(seed) {}

  Request next() {
    const std::uint32_t step = step_++;
    if ((step & 1023U) < 24) return handshake(step & 1023U);
    switch (step & 15U) {
      case 0:
      case 3:
      case 6:
      case 9:
      case 12:
        return {Kind::audio, 4096, random_.between(4, 11)};
      case 13:
        return {Kind::network, 19200, random_.between(4, 19)};
      case 2:
      case 10:
        return {Kind::general, 1600, random_.between(1, 5)};
      case 7:
        return {Kind::general, 1440, random_.between(1, 5)};
      default:
        return {Kind::general, random_.between(12, 800), random_.between(1, 8)};
    }
  }

 private:
  Request handshake(std::uint32_t step) {
    if (step == 0) return {Kind::network, 16717, 40};
    if (step == 1) return {Kind::general, 4400, 40};
    return {Kind::general, random_.between(20, 600), random_.between(1, 24)};
  }

  Random random_;
  std::uint32_t step_ = 0;
};

/// What is held of a workload, by the request before which it is to be freed.
template <class Held>
class Calendar {
 public:
  static constexpr std::uint32_t places = 64;

  Calendar() {
    for (std::uint32_t place = 0; place < places; ++place) entries_[place].next = place + 1;
    due_.fill(places);
  }

  bool full() const { return free_ == places; }

  /// Requires: not full, lifetime from 1 to 63.
  void add(const Held& held, std::uint32_t lifetime) {
    const std::uint32_t place = free_;
    free_ = entries_[place].next;
    std::uint32_t& day = due_[(now_ + lifetime) & (places - 1)];
    entries_[place] = {held, day};
    day = place;
  }

  /// Effect: the next request's turn; calls `release(held)` for all that is due.
  template <class Release>
  void advance(Release release) {
    std::uint32_t& day = due_[++now_ & (places - 1)];
    while (day != places) {
      const std::uint32_t place = day;
      day = entries_[place].next;
      entries_[place].next = free_;
      free_ = place;
      release(entries_[place].held);
    }
  }

 private:
  struct Entry {
    Held held{};
    std::uint32_t next = 0;
  };
  std::array<Entry, places> entries_;
  std::array<std::uint32_t, places> due_;
  std::uint32_t free_ = 0;
  std::uint32_t now_ = 0;
};

}  // namespace soak
