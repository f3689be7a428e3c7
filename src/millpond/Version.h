// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// The library's version, following https://semver.org; the build reads these three lines.
#define MILLPOND_VERSION_MAJOR 0
#define MILLPOND_VERSION_MINOR 2
#define MILLPOND_VERSION_PATCH 0

/// The version as text: "0.2.0".
#define MILLPOND_VERSION \
  MILLPOND_VERSION_TEXT(MILLPOND_VERSION_MAJOR, MILLPOND_VERSION_MINOR, MILLPOND_VERSION_PATCH)
#define MILLPOND_VERSION_TEXT(major, minor, patch) MILLPOND_VERSION_TEXT_OF(major, minor, patch)
#define MILLPOND_VERSION_TEXT_OF(major, minor, patch) #major "." #minor "." #patch
