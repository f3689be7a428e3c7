// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/audio/ByteStream.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace millpond::cli {

namespace {

constexpr std::size_t longest_field = 64;

}  // namespace

ByteStream::~ByteStream() { ::close(descriptor_); }

std::size_t ByteStream::read(std::span<std::byte> bytes) {
  const bool all = !give_what_is_there_ || bytes.size() <= longest_field;
  std::size_t done = readKept(bytes);
  while (position_ == received_ && done < bytes.size() && (done == 0 || all)) {
    const std::size_t count = receive(bytes.subspan(done));
    if (count == 0) break;
    done += count;
  }
  return done;
}

std::size_t ByteStream::readKept(std::span<std::byte> bytes) {
  if (position_ >= kept_.size()) return 0;
  const auto kept = std::span(kept_).subspan(static_cast<std::size_t>(position_));
  const std::size_t count = std::min(bytes.size(), kept.size());
  std::copy_n(kept.begin(), count, bytes.begin());
  position_ += count;
  return count;
}

std::size_t ByteStream::receive(std::span<std::byte> bytes) {
  if (!keeping_) kept_.clear();
  bytes = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), end_ - received_)));
  if (bytes.empty()) return 0;
  ssize_t count = -1;
  while (count < 0) {
    if (!waitForBytes()) return 0;
    count = ::read(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR && errno != EAGAIN) {
      error_ = errno;
      return 0;
    }
  }
  const auto came = bytes.first(static_cast<std::size_t>(count));
  if (kept_.size() + came.size() > most_kept) keeping_ = false;
  if (keeping_) kept_.insert(kept_.end(), came.begin(), came.end());
  received_ += came.size();
  position_ = received_;
  return came.size();
}

bool ByteStream::waitForBytes() {
  pollfd waiting{descriptor_, POLLIN, 0};
  while (!stop_.raised()) {
    if (::poll(&waiting, 1, streamer::StopFlag::check_interval.count()) > 0) return true;
  }
  return false;
}

void ByteStream::startHere(std::uint64_t most) {
  kept_.clear();
  keeping_ = false;
  position_ = received_ = 0;
  end_ = most;
}

}  // namespace millpond::cli
