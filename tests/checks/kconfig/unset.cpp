// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <type_traits>

#include "millpond/BuildConfig.h"

template <millpond::MemoryConfig>
struct Of {};
static_assert(std::is_same_v<Of<millpond::build_config>, Of<millpond::MemoryConfig{}>>,
              "without an option the build's configuration is not the default one");
