// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "cli/Recording.h"
#include "cli/StreamAccount.h"
#include "streamer/ChunkHeader.h"

namespace millpond::cli {

class Receiver;

/// One connection to a receiver: it holds one frame, whatever the peer sends, and closes itself when the peer
/// is idle. What is wrong with one session leaves the others alone.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(asio::ip::tcp::socket socket, Receiver& receiver);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  virtual ~Session() = default;

  virtual void start() = 0;
  /// Effect: closes the connection and the recording; `reason`, where it is not empty, is logged.
  void close(const std::string& reason = {});
  bool closed() const { return closed_; }

 protected:
  static constexpr std::size_t frame_bytes = streamer::ChunkHeader::max_frame;

  /// Effect: the stream is this session's from now on. Throws `Error` where its files cannot be opened.
  void claim(std::uint64_t stream_id, std::uint32_t rate);
  /// Effect: closes, counts a refusal and logs it.
  void refuse(const std::string& reason);
  /// Effect: closes because a file could not be written.
  void failToWrite(const std::string& reason);
  /// Effect: closes the session unless called again in time.
  void expectMore();

  std::span<const std::int16_t> samplesAt(std::size_t offset, std::size_t bytes) const;

  Receiver& receiver_;
  asio::ip::tcp::socket socket_;
  alignas(16) std::array<std::byte, frame_bytes> frame_{};
  StreamAccount* account_ = nullptr;
  std::optional<Recording> recording_;

 private:
  asio::steady_timer idle_;
  std::string peer_;
  bool closed_ = false;
};

}  // namespace millpond::cli
