// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// The pages of the example for ESP-IDF, with a double of its HTTP server.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#define CONFIG_STREAMER_HTTP_PORT 8080
#include "examples/esp-idf/main/Http.cpp"

namespace {

// What the server was told, what the reader sends, and what it gets.
struct Server {
  httpd_config_t config{};
  std::map<std::string, esp_err_t (*)(httpd_req_t*)> pages;
  std::map<std::string, std::string> sent;
  std::string status, body;
  std::map<std::string, std::string> headers;
  bool ended = false;
  int chunks_taken = -1;  // before the reader leaves; -1: all
};
Server server;

}  // namespace

esp_err_t httpd_start(httpd_handle_t*, const httpd_config_t* config) {
  server.config = *config;
  return ESP_OK;
}
esp_err_t httpd_register_uri_handler(httpd_handle_t, const httpd_uri_t* page) {
  server.pages[page->uri] = page->handler;
  return page->method == HTTP_GET && server.pages.size() <= server.config.max_uri_handlers ? ESP_OK
                                                                                           : ESP_FAIL;
}
esp_err_t httpd_req_get_hdr_value_str(httpd_req_t*, const char* name, char* value, size_t size) {
  const auto found = server.sent.find(name);
  if (found == server.sent.end() || found->second.size() >= size) return ESP_FAIL;
  std::strcpy(value, found->second.c_str());
  return ESP_OK;
}
esp_err_t httpd_resp_set_status(httpd_req_t*, const char* status) {
  server.status = status;
  return ESP_OK;
}
esp_err_t httpd_resp_set_type(httpd_req_t* request, const char* type) {
  return httpd_resp_set_hdr(request, "Content-Type", type);
}
esp_err_t httpd_resp_set_hdr(httpd_req_t*, const char* name, const char* value) {
  server.headers[name] = value;
  return ESP_OK;
}
esp_err_t httpd_resp_send(httpd_req_t*, const char* text, ssize_t bytes) {
  server.body.assign(text, static_cast<std::size_t>(bytes));
  server.ended = true;
  return ESP_OK;
}
esp_err_t httpd_resp_sendstr(httpd_req_t* request, const char* text) {
  return httpd_resp_send(request, text, static_cast<ssize_t>(std::strlen(text)));
}
esp_err_t httpd_resp_send_chunk(httpd_req_t*, const char* text, ssize_t bytes) {
  if (server.chunks_taken == 0) return ESP_FAIL;
  if (server.chunks_taken > 0) --server.chunks_taken;
  server.body.append(text != nullptr ? text : "", static_cast<std::size_t>(bytes));
  server.ended |= bytes == 0;
  return ESP_OK;
}
esp_err_t esp_read_mac(uint8_t* mac, esp_mac_type_t) {
  for (uint8_t at = 0; at < 6; ++at) mac[at] = static_cast<uint8_t>(0xA0 + at);
  return ESP_OK;
}
uint32_t esp_random() { return 0xB007; }
int64_t esp_timer_get_time() { return 61'005'999; }

namespace {

class FirmwareTest : public testing::Test {
 protected:
  static constexpr const char* token = "of-the-test";
  void SetUp() override { server = {}; }

  esp_err_t begin(const char* secret = "", std::span<const char> page = {}) {
    return http::begin({memory, pressure, secret, page});
  }
  esp_err_t get(const char* path, std::map<std::string, std::string> headers = {}) {
    server.sent = std::move(headers);
    server.status = "200 OK";
    server.body.clear();
    server.headers.clear();
    server.ended = false;
    httpd_req_t request{};
    return server.pages.at(path)(&request);
  }

  millpond::StaticMemoryManager<millpond::MemoryConfig{}> memory;
  millpond::Pressure pressure{memory};
};

TEST_F(FirmwareTest, ServesTheMemoryAsJson) {
  ASSERT_EQ(begin(), ESP_OK);
  const millpond::Buffer held = memory.audioBuffer(4000, "capture");
  ASSERT_EQ(get("/memory.json"), ESP_OK);
  EXPECT_TRUE(server.ended);
  EXPECT_EQ(server.headers["Content-Type"], "application/json");
  const nlohmann::json json = nlohmann::json::parse(server.body);
  EXPECT_EQ(json["device"], "a0a1a2a3a4a5");
  EXPECT_EQ(json["boot"], "0000b0070000b007");
  EXPECT_EQ(json["seconds"], 61.005);
  EXPECT_EQ(json["blocks"][0]["source"], "capture");
  EXPECT_EQ(json["pressure"]["level"], "normal");
}

TEST_F(FirmwareTest, ServesMetricsInTheFormatThatIsAskedFor) {
  ASSERT_EQ(begin(), ESP_OK);
  ASSERT_EQ(get("/metrics"), ESP_OK);
  EXPECT_EQ(server.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_NE(server.body.find("millpond_pressure_level 0\n"), std::string::npos);
  ASSERT_EQ(get("/metrics", {{"Accept", "application/openmetrics-text;version=1.0.0"}}), ESP_OK);
  EXPECT_TRUE(server.body.ends_with("# EOF\n"));
}

TEST_F(FirmwareTest, ServesTheDashboardIfTheBuildHasIt) {
  ASSERT_EQ(begin(), ESP_OK);
  ASSERT_EQ(get("/"), ESP_OK);
  EXPECT_EQ(server.body, "There are /metrics, /memory.json and /healthz.\n");
  const std::string page = "compressed";
  ASSERT_EQ(begin("", page), ESP_OK);
  ASSERT_EQ(get("/"), ESP_OK);
  EXPECT_EQ(server.body, page);
  EXPECT_EQ(server.headers["Content-Encoding"], "gzip");
}

TEST_F(FirmwareTest, WithATokenOnlyItsHolderReadsTheFigures) {
  ASSERT_EQ(begin(token), ESP_OK);
  for (const char* path : {"/metrics", "/memory.json"}) {
    for (const char* sent :
         {"", "Bearer ", "Bearer of-the-tes", "Bearer of-the-test2", "of-the-test", "Basic of-the-test"}) {
      get(path, {{"Authorization", sent}});
      EXPECT_EQ(server.status, "401 Unauthorized") << sent;
      EXPECT_EQ(server.body, "wrong or no token: send Authorization: Bearer TOKEN\n");
    }
    get(path);
    EXPECT_EQ(server.status, "401 Unauthorized");
    get(path, {{"Authorization", "Bearer " + std::string(400, 'x')}});
    EXPECT_EQ(server.status, "401 Unauthorized");
    get(path, {{"Authorization", std::string("Bearer ") + token}});
    EXPECT_EQ(server.status, "200 OK");
  }
  for (const char* path : {"/", "/healthz"}) {
    get(path);
    EXPECT_EQ(server.status, "200 OK") << "says nothing of the device";
  }
}

TEST_F(FirmwareTest, RefusesATokenThatCanBeGuessed) {
  EXPECT_EQ(begin("1234567"), ESP_ERR_INVALID_ARG);
  EXPECT_EQ(begin(std::string(257, 'x').c_str()), ESP_ERR_INVALID_ARG);
  EXPECT_TRUE(server.pages.empty());
}

TEST_F(FirmwareTest, EndsTheConnectionRatherThanADocumentThatIsCut) {
  ASSERT_EQ(begin(), ESP_OK);
  server.chunks_taken = 1;
  EXPECT_EQ(get("/memory.json"), ESP_FAIL) << "the reader left";
  server.chunks_taken = -1;
  static const std::string endless(2000, 'x');
  const millpond::Buffer held = memory.audioBuffer(10, endless.c_str());
  EXPECT_EQ(get("/memory.json"), ESP_FAIL);
  EXPECT_EQ(get("/metrics"), ESP_FAIL);
  EXPECT_FALSE(server.ended);
}

TEST_F(FirmwareTest, RunsBelowTheSoundAndWaitsForNobodyForLong) {
  ASSERT_EQ(begin(), ESP_OK);
  EXPECT_EQ(server.config.server_port, 8080);
  EXPECT_EQ(server.config.task_priority, 1U);
  EXPECT_TRUE(server.config.lru_purge_enable);
  EXPECT_LE(server.config.recv_wait_timeout, 1);
}

}  // namespace
