// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "streamer/backlog/StopFlag.h"

namespace millpond::cli {

/// Bytes that arrive once, at any time: a pipe, a socket, a serial line. Until `keepNoMore`, all bytes are
/// kept, so that the search for a header may seek back. Every wait ends soon after the stop flag is raised.
class ByteStream {
 public:
  static constexpr std::size_t most_kept = std::size_t{1} << 20U;

  /// Effect: takes ownership of `descriptor`. Requires: `stop` outlives the stream.
  ByteStream(int descriptor, const streamer::StopFlag& stop) : descriptor_(descriptor), stop_(stop) {}
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;
  ~ByteStream();

  /// Effect: waits for bytes and fills `bytes` from the front. Returns: how many it stored; fewer at the end,
  /// after a stop or an error, and 0 at a position that cannot be read.
  std::size_t read(std::span<std::byte> bytes);
  /// Effect: from now on a read returns what is available, unless it is as short as a field of a header. For
  /// compressed sound, where the bytes of the next sound are not known.
  void giveWhatIsThere() { give_what_is_there_ = true; }

  std::uint64_t position() const { return position_; }
  /// Effect: the next read is at `position`: of a byte that was kept, or of the next one. Any other position
  /// cannot be read.
  void seek(std::uint64_t position) { position_ = position; }

  /// Effect: keeps no further bytes; those kept are dropped when more arrive.
  void keepNoMore() { keeping_ = false; }
  /// Effect: the stream ends with the bytes received so far, until `startHere`.
  void endHere() { end_ = received_; }
  /// Effect: the next byte is at position 0. At most `most` bytes follow, and none is kept.
  void startHere(std::uint64_t most);

  /// Bytes received since the start, and the most that can have been received at the end.
  std::uint64_t received() const { return received_; }
  std::uint64_t end() const { return end_; }
  /// Whether every byte received is kept.
  bool keepsAll() const { return kept_.size() == received_; }
  bool stopped() const { return stop_.raised(); }
  /// The `errno` of a read that failed; 0 if none did.
  int error() const { return error_; }

 private:
  std::size_t readKept(std::span<std::byte> bytes);
  std::size_t receive(std::span<std::byte> bytes);
  bool waitForBytes();

  const int descriptor_;
  const streamer::StopFlag& stop_;
  std::vector<std::byte> kept_;  // a prefix of the stream
  bool keeping_ = true;
  bool give_what_is_there_ = false;
  std::uint64_t position_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t end_ = INT64_MAX;
  int error_ = 0;
};

}  // namespace millpond::cli
