// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <sndfile.h>

#include <memory>

namespace millpond::cli {

struct CloseSoundFile {
  void operator()(SNDFILE* file) const { sf_close(file); }
};

/// An open libsndfile file, closed on scope exit.
using SoundFile = std::unique_ptr<SNDFILE, CloseSoundFile>;

}  // namespace millpond::cli
