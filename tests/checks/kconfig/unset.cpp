// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <type_traits>

#include "millpond/BuildConfig.h"
#include "millpond/Hot.h"
#include "millpond/TaskName.h"

template <millpond::MemoryConfig>
struct Of {};
static_assert(std::is_same_v<Of<millpond::build_config>, Of<millpond::MemoryConfig{}>>,
              "without an option the build's configuration is not the default one");
static_assert(std::is_empty_v<millpond::TaskName>, "without an option the names of tasks are kept");

#define TEXT_OF(words) #words
#define TEXT(words) TEXT_OF(words)
static_assert(sizeof TEXT(MILLPOND_HOT) == 1, "without an option code lies in a section of its own");

// [own]
constexpr millpond::MemoryConfig config = [] {
  millpond::MemoryConfig ours = millpond::build_config;
  ours.more[0] = {.name = "tls", .blocks = 2, .block_size = 16720};
  return ours;
}();
// [own]
static_assert(config.poolCount() == 4);
