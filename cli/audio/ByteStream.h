// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "streamer/backlog/StopFlag.h"

namespace millpond::cli {

/// Bytes that come once and when they like: a pipe, a socket, a serial line. Until `keepNoMore`, what came is
/// kept, so that what looks for a header may go back. Every wait ends soon once the stop flag is raised.
class ByteStream {
 public:
  static constexpr std::size_t most_kept = std::size_t{1} << 20U;

  /// Effect: owns `descriptor` from now on. Requires: `stop` outlives the stream.
  ByteStream(int descriptor, const streamer::StopFlag& stop) : descriptor_(descriptor), stop_(stop) {}
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;
  ~ByteStream();

  /// Effect: waits for bytes and stores them at the front of `bytes`, as many as find place. Returns: how
  /// many; fewer at the end, after a stop or an error, and 0 at a position that cannot be read.
  std::size_t read(std::span<std::byte> bytes);
  /// Effect: from now on a read gives what is there, unless it is as short as a field of a header: for what
  /// is compressed, where nobody knows how many bytes the next sound takes.
  void giveWhatIsThere() { give_what_is_there_ = true; }

  std::uint64_t position() const { return position_; }
  /// Effect: the next read is at `position`, which is kept, or where the next bytes come, or cannot be read.
  void seek(std::uint64_t position) { position_ = position; }

  /// Effect: nothing that comes is kept from now on; what was kept goes once more comes.
  void keepNoMore() { keeping_ = false; }
  /// Effect: the stream ends with the bytes that came so far, until `startHere`.
  void endHere() { end_ = received_; }
  /// Effect: the bytes that come next are at position 0, `most` of them at most, and none is kept.
  void startHere(std::uint64_t most);

  /// Bytes that came since the start, and at most so many will have come at the end.
  std::uint64_t received() const { return received_; }
  std::uint64_t end() const { return end_; }
  /// Whether all that came is kept.
  bool keepsAll() const { return kept_.size() == received_; }
  bool stopped() const { return stop_.raised(); }
  /// What errno said of a read that failed; 0 where none did.
  int error() const { return error_; }

 private:
  std::size_t readKept(std::span<std::byte> bytes);
  std::size_t receive(std::span<std::byte> bytes);
  bool waitForBytes();

  const int descriptor_;
  const streamer::StopFlag& stop_;
  std::vector<std::byte> kept_;  // the first bytes of all
  bool keeping_ = true;
  bool give_what_is_there_ = false;
  std::uint64_t position_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t end_ = INT64_MAX;
  int error_ = 0;
};

}  // namespace millpond::cli
