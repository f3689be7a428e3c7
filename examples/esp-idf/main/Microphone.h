// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <driver/i2s_std.h>

#include "streamer/capture/AudioSource.h"

/// An INMP441 on I2S: 24 bits, left-justified in 32, in the left slot.
///
/// The channel is made once: making one allocates, enabling and disabling it does not.
class Microphone : public millpond::streamer::AudioSource {
 public:
  /// Effect: makes the channel and enables it. Returns: ESP_OK, or why there is no sound.
  esp_err_t begin();

  std::size_t read(std::span<std::int32_t> frames) override;
  void stop() override { stopped_ = true; }

 private:
  i2s_chan_handle_t channel_ = nullptr;
  volatile bool stopped_ = false;
};
