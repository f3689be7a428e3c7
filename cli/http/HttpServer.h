// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/receiver/HostPort.h"

namespace millpond::cli {

/// An answer to a request: a type of content and the content.
struct HttpReply {
  std::string type;
  std::string body;
};

/// What a server shows at one path. `reply` gets the request's Accept header.
struct HttpPage {
  std::string path;
  std::function<HttpReply(std::string_view accept)> reply;
  /// Whether it is shown without the token: what says nothing about the device.
  bool open = false;
};

/// What a server shows. All functions are called on the server's thread, one at a time.
struct HttpContent {
  std::vector<HttpPage> pages;
  /// The path of server-sent events, and what makes the data of the next one.
  std::string events_path;
  std::function<std::string()> event;
};

/// Where a server listens, and who may read.
struct HttpOptions {
  HostPort listen;
  /// What a reader must send as "Authorization: Bearer"; empty: nothing.
  std::string token;
  /// Whether its thread has a low priority, as beside sound.
  bool background = true;

  /// Returns: the token in a file. Throws `Error`.
  static std::string tokenIn(const std::string& path);
};

/// Serves pages that can only be read, over HTTP, on one thread of its own. Nobody waits
/// for it.
///
/// - It bounds what others can take of it: `max_connections`, of which `max_streams` may be for events; one
///   more ends the one whose exchange has gone on for the longest. A request and its answer have
///   `exchange_time` each; a request with its headers has 8 KiB. A reader of events that is slow misses some.
/// - Other methods than GET and HEAD are refused, and so is a Host header with a name while it listens on a
///   loopback address only: so no page of another site can read it by way of the user's browser.
class HttpServer {
 public:
  static constexpr unsigned max_connections = 64;
  static constexpr unsigned max_streams = 24;
  static constexpr std::chrono::seconds exchange_time{10};
  static constexpr std::chrono::milliseconds event_interval{500};

  /// Effect: listens and serves until it is destroyed. Throws `Error`.
  HttpServer(const HttpOptions& options, HttpContent content);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  /// Where it listens, with the port that the system chose for port 0.
  const HostPort& address() const;
  /// Who else can read, in words; empty if nobody can.
  std::string exposure() const;

 private:
  struct Served;
  std::unique_ptr<Served> served_;
};

}  // namespace millpond::cli
