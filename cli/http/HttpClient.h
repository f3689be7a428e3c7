// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace millpond::cli {

/// Reads from an HTTP server, over one connection as long as that lasts. No proxy is asked and no redirection
/// followed.
class HttpClient {
 public:
  struct Answer {
    long status = 0;
    std::string body;
  };

  /// `token`, unless empty, is sent as "Authorization: Bearer". A request fails when it takes longer than
  /// `timeout`, or when its answer has more than `most_bytes`.
  HttpClient(std::chrono::milliseconds timeout, std::size_t most_bytes, const std::string& token);
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient();

  /// Returns: the answer to GET, whatever its status. Throws: `Error` if there is none.
  Answer get(const std::string& url);
  /// As `get`, but a POST of a form's fields: `fields` is encoded.
  Answer post(const std::string& url, const std::string& fields);
  /// Returns: `text` as a part of a URL or of a form.
  std::string encoded(const std::string& text) const;

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace millpond::cli
