// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <type_traits>

#include "millpond/BuildConfig.h"

namespace millpond {

constexpr MemoryConfig expected{.more = {{{.name = "pool1", .place = Place::handedOver()},
                                          {.name = "pool2", .place = Place::handedOver()},
                                          {.name = "pool3", .place = Place::handedOver()},
                                          {.name = "pool4", .place = Place::handedOver()},
                                          {.name = "pool5", .place = Place::handedOver()}}},
                                .audio_place = Place::handedOver(),
                                .network_place = Place::handedOver(),
                                .general_place = Place::handedOver()};

template <MemoryConfig>
struct Of {};
static_assert(std::is_same_v<Of<build_config>, Of<expected>>, "an option does not reach its field");

}  // namespace millpond
