// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <stdexcept>

namespace millpond::cli {

/// An error that the user can fix. `what` says in one line what is wrong and what is allowed.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// An error in the command line itself: a value that is not allowed, or options that exclude each other.
struct UsageError : Error {
  using Error::Error;
};

}  // namespace millpond::cli
