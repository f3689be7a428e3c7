// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/http/HttpClient.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <array>
#include <new>
#include <utility>

#include "cli/show/Error.h"

namespace millpond::cli {

struct HttpClient::Connection {
  Connection() : handle(curl_easy_init()) {
    if (handle == nullptr) throw std::bad_alloc();
  }
  ~Connection() {
    curl_slist_free_all(headers);
    curl_easy_cleanup(handle);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  template <class Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(handle, option, value);
  }

  static std::size_t onBytes(char* bytes, std::size_t, std::size_t count, void* self) {
    auto& own = *static_cast<Connection*>(self);
    own.too_long = own.body.size() + count > own.most_bytes;
    if (own.too_long) return 0;
    own.body.append(bytes, count);
    return count;
  }

  Answer perform(const std::string& url) {
    body.clear();
    too_long = false;
    reason[0] = '\0';
    set(CURLOPT_URL, url.c_str());
    const CURLcode code = curl_easy_perform(handle);
    if (too_long) throw Error(fmt::format("{} answers with more than {} bytes", url, most_bytes));
    if (code != CURLE_OK) {
      throw Error(fmt::format("cannot read {}: {}", url,
                              reason[0] != '\0' ? reason.data() : curl_easy_strerror(code)));
    }
    Answer answer;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer.status);
    answer.body = std::move(body);
    return answer;
  }

  CURL* handle;
  curl_slist* headers = nullptr;
  std::size_t most_bytes = 0;
  std::string body;
  bool too_long = false;
  std::array<char, CURL_ERROR_SIZE> reason{};
};

HttpClient::HttpClient(std::chrono::milliseconds timeout, std::size_t most_bytes, const std::string& token) {
  static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  if (!ready) throw Error("libcurl cannot be used");
  connection_ = std::make_unique<Connection>();
  connection_->most_bytes = most_bytes;
  if (!token.empty()) {
    connection_->headers = curl_slist_append(nullptr, ("Authorization: Bearer " + token).c_str());
    connection_->set(CURLOPT_HTTPHEADER, connection_->headers);
  }
  connection_->set(CURLOPT_NOSIGNAL, 1L);
  connection_->set(CURLOPT_PROXY, "");
  connection_->set(CURLOPT_PROTOCOLS_STR, "http,https");
  connection_->set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  connection_->set(CURLOPT_ERRORBUFFER, connection_->reason.data());
  connection_->set(CURLOPT_WRITEFUNCTION, &Connection::onBytes);
  connection_->set(CURLOPT_WRITEDATA, connection_.get());
  connection_->set(CURLOPT_USERAGENT, "millpond");
}

HttpClient::~HttpClient() = default;

HttpClient::Answer HttpClient::get(const std::string& url) {
  connection_->set(CURLOPT_HTTPGET, 1L);
  return connection_->perform(url);
}

HttpClient::Answer HttpClient::post(const std::string& url, const std::string& fields) {
  connection_->set(CURLOPT_POSTFIELDSIZE, static_cast<long>(fields.size()));
  connection_->set(CURLOPT_COPYPOSTFIELDS, fields.c_str());
  return connection_->perform(url);
}

std::string HttpClient::encoded(const std::string& text) const {
  const std::unique_ptr<char, decltype(&curl_free)> made(
      curl_easy_escape(connection_->handle, text.data(), static_cast<int>(text.size())), &curl_free);
  return made != nullptr ? made.get() : "";
}

}  // namespace millpond::cli
