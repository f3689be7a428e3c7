// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "cli/receiver/Receiver.h"
#include "cli/receiver/Recording.h"
#include "cli/receiver/StreamAccount.h"
#include "streamer/wire/ChunkHeader.h"

namespace millpond::cli {

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
  void close(const std::string& reason = {}, ReceiverLog::Kind kind = ReceiverLog::Kind::closed) noexcept;
  bool closed() const { return closed_; }

 protected:
  static constexpr std::size_t frame_bytes = streamer::ChunkHeader::max_frame;

  /// Effect: does `work`, what a handler has to do; whatever it throws closes this session alone.
  template <class Work>
  void guard(Work work) noexcept {
    try {
      work();
    } catch (const std::exception& error) {
      fail(error);
    }
  }

  /// Effect: the stream is this session's from now on. Throws `Error` where its files cannot be opened.
  void claim(std::uint64_t stream_id, std::uint32_t rate);
  /// Effect: puts samples on file, the first of which has index `first`. Throws `Error` where it cannot.
  void record(std::uint64_t first, std::span<const std::int16_t> samples);
  /// Effect: notes whether the stream has ended.
  void setEnded(bool ended);
  /// Effect: closes, counts a refusal and logs it.
  void refuse(const std::string& reason);
  /// Effect: closes the session unless called again in time.
  void expectMore();

  std::span<const std::int16_t> samplesAt(std::size_t offset, std::size_t bytes) const;

  Receiver& receiver_;
  asio::ip::tcp::socket socket_;
  alignas(16) std::array<std::byte, frame_bytes> frame_{};
  StreamAccount* account_ = nullptr;
  std::optional<Recording> recording_;

 private:
  std::uint64_t streamId() const { return account_ == nullptr ? 0 : account_->stream_id; }
  void fail(const std::exception& error) noexcept;
  void narrate(ReceiverLog::Kind kind, const std::string& what);

  asio::steady_timer idle_;
  std::string peer_;
  bool closed_ = false;
};

}  // namespace millpond::cli
