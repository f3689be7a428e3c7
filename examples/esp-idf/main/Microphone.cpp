// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Microphone.h"

#include "streamer/wire/AudioFormat.h"

namespace {

using millpond::streamer::sample_rate;

// The driver's rule: a descriptor holds at most 4092 bytes, and all of them together the sound that comes
// while the reader does something else. Here six of 31 ms each.
constexpr std::uint32_t descriptors = 6;
constexpr std::uint32_t descriptor_frames = 500;
constexpr std::uint32_t slots = 2;  // the ESP32's channel carries both, even where one of them is wanted
static_assert(descriptor_frames * slots * sizeof(std::int32_t) <= 4092, "more than a descriptor holds");

// How long a read waits before it looks whether it is told to stop.
constexpr std::uint32_t patience_ms = 100;

gpio_num_t pin(int number) { return static_cast<gpio_num_t>(number); }

}  // namespace

esp_err_t Microphone::begin() {
  i2s_chan_config_t channel = I2S_CHANNEL_DEFAULT_CONFIG(I2S_NUM_AUTO, I2S_ROLE_MASTER);
  channel.dma_desc_num = descriptors;
  channel.dma_frame_num = descriptor_frames;
  esp_err_t error = i2s_new_channel(&channel, nullptr, &channel_);
  if (error != ESP_OK) return error;
  i2s_std_config_t standard = {};
  standard.clk_cfg = I2S_STD_CLK_DEFAULT_CONFIG(sample_rate);
  standard.slot_cfg = I2S_STD_PHILIPS_SLOT_DEFAULT_CONFIG(I2S_DATA_BIT_WIDTH_32BIT, I2S_SLOT_MODE_MONO);
  standard.slot_cfg.slot_mask = I2S_STD_SLOT_LEFT;  // L/R of the microphone lies on ground
  standard.gpio_cfg.mclk = I2S_GPIO_UNUSED;
  standard.gpio_cfg.bclk = pin(CONFIG_STREAMER_PIN_SCK);
  standard.gpio_cfg.ws = pin(CONFIG_STREAMER_PIN_WS);
  standard.gpio_cfg.dout = I2S_GPIO_UNUSED;
  standard.gpio_cfg.din = pin(CONFIG_STREAMER_PIN_SD);
  error = i2s_channel_init_std_mode(channel_, &standard);
  return error == ESP_OK ? i2s_channel_enable(channel_) : error;
}

std::size_t Microphone::read(std::span<std::int32_t> frames) {
  while (!stopped_) {
    std::size_t bytes = 0;
    const esp_err_t error =
        i2s_channel_read(channel_, frames.data(), frames.size_bytes(), &bytes, patience_ms);
    if (bytes > 0) return bytes / sizeof(std::int32_t);
    if (error != ESP_OK && error != ESP_ERR_TIMEOUT) break;
  }
  return 0;
}
