// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/thread_pool.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "cli/receiver/OutputFolder.h"
#include "cli/receiver/ReceiverFigures.h"
#include "cli/receiver/ReceiverLog.h"
#include "cli/receiver/ReceiverOptions.h"
#include "cli/receiver/ReceiverReport.h"
#include "cli/receiver/RecordingFolder.h"
#include "cli/receiver/Retention.h"
#include "cli/tls/TlsServer.h"

namespace millpond::cli {

class Session;

/// Receives streams over TCP, many at once, and puts each on file. Everything runs on the thread that calls
/// `run`, except the encoding of FLAC. A failure of one stream, even out of memory, closes that stream's
/// connection and leaves the others alone.
class Receiver {
 public:
  using Log = ReceiverLog::Write;

  /// Effect: listens. Calls `on_stop` whenever it stops. Throws `Error` if the folder cannot be read and
  /// written, if the address is not available, or if the credentials cannot be used.
  Receiver(
      asio::io_context& context, ReceiverOptions options, Log log, std::function<void()> on_stop = [] {});
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  ~Receiver();

  /// Where it listens, and whether only this machine can reach that address.
  HostPort address() const { return address_; }
  bool isLocal() const { return local_; }
  const ReceiverOptions& options() const { return options_; }
  /// What anybody who can reach it may do; empty if nothing.
  std::string exposure() const;
  /// Effect: serves until `stop`.
  void run();
  /// Effect: closes everything, so that the io_context runs out of work. Context: its thread.
  void stop() noexcept;
  /// Whether a file could not be written. Context: any.
  bool failed() const { return failed_; }
  /// Context: the thread that calls `run`; any thread while `run` is not active.
  ReceiverReport report() const;
  /// Returns: the figures as they were at most a second ago, unless the receiver waits for its disk. Context:
  /// any.
  ReceiverFigures figures() const;

  // For sessions.
  RecordingFolder& folder() { return folder_; }
  /// nullptr if connections are plain.
  TlsServer* tls() { return tls_ ? &*tls_ : nullptr; }
  ReceiverLog& log() { return log_; }
  StreamAccount& claim(std::uint64_t stream_id, const std::shared_ptr<Session>& session);
  void sessionClosed(const std::shared_ptr<Session>& session, StreamAccount* account);
  void countRefusal() { ++totals_.refused; }
  void countWriteError();
  void countBadChecksum(std::uint64_t stream_id, const streamer::SampleRange& range);

 private:
  struct Stream {
    StreamAccount account;
    std::weak_ptr<Session> session;
    std::uint64_t last_use = 0;
  };

  void listen();
  void accept();
  void acceptLater(const asio::error_code& reason);
  void onConnection(asio::ip::tcp::socket socket);
  void forgetOldest();
  Retention::World retentionWorld();
  void everySecond();
  ReceiverFigures takeFigures() const;
  void onRemoved(const RecordingName& name);
  void encode(const RecordingName& name);
  void onEncoded(const RecordingName& name, bool encoded, const std::string& failure);

  asio::io_context& context_;
  ReceiverOptions options_;
  ReceiverLog log_;
  std::function<void()> on_stop_;
  std::optional<TlsServer> tls_;
  OutputFolder output_;
  RecordingFolder folder_;
  HostPort address_;
  bool local_ = true;
  asio::ip::tcp::acceptor acceptor_;
  std::weak_ptr<void> accepting_;  // expired unless an accept is pending
  bool accept_fails_ = false;      // since it last succeeded
  asio::steady_timer retry_;
  Retention retention_;
  asio::steady_timer tick_;
  asio::thread_pool encoder_{1};
  std::set<std::shared_ptr<Session>> sessions_;
  std::map<std::uint64_t, Stream> streams_;
  std::uint64_t uses_ = 0;
  ReceiverReport totals_;
  ReceiverFigures forgotten_;  // of the streams that are forgotten
  mutable std::mutex figures_mutex_;
  ReceiverFigures figures_;
  std::atomic<bool> failed_{false};
};

}  // namespace millpond::cli
