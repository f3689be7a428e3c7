// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <esp_heap_caps.h>
#include <sdkconfig.h>
#if !CONFIG_IDF_TARGET_LINUX
#include <soc/soc_caps.h>
#endif

#include <cstddef>
#include <cstdint>

namespace millpond::port {

/// Which memory of an ESP32 a pool can have: a sum of ESP-IDF's MALLOC_CAP_* flags.
///
///     .place = Place::heap(millpond::port::EspIdfCapability::of<MALLOC_CAP_DMA>())
///
/// | flags | memory |
/// | --- | --- |
/// | MALLOC_CAP_INTERNAL | in the chip |
/// | MALLOC_CAP_DMA | that DMA reaches, in the chip |
/// | MALLOC_CAP_SPIRAM | outside the chip |
/// | MALLOC_CAP_SPIRAM, MALLOC_CAP_DMA | outside the chip, that DMA reaches |
///
/// All of it takes single bytes, as ESP-IDF gives them only where MALLOC_CAP_8BIT is asked for too.
class EspIdfCapability {
#if SOC_PSRAM_DMA_CAPABLE
  static constexpr bool dma_reaches_external = true;
#else
  static constexpr bool dma_reaches_external = false;
#endif
#if CONFIG_SPIRAM
  static constexpr bool has_external = true;
#else
  static constexpr bool has_external = false;
#endif
  static constexpr std::uint32_t shares_cache = MALLOC_CAP_SPIRAM | MALLOC_CAP_DMA;
  // MALLOC_CAP_EXEC, which ESP-IDF 6 does not define with its memory protection on.
  static constexpr std::uint32_t runs_code = 1;

 public:
  /// The longest line of the caches between the processor, DMA and the memory, in bytes.
#if defined(CONFIG_CACHE_L2_CACHE_LINE_SIZE)
  static constexpr std::size_t cache_line = CONFIG_CACHE_L2_CACHE_LINE_SIZE;
#elif defined(CONFIG_CACHE_L1_CACHE_LINE_SIZE)
  static constexpr std::size_t cache_line = CONFIG_CACHE_L1_CACHE_LINE_SIZE;
#elif defined(CONFIG_ESP32S3_DATA_CACHE_LINE_SIZE)
  static constexpr std::size_t cache_line = CONFIG_ESP32S3_DATA_CACHE_LINE_SIZE;
#elif defined(CONFIG_ESP32S2_DATA_CACHE_LINE_SIZE)
  static constexpr std::size_t cache_line = CONFIG_ESP32S2_DATA_CACHE_LINE_SIZE;
#else
  static constexpr std::size_t cache_line = 32;
#endif

  /// Why no memory has a capability.
  enum class Lack : std::uint8_t {
    /// Nothing is known against it.
    none,
    /// The chip has no external memory, or CONFIG_SPIRAM is off.
    external_memory,
    /// Memory is internal or external.
    both,
    /// The chip's DMA does not reach external memory.
    external_dma,
    /// Code runs in it, so it takes no single bytes, or is write-protected.
    for_code,
  };

  /// Returns: what the chip, as it is configured, lacks for all of `capability`. Context: any.
  static constexpr Lack lackOf(std::uint32_t capability) {
    if ((capability & runs_code) != 0) return Lack::for_code;
    if ((capability & MALLOC_CAP_SPIRAM) == 0) return Lack::none;
    if (!has_external) return Lack::external_memory;
    if ((capability & MALLOC_CAP_INTERNAL) != 0) return Lack::both;
    return (capability & MALLOC_CAP_DMA) != 0 && !dma_reaches_external ? Lack::external_dma : Lack::none;
  }

  /// Returns: `capability`; one that the chip lacks does not compile, and the compiler says why.
  template <std::uint32_t capability>
  static consteval std::uint32_t of() {
    constexpr Lack lack = lackOf(capability);
    static_assert(lack != Lack::external_memory,
                  "Millpond: the chip has no external memory, or CONFIG_SPIRAM is off");
    static_assert(lack != Lack::both, "Millpond: memory is internal or external, not both");
    static_assert(lack != Lack::for_code, "Millpond: a pool is for data, and MALLOC_CAP_EXEC is for code");
    static_assert(lack != Lack::external_dma, "Millpond: this chip's DMA does not reach external memory");
    return capability;
  }

  /// As `EspIdfPort::heapAllocateCapable`.
  static void* allocate(std::size_t bytes, std::size_t alignment, std::uint32_t capability) {
    if (lackOf(capability) != Lack::none || bytes > SIZE_MAX - cache_line) return nullptr;
    if ((capability & shares_cache) != 0) {
      alignment = alignment < cache_line ? cache_line : alignment;
      bytes = (bytes + cache_line - 1) & ~(cache_line - 1);
    }
    // The heap knows external memory by one flag, whatever reaches it.
    if ((capability & shares_cache) == shares_cache) capability &= ~std::uint32_t{MALLOC_CAP_DMA};
    return heap_caps_aligned_alloc(alignment, bytes, capability | MALLOC_CAP_8BIT);
  }
};

}  // namespace millpond::port
