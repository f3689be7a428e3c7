// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Http.h"

#include <esp_http_server.h>
#include <esp_mac.h>
#include <esp_random.h>
#include <esp_timer.h>
#include <sdkconfig.h>
#include <sys/time.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <optional>

namespace http {

namespace {

using namespace millpond;

constexpr std::size_t least_token = 8;
constexpr std::size_t longest_token = 256;

// Of the one server, whose one task alone comes here.
std::optional<Served> shown;
std::array<char, 13> device{};
std::array<char, 17> boot{};

template <std::size_t size>
bool readHeader(httpd_req_t* request, const char* name, std::array<char, size>& value) {
  return httpd_req_get_hdr_value_str(request, name, value.data(), size) == ESP_OK;
}

// Takes as long whatever was sent, so that nobody can guess a token letter by letter.
bool sameSecret(const char* sent, const char* secret) {
  const std::size_t letters = std::strlen(secret) + 1;
  bool same = std::strlen(sent) + 1 == letters;
  for (std::size_t at = 0; sent[at] != '\0'; ++at) same &= sent[at] == secret[at % letters];
  return same;
}

bool mayRead(httpd_req_t* request) {
  constexpr const char* scheme = "Bearer ";
  if (*shown->token == '\0') return true;
  std::array<char, longest_token + 16> sent{};
  return readHeader(request, "Authorization", sent) &&
         std::strncmp(sent.data(), scheme, std::strlen(scheme)) == 0 &&
         sameSecret(sent.data() + std::strlen(scheme), shown->token);
}

esp_err_t refuse(httpd_req_t* request) {
  httpd_resp_set_status(request, "401 Unauthorized");
  httpd_resp_set_hdr(request, "WWW-Authenticate", "Bearer");
  return httpd_resp_sendstr(request, "wrong or no token: send Authorization: Bearer TOKEN\n");
}

template <class Document>
esp_err_t send(httpd_req_t* request, Document& document) {
  static std::array<char, 1024> buffer;
  httpd_resp_set_hdr(request, "Cache-Control", "no-store");
  while (const std::size_t bytes = document.write(buffer)) {
    const esp_err_t sent = httpd_resp_send_chunk(request, buffer.data(), static_cast<ssize_t>(bytes));
    if (sent != ESP_OK) return sent;
  }
  if (document.tooSmall()) return ESP_FAIL;  // the connection breaks off: better than a part
  return httpd_resp_send_chunk(request, nullptr, 0);
}

esp_err_t sendMetrics(httpd_req_t* request) {
  static std::array<SourceStats, 16> sources;
  if (!mayRead(request)) return refuse(request);
  std::array<char, 256> accept{};
  const bool newer = readHeader(request, "Accept", accept) &&
                     std::strstr(accept.data(), "application/openmetrics-text") != nullptr;
  const auto format = newer ? Metrics::Format::open_metrics : Metrics::Format::text;
  Metrics metrics(shown->memory, &shown->pressure, sources, format);
  httpd_resp_set_type(request, Metrics::contentType(format));
  return send(request, metrics);
}

esp_err_t sendMemory(httpd_req_t* request) {
  if (!mayRead(request)) return refuse(request);
  timeval now{};
  gettimeofday(&now, nullptr);
  MemoryJson json(shown->memory, &shown->pressure,
                  {.name = device.data(),
                   .boot = boot.data(),
                   .time_ms = static_cast<std::uint64_t>(now.tv_sec) * 1000 +
                              static_cast<std::uint64_t>(now.tv_usec) / 1000,
                   .up_ms = static_cast<std::uint64_t>(esp_timer_get_time()) / 1000});
  httpd_resp_set_type(request, MemoryJson::content_type);
  return send(request, json);
}

esp_err_t sendPage(httpd_req_t* request) {
  if (shown->page.empty()) {
    httpd_resp_set_type(request, "text/plain; charset=utf-8");
    return httpd_resp_sendstr(request, "There are /metrics, /memory.json and /healthz.\n");
  }
  httpd_resp_set_type(request, "text/html; charset=utf-8");
  httpd_resp_set_hdr(request, "Content-Encoding", "gzip");
  return httpd_resp_send(request, shown->page.data(), static_cast<ssize_t>(shown->page.size()));
}

esp_err_t sendHealth(httpd_req_t* request) {
  httpd_resp_set_type(request, "text/plain; charset=utf-8");
  return httpd_resp_sendstr(request, "ok\n");
}

esp_err_t show(httpd_handle_t server, const char* path, esp_err_t (*handler)(httpd_req_t*)) {
  httpd_uri_t page{};
  page.uri = path;
  page.method = HTTP_GET;
  page.handler = handler;
  return httpd_register_uri_handler(server, &page);
}

// A device is known by its address, and each of its lives by a number drawn.
esp_err_t nameDevice() {
  std::array<std::uint8_t, 6> mac{};
  const esp_err_t error = esp_read_mac(mac.data(), ESP_MAC_WIFI_STA);
  std::snprintf(device.data(), device.size(), "%02x%02x%02x%02x%02x%02x", mac[0], mac[1], mac[2], mac[3],
                mac[4], mac[5]);
  std::snprintf(boot.data(), boot.size(), "%08lx%08lx", static_cast<unsigned long>(esp_random()),
                static_cast<unsigned long>(esp_random()));
  return error;
}

}  // namespace

esp_err_t begin(const Served& served) {
  const std::size_t length = std::strlen(served.token);
  if (length != 0 && (length < least_token || length > longest_token)) return ESP_ERR_INVALID_ARG;
  shown.emplace(served);
  httpd_config_t config = HTTPD_DEFAULT_CONFIG();
  config.server_port = CONFIG_STREAMER_HTTP_PORT;
  config.task_priority = 1;  // below capture and network
  config.stack_size = 6144;
  config.max_open_sockets = 3;
  config.lru_purge_enable = true;  // one that never finishes makes room for the next
  // Seconds that the one task waits for a reader that says nothing, or takes nothing.
  config.recv_wait_timeout = 1;
  config.send_wait_timeout = 2;
  httpd_handle_t server = nullptr;
  esp_err_t error = nameDevice();
  if (error == ESP_OK) error = httpd_start(&server, &config);
  if (error == ESP_OK) error = show(server, "/", sendPage);
  if (error == ESP_OK) error = show(server, "/metrics", sendMetrics);
  if (error == ESP_OK) error = show(server, "/memory.json", sendMemory);
  if (error == ESP_OK) error = show(server, "/healthz", sendHealth);
  return error;
}

}  // namespace http
