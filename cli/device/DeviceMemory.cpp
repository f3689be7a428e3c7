// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/device/DeviceMemory.h"

#include <array>

#include "lab/heaps/HeapBehind.h"
#include "millpond/StaticBuffer.h"
#include "millpond/adapters/MbedTls.h"
#include "streamer/wire/AudioFormat.h"

namespace millpond::cli {

namespace {

using I2sBuffer = StaticBuffer<std::int32_t, streamer::frames_per_read>;

using Unsqueezed = StaticMemoryManager<MemoryConfig{}>;
Unsqueezed memory;
I2sBuffer i2s_read(memory, "i2s");

struct Squeezed {
  static constexpr MemoryConfig config{
      .network_reclaimable = true, .pressure_calm_ms = 250, .reacquire_after_ms = 500};

  std::array<std::byte, squeezed_heap> region;
  lab::LockedHeap heap{region};
  Heap interface = lab::heapBehind(heap);
  using Manager = StaticMemoryManager<config>;
  Manager manager{interface};
  I2sBuffer i2s{manager, "i2s"};
};

struct WithTls {
  // A receiver's certificate may be RSA of 4096 bits, whose handshake takes 153 of the objects.
  static constexpr MbedTlsRows rows = [] {
    MbedTlsRows enough = mbedTlsRows();
    enough.objects.blocks = 192;
    return enough;
  }();
  static constexpr MemoryConfig config{.more = {{rows.small, rows.objects, rows.records}}};

  using Manager = StaticMemoryManager<config>;
  Manager manager;
  I2sBuffer i2s{manager, "i2s"};
};

struct Selected {
  MemoryManager* manager = &memory;
  const PressureSetup* pressure = &Unsqueezed::pressureSetup();
  I2sBuffer* i2s = &i2s_read;
};
Selected selected;

}  // namespace

MemoryManager& deviceMemory() { return *selected.manager; }

const PressureSetup& devicePressure() { return *selected.pressure; }

std::span<std::int32_t> i2sReadBuffer() { return selected.i2s->span(); }

lab::LockedHeap& squeezeDeviceMemory() {
  static Squeezed squeezed;
  selected = {&squeezed.manager, &Squeezed::Manager::pressureSetup(), &squeezed.i2s};
  return squeezed.heap;
}

void useTlsDeviceMemory() {
  static WithTls with_tls;
  selected = {&with_tls.manager, &WithTls::Manager::pressureSetup(), &with_tls.i2s};
}

}  // namespace millpond::cli
