// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

// The options of `Kconfig`, and the default of each where the build has none: Arduino, PlatformIO, CMake.
// There a definition sets an option, such as -DCONFIG_MILLPOND_AUDIO_BLOCKS=6. Every file of a program must
// see the same.
#include <stddef.h>  // NOLINT(modernize-deprecated-headers): C reads this too
#if defined(ESP_PLATFORM)
#include <sdkconfig.h>
#endif

/// Whether a `bool` option is set. Kconfig defines it as 1, or not at all; 0 leaves it unset too. Anything
/// else, such as `y`, does not compile.
#define MILLPOND_IS_SET(option) ::millpond::port::isSet(MILLPOND_IS_SET_TEXT(option))
#define MILLPOND_IS_SET_TEXT(value) #value

#if defined(__cplusplus) && __cplusplus >= 202002L
namespace millpond::port {

// Not `constexpr`, so that the compiler names it in its error.
inline void anOptionIsNeither1Nor0() {}

// The text of an option that is not defined is its name.
consteval bool isSet(const char* text) {
  constexpr char name[] = "CONFIG_";
  size_t at = 0;
  while (at + 1 < sizeof(name) && text[at] == name[at]) ++at;
  const bool digit = (text[0] == '0' || text[0] == '1') && text[1] == '\0';
  if (!digit && at + 1 < sizeof(name)) anOptionIsNeither1Nor0();
  return text[0] == '1';
}

}  // namespace millpond::port
#endif

#if !defined(CONFIG_MILLPOND_AUDIO_BLOCKS)
#define CONFIG_MILLPOND_AUDIO_BLOCKS 4
#endif
#if !defined(CONFIG_MILLPOND_AUDIO_BLOCK_SIZE)
#define CONFIG_MILLPOND_AUDIO_BLOCK_SIZE 4096
#endif
#if !defined(CONFIG_MILLPOND_AUDIO_RESERVE)
#define CONFIG_MILLPOND_AUDIO_RESERVE 0
#endif
#if !defined(CONFIG_MILLPOND_AUDIO_CAPABILITY)
#define CONFIG_MILLPOND_AUDIO_CAPABILITY 0
#endif

#if !defined(CONFIG_MILLPOND_NETWORK_BLOCKS)
#define CONFIG_MILLPOND_NETWORK_BLOCKS 2
#endif
#if !defined(CONFIG_MILLPOND_NETWORK_BLOCK_SIZE)
#define CONFIG_MILLPOND_NETWORK_BLOCK_SIZE 20480
#endif
#if !defined(CONFIG_MILLPOND_NETWORK_RESERVE)
#define CONFIG_MILLPOND_NETWORK_RESERVE 0
#endif
#if !defined(CONFIG_MILLPOND_NETWORK_CAPABILITY)
#define CONFIG_MILLPOND_NETWORK_CAPABILITY 0
#endif

#if !defined(CONFIG_MILLPOND_GENERAL_BLOCKS)
#define CONFIG_MILLPOND_GENERAL_BLOCKS 8
#endif
#if !defined(CONFIG_MILLPOND_GENERAL_BLOCK_SIZE)
#define CONFIG_MILLPOND_GENERAL_BLOCK_SIZE 512
#endif
#if !defined(CONFIG_MILLPOND_GENERAL_RESERVE)
#define CONFIG_MILLPOND_GENERAL_RESERVE 0
#endif
#if !defined(CONFIG_MILLPOND_GENERAL_CAPABILITY)
#define CONFIG_MILLPOND_GENERAL_CAPABILITY 0
#endif

#if !defined(CONFIG_MILLPOND_POOL1_NAME)
#define CONFIG_MILLPOND_POOL1_NAME ""
#endif
#if !defined(CONFIG_MILLPOND_POOL1_BLOCKS)
#define CONFIG_MILLPOND_POOL1_BLOCKS 0
#endif
#if !defined(CONFIG_MILLPOND_POOL1_BLOCK_SIZE)
#define CONFIG_MILLPOND_POOL1_BLOCK_SIZE 0
#endif
#if !defined(CONFIG_MILLPOND_POOL1_RESERVE)
#define CONFIG_MILLPOND_POOL1_RESERVE 0
#endif
#if !defined(CONFIG_MILLPOND_POOL1_CAPABILITY)
#define CONFIG_MILLPOND_POOL1_CAPABILITY 0
#endif

#if !defined(CONFIG_MILLPOND_POOL2_NAME)
#define CONFIG_MILLPOND_POOL2_NAME ""
#endif
#if !defined(CONFIG_MILLPOND_POOL2_BLOCKS)
#define CONFIG_MILLPOND_POOL2_BLOCKS 0
#endif
#if !defined(CONFIG_MILLPOND_POOL2_BLOCK_SIZE)
#define CONFIG_MILLPOND_POOL2_BLOCK_SIZE 0
#endif
#if !defined(CONFIG_MILLPOND_POOL2_RESERVE)
#define CONFIG_MILLPOND_POOL2_RESERVE 0
#endif
#if !defined(CONFIG_MILLPOND_POOL2_CAPABILITY)
#define CONFIG_MILLPOND_POOL2_CAPABILITY 0
#endif

#if !defined(CONFIG_MILLPOND_POOL3_NAME)
#define CONFIG_MILLPOND_POOL3_NAME ""
#endif
#if !defined(CONFIG_MILLPOND_POOL3_BLOCKS)
#define CONFIG_MILLPOND_POOL3_BLOCKS 0
#endif
#if !defined(CONFIG_MILLPOND_POOL3_BLOCK_SIZE)
#define CONFIG_MILLPOND_POOL3_BLOCK_SIZE 0
#endif
#if !defined(CONFIG_MILLPOND_POOL3_RESERVE)
#define CONFIG_MILLPOND_POOL3_RESERVE 0
#endif
#if !defined(CONFIG_MILLPOND_POOL3_CAPABILITY)
#define CONFIG_MILLPOND_POOL3_CAPABILITY 0
#endif

#if !defined(CONFIG_MILLPOND_POOL4_NAME)
#define CONFIG_MILLPOND_POOL4_NAME ""
#endif
#if !defined(CONFIG_MILLPOND_POOL4_BLOCKS)
#define CONFIG_MILLPOND_POOL4_BLOCKS 0
#endif
#if !defined(CONFIG_MILLPOND_POOL4_BLOCK_SIZE)
#define CONFIG_MILLPOND_POOL4_BLOCK_SIZE 0
#endif
#if !defined(CONFIG_MILLPOND_POOL4_RESERVE)
#define CONFIG_MILLPOND_POOL4_RESERVE 0
#endif
#if !defined(CONFIG_MILLPOND_POOL4_CAPABILITY)
#define CONFIG_MILLPOND_POOL4_CAPABILITY 0
#endif

#if !defined(CONFIG_MILLPOND_POOL5_NAME)
#define CONFIG_MILLPOND_POOL5_NAME ""
#endif
#if !defined(CONFIG_MILLPOND_POOL5_BLOCKS)
#define CONFIG_MILLPOND_POOL5_BLOCKS 0
#endif
#if !defined(CONFIG_MILLPOND_POOL5_BLOCK_SIZE)
#define CONFIG_MILLPOND_POOL5_BLOCK_SIZE 0
#endif
#if !defined(CONFIG_MILLPOND_POOL5_RESERVE)
#define CONFIG_MILLPOND_POOL5_RESERVE 0
#endif
#if !defined(CONFIG_MILLPOND_POOL5_CAPABILITY)
#define CONFIG_MILLPOND_POOL5_CAPABILITY 0
#endif

#if !defined(CONFIG_MILLPOND_HEAP_BYTES)
#define CONFIG_MILLPOND_HEAP_BYTES 65536
#endif
#if !defined(CONFIG_MILLPOND_HEAP_BLOCKS)
#define CONFIG_MILLPOND_HEAP_BLOCKS 16
#endif
#if !defined(CONFIG_MILLPOND_ALIGNMENT)
#define CONFIG_MILLPOND_ALIGNMENT 0
#endif
#if !defined(CONFIG_MILLPOND_GUARDS)
#define CONFIG_MILLPOND_GUARDS 1
#endif

#if !defined(CONFIG_MILLPOND_FREE_HEAP_WARNING)
#define CONFIG_MILLPOND_FREE_HEAP_WARNING 40000
#endif
#if !defined(CONFIG_MILLPOND_FREE_HEAP_CRITICAL)
#define CONFIG_MILLPOND_FREE_HEAP_CRITICAL 20000
#endif
#if !defined(CONFIG_MILLPOND_FREE_HEAP_HYSTERESIS)
#define CONFIG_MILLPOND_FREE_HEAP_HYSTERESIS 4000
#endif
#if !defined(CONFIG_MILLPOND_LARGEST_BLOCK_WARNING)
#define CONFIG_MILLPOND_LARGEST_BLOCK_WARNING 24576
#endif
#if !defined(CONFIG_MILLPOND_LARGEST_BLOCK_CRITICAL)
#define CONFIG_MILLPOND_LARGEST_BLOCK_CRITICAL 17408
#endif
#if !defined(CONFIG_MILLPOND_LARGEST_BLOCK_HYSTERESIS)
#define CONFIG_MILLPOND_LARGEST_BLOCK_HYSTERESIS 2048
#endif
#if !defined(CONFIG_MILLPOND_OCCUPANCY_WARNING)
#define CONFIG_MILLPOND_OCCUPANCY_WARNING 95
#endif
#if !defined(CONFIG_MILLPOND_OCCUPANCY_CRITICAL)
#define CONFIG_MILLPOND_OCCUPANCY_CRITICAL 100
#endif
#if !defined(CONFIG_MILLPOND_OCCUPANCY_HYSTERESIS)
#define CONFIG_MILLPOND_OCCUPANCY_HYSTERESIS 5
#endif
#if !defined(CONFIG_MILLPOND_PRESSURE_CALM_MS)
#define CONFIG_MILLPOND_PRESSURE_CALM_MS 1000
#endif
#if !defined(CONFIG_MILLPOND_REACQUIRE_AFTER_MS)
#define CONFIG_MILLPOND_REACQUIRE_AFTER_MS 5000
#endif

#if !defined(CONFIG_MILLPOND_STATIC_BUFFER_BYTES)
#define CONFIG_MILLPOND_STATIC_BUFFER_BYTES 16384
#endif
#if !defined(CONFIG_MILLPOND_AVAILABLE_RAM)
#define CONFIG_MILLPOND_AVAILABLE_RAM 204800
#endif
#if !defined(CONFIG_MILLPOND_TOTAL_RAM)
#define CONFIG_MILLPOND_TOTAL_RAM 532480
#endif
#if !defined(CONFIG_MILLPOND_MAX_SHARE_PERCENT)
#define CONFIG_MILLPOND_MAX_SHARE_PERCENT 20
#endif

#if !defined(CONFIG_MILLPOND_TASK_NAMES)
#define CONFIG_MILLPOND_TASK_NAMES 0
#endif
// The preprocessor reads these two, and takes `y` for 0: so each must be 1 or 0 here.
#if defined(__cplusplus) && __cplusplus >= 202002L
// NOLINTBEGIN(readability-simplify-boolean-expr): either will do
static_assert(MILLPOND_IS_SET(CONFIG_MILLPOND_TASK_NAMES) || true);
static_assert(MILLPOND_IS_SET(CONFIG_MILLPOND_INTERRUPTS_FROM_IRAM) || true);
// NOLINTEND(readability-simplify-boolean-expr)
#endif

#if !defined(CONFIG_MILLPOND_TRACE_RECORDS)
#define CONFIG_MILLPOND_TRACE_RECORDS 0
#endif

// NOLINTBEGIN(bugprone-macro-parentheses): as Kconfig writes it
#if !defined(CONFIG_MILLPOND_NOTIFICATION_INDEX)
#define CONFIG_MILLPOND_NOTIFICATION_INDEX -1
#endif
// NOLINTEND(bugprone-macro-parentheses)
