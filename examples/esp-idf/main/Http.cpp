// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Http.h"

#include <esp_http_server.h>
#include <sdkconfig.h>

#include <array>
#include <cstring>

namespace http {

namespace {

using namespace millpond;

struct Watched {
  const MemoryManager* memory;
  const Pressure* pressure;
};
Watched watched;

bool prefersOpenMetrics(httpd_req_t* request) {
  std::array<char, 256> accept{};
  const esp_err_t found = httpd_req_get_hdr_value_str(request, "Accept", accept.data(), accept.size());
  return found == ESP_OK && std::strstr(accept.data(), "application/openmetrics-text") != nullptr;
}

// Only the server's one task comes here.
esp_err_t sendMetrics(httpd_req_t* request) {
  static std::array<SourceStats, 16> sources;
  static std::array<char, 1024> buffer;
  const auto format = prefersOpenMetrics(request) ? Metrics::Format::open_metrics : Metrics::Format::text;
  Metrics metrics(*watched.memory, watched.pressure, sources, format);
  httpd_resp_set_type(request, Metrics::contentType(format));
  while (const std::size_t bytes = metrics.write(buffer)) {
    const esp_err_t sent = httpd_resp_send_chunk(request, buffer.data(), static_cast<ssize_t>(bytes));
    if (sent != ESP_OK) return sent;
  }
  if (metrics.tooSmall()) return ESP_FAIL;  // the connection breaks off: better than a part
  return httpd_resp_send_chunk(request, nullptr, 0);
}

esp_err_t sendHealth(httpd_req_t* request) { return httpd_resp_sendstr(request, "ok\n"); }

esp_err_t show(httpd_handle_t server, const char* path, esp_err_t (*handler)(httpd_req_t*)) {
  httpd_uri_t page{};
  page.uri = path;
  page.method = HTTP_GET;
  page.handler = handler;
  return httpd_register_uri_handler(server, &page);
}

}  // namespace

esp_err_t begin(const MemoryManager& memory, const Pressure& pressure) {
  watched = {&memory, &pressure};
  httpd_config_t config = HTTPD_DEFAULT_CONFIG();
  config.server_port = CONFIG_STREAMER_HTTP_PORT;
  config.task_priority = 1;  // below capture and network
  config.stack_size = 6144;
  config.max_open_sockets = 3;
  config.lru_purge_enable = true;  // one that never finishes makes room for the next
  httpd_handle_t server = nullptr;
  esp_err_t error = httpd_start(&server, &config);
  if (error == ESP_OK) error = show(server, "/metrics", sendMetrics);
  if (error == ESP_OK) error = show(server, "/healthz", sendHealth);
  return error;
}

}  // namespace http
