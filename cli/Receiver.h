// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/thread_pool.hpp>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "cli/ReceiverOptions.h"
#include "cli/ReceiverReport.h"
#include "cli/Session.h"

namespace millpond::cli {

/// Takes streams over TCP, many at once, and puts each on file. Everything happens on the thread that runs
/// the io_context, the encoding of FLAC aside.
class Receiver {
 public:
  using Log = std::function<void(const std::string& line)>;

  /// Effect: listens; `on_stop` is called whenever it stops. Throws `Error` where the folder cannot be
  /// written or the address cannot be had.
  Receiver(
      asio::io_context& context, ReceiverOptions options, Log log, std::function<void()> on_stop = [] {});
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  ~Receiver();

  /// Where it listens.
  HostPort address() const { return address_; }
  const ReceiverOptions& options() const { return options_; }
  /// Effect: closes everything, so that the io_context runs out of work. Context: its thread.
  void stop();
  /// Whether a file could not be written. Context: any.
  bool failed() const { return failed_; }
  /// Requires: the io_context does not run.
  ReceiverReport report() const;

  // For sessions.
  StreamAccount& claim(std::uint64_t stream_id, const std::shared_ptr<Session>& session);
  void sessionClosed(const std::shared_ptr<Session>& session, StreamAccount* account,
                     const std::string& reason);
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
  void acceptLater();
  void onConnection(asio::ip::tcp::socket socket);
  void forgetOldest();
  void encode(std::uint64_t stream_id);

  asio::io_context& context_;
  ReceiverOptions options_;
  Log log_;
  std::function<void()> on_stop_;
  HostPort address_;
  asio::ip::tcp::acceptor acceptor_;
  asio::steady_timer retry_;
  asio::thread_pool encoder_{1};
  std::set<std::shared_ptr<Session>> sessions_;
  std::map<std::uint64_t, Stream> streams_;
  std::uint64_t uses_ = 0;
  ReceiverReport totals_;
  std::atomic<bool> failed_{false};
};

}  // namespace millpond::cli
