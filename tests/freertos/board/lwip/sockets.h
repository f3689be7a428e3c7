// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// What an address is, for the streamer on a board without a network.
#include <stdint.h>

typedef uint32_t socklen_t;
struct sockaddr_storage {
  uint8_t bytes[28];
};
