// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "capture.h"

// [c]
#include <millpond/adapters/millpond_c.h>

MILLPOND_C_DECLARE(device);

bool capture(void) {
  void* samples = millpond_allocate(device(), MILLPOND_AUDIO, 4096, "capture");
  if (samples == NULL) return false;
  millpond_free(device(), samples);
  return !millpond_try_free(device(), samples);  // a second free: refused and counted, in every build
}
// [c]
