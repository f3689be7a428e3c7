// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Network.h"

#include <esp_event.h>
#include <esp_log.h>
#include <esp_netif.h>
#include <esp_timer.h>
#include <esp_wifi.h>
#include <nvs_flash.h>
#include <sdkconfig.h>

#include <cstdint>
#include <cstring>

namespace {

constexpr const char* tag = "network";
constexpr std::uint64_t retry_us = 2'000'000;

esp_timer_handle_t retry = nullptr;  // made once, so that an outage allocates nothing

void onEvent(void*, esp_event_base_t base, std::int32_t id, void* data) {
  if (base == WIFI_EVENT && id == WIFI_EVENT_STA_START) {
    esp_wifi_connect();
  } else if (base == WIFI_EVENT && id == WIFI_EVENT_STA_DISCONNECTED) {
    ESP_LOGW(tag, "no Wi-Fi, reason %d", static_cast<const wifi_event_sta_disconnected_t*>(data)->reason);
    esp_timer_start_once(retry, retry_us);
  } else if (base == IP_EVENT && id == IP_EVENT_STA_GOT_IP) {
    ESP_LOGI(tag, "address " IPSTR, IP2STR(&static_cast<const ip_event_got_ip_t*>(data)->ip_info.ip));
  }
}

esp_err_t beginStorage() {
  const esp_err_t error = nvs_flash_init();
  if (error != ESP_ERR_NVS_NO_FREE_PAGES && error != ESP_ERR_NVS_NEW_VERSION_FOUND) return error;
  const esp_err_t erased = nvs_flash_erase();
  return erased == ESP_OK ? nvs_flash_init() : erased;
}

esp_err_t beginStation() {
  const wifi_init_config_t defaults = WIFI_INIT_CONFIG_DEFAULT();
  if (const esp_err_t error = esp_wifi_init(&defaults); error != ESP_OK) return error;
  wifi_config_t station = {};
  static_assert(sizeof(CONFIG_STREAMER_WIFI_SSID) <= sizeof(station.sta.ssid) + 1,
                "a Wi-Fi name has 32 bytes");
  static_assert(sizeof(CONFIG_STREAMER_WIFI_PASSWORD) <= sizeof(station.sta.password) + 1,
                "a Wi-Fi password has 64 bytes");
  std::memcpy(station.sta.ssid, CONFIG_STREAMER_WIFI_SSID, sizeof(CONFIG_STREAMER_WIFI_SSID) - 1);
  std::memcpy(station.sta.password, CONFIG_STREAMER_WIFI_PASSWORD, sizeof(CONFIG_STREAMER_WIFI_PASSWORD) - 1);
  if (const esp_err_t error = esp_wifi_set_mode(WIFI_MODE_STA); error != ESP_OK) return error;
  if (const esp_err_t error = esp_wifi_set_config(WIFI_IF_STA, &station); error != ESP_OK) return error;
  return esp_wifi_start();
}

}  // namespace

esp_err_t network::begin() {
  const esp_timer_create_args_t again = {.callback = [](void*) { esp_wifi_connect(); },
                                         .arg = nullptr,
                                         .dispatch_method = ESP_TIMER_TASK,
                                         .name = "wifi",
                                         .skip_unhandled_events = true};
  if (const esp_err_t error = esp_timer_create(&again, &retry); error != ESP_OK) return error;
  if (const esp_err_t error = beginStorage(); error != ESP_OK) return error;
  if (const esp_err_t error = esp_netif_init(); error != ESP_OK) return error;
  if (const esp_err_t error = esp_event_loop_create_default(); error != ESP_OK) return error;
  if (esp_netif_create_default_wifi_sta() == nullptr) return ESP_ERR_NO_MEM;
  esp_event_handler_register(WIFI_EVENT, ESP_EVENT_ANY_ID, &onEvent, nullptr);
  esp_event_handler_register(IP_EVENT, IP_EVENT_STA_GOT_IP, &onEvent, nullptr);
  return beginStation();
}
