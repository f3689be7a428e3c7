// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>

#include "cli/show/Terminal.h"

namespace millpond::cli {

/// Lines on a terminal that are drawn again in place.
class InPlace {
 public:
  explicit InPlace(std::FILE* out) : out_(out) {}

  /// Effect: draws `text`, whole lines that fit `terminal`, over what was drawn last.
  void draw(const std::string& text, const Terminal& terminal);
  /// Effect: removes what was drawn.
  void remove();

 private:
  std::FILE* out_;
  Terminal drawn_on_;
  std::size_t lines_ = 0;
};

}  // namespace millpond::cli
