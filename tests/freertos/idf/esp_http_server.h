// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <esp_err.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

// What the example uses of it.
typedef void* httpd_handle_t;
typedef enum { HTTP_GET = 1 } httpd_method_t;

typedef struct httpd_req {
  void* aux;
} httpd_req_t;

typedef struct httpd_uri {
  const char* uri;
  httpd_method_t method;
  esp_err_t (*handler)(httpd_req_t* request);
  void* user_ctx;
} httpd_uri_t;

typedef struct httpd_config {
  unsigned task_priority;
  size_t stack_size;
  uint16_t server_port;
  uint16_t max_open_sockets;
  uint16_t max_uri_handlers;
  bool lru_purge_enable;
  uint16_t recv_wait_timeout;
  uint16_t send_wait_timeout;
} httpd_config_t;

#define HTTPD_DEFAULT_CONFIG() \
  { 5, 4096, 80, 7, 8, false, 5, 5 }

esp_err_t httpd_start(httpd_handle_t* server, const httpd_config_t* config);
esp_err_t httpd_register_uri_handler(httpd_handle_t server, const httpd_uri_t* page);
esp_err_t httpd_req_get_hdr_value_str(httpd_req_t* request, const char* name, char* value, size_t size);
esp_err_t httpd_resp_set_status(httpd_req_t* request, const char* status);
esp_err_t httpd_resp_set_type(httpd_req_t* request, const char* type);
esp_err_t httpd_resp_set_hdr(httpd_req_t* request, const char* name, const char* value);
esp_err_t httpd_resp_send(httpd_req_t* request, const char* text, ssize_t bytes);
esp_err_t httpd_resp_sendstr(httpd_req_t* request, const char* text);
esp_err_t httpd_resp_send_chunk(httpd_req_t* request, const char* text, ssize_t bytes);

#ifdef __cplusplus
}
#endif
