// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "cli/audio/SoundAccount.h"
#include "streamer/capture/AudioSource.h"

namespace millpond::cli {

/// An input as the device hears it.
class InputSource : public streamer::AudioSource {
 public:
  /// The account of what was read so far. Context: any task.
  virtual SoundAccount account() const { return {}; }
};

}  // namespace millpond::cli
