// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "cli/receiver/Connection.h"
#include "cli/receiver/Receiver.h"
#include "cli/receiver/Recording.h"
#include "cli/receiver/StreamAccount.h"
#include "streamer/wire/ChunkHeader.h"

namespace millpond::cli {

/// One connection to a receiver. It holds one frame, whatever the peer sends, and closes itself when the peer
/// is idle. A failure of one session does not affect the others.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(asio::ip::tcp::socket socket, Receiver& receiver);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  virtual ~Session() = default;

  /// Effect: completes the TLS handshake, if there is one, and begins to read.
  void start();
  /// Effect: closes the connection and the recording, and logs `reason` unless it is empty.
  void close(const std::string& reason = {}, ReceiverLog::Kind kind = ReceiverLog::Kind::closed) noexcept;
  bool closed() const { return closed_; }

 protected:
  static constexpr std::size_t frame_bytes = streamer::ChunkHeader::max_frame;

  virtual void begin() = 0;

  /// Effect: runs `work`, the body of a handler. An exception closes only this session.
  template <class Work>
  void guard(Work work) noexcept {
    try {
      work();
    } catch (const std::exception& error) {
      fail(error);
    }
  }

  /// Effect: makes the stream this session's. Throws `Error` if its files cannot be opened.
  void claim(std::uint64_t stream_id, std::uint32_t rate);
  /// Effect: stores samples, the first of which has index `first`. Throws `Error` if they cannot be stored.
  void record(std::uint64_t first, std::span<const std::int16_t> samples);
  /// Effect: records whether the stream has ended.
  void setEnded(bool ended);
  /// Effect: logs what became of the stream, if the receiver is to.
  void narrate(ReceiverLog::Kind kind, const std::string& what);
  /// Effect: closes the session, counts a refusal and logs it.
  void refuse(const std::string& reason);
  /// Effect: closes the session unless it is called again in time.
  void expectMore();
  /// Whether `bytes` are how a TLS handshake begins, or may become so.
  static bool mayBeginTls(std::span<const std::byte> bytes);
  static constexpr std::size_t tls_begin_size = 9;
  static constexpr const char* tls_on_plain_port = "it speaks TLS; it needs a receiver with --tls";

  std::span<const std::int16_t> samplesAt(std::size_t offset, std::size_t bytes) const;

  Receiver& receiver_;
  Connection connection_;
  alignas(16) std::array<std::byte, frame_bytes> frame_{};
  StreamAccount* account_ = nullptr;
  std::optional<Recording> recording_;

 private:
  std::uint64_t streamId() const { return account_ == nullptr ? 0 : account_->stream_id; }
  void fail(const std::exception& error) noexcept;
  void shakeHands();
  void refuseHandshake(const std::string& reason);
  void ignoreRest();
  void closeAfter(std::chrono::milliseconds time, const char* what);

  asio::steady_timer idle_;
  std::string peer_;
  bool closed_ = false;
};

}  // namespace millpond::cli
