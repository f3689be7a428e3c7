// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// A device's two bad minutes, scripted: what the heap has, what the pools hold and the time follow a table,
// and every level, reclaim and event is printed. docs/pressure.md shows the output, and a test holds it to
// that.
#include <fmt/core.h>

#include <array>
#include <vector>

#include "millpond.h"

namespace {

using namespace millpond;

constexpr MemoryConfig config{
    .network_reclaimable = true, .available_ram = 4U << 20U, .total_ram = 8U << 20U};

/// A heap whose figures are what the script says; its memory is the host's.
struct ScriptedHeap {
  std::size_t free_bytes = 100000;
  std::size_t largest = 60000;

  Heap asHeap() {
    return {
        .allocate =
            [](void* self, std::size_t bytes, std::size_t alignment) {
              void* memory = Port::heapAllocate(bytes, alignment);
              static_cast<ScriptedHeap*>(self)->free_bytes -= bytes;
              return memory;
            },
        .release =
            [](void* self, void* memory, std::size_t bytes) {
              Port::heapRelease(memory, bytes);
              static_cast<ScriptedHeap*>(self)->free_bytes += bytes;
            },
        .context = this,
        .freeBytes = [](void* self) { return static_cast<ScriptedHeap*>(self)->free_bytes; },
        .largestFreeBlock = [](void* self) { return static_cast<ScriptedHeap*>(self)->largest; },
    };
  }
};

/// One line of the script: at this time something takes (or with a minus gives) so many bytes of the heap,
/// its largest hole is so large, and so many audio blocks are held.
struct Step {
  std::uint64_t ms;
  std::ptrdiff_t taken;
  std::size_t largest;
  std::size_t audio_blocks;
  const char* what;
};

constexpr std::array script{
    Step{0, 0, 60000, 1, "streaming"},
    Step{10000, 13000, 40000, 1, "a TLS session opens"},
    Step{20000, 8000, 30000, 1, "strings and sockets"},
    Step{20100, -1500, 30000, 1, "noise around the limit"},
    Step{20200, 1500, 30000, 1, "noise around the limit"},
    Step{20300, -1500, 30000, 1, "noise around the limit"},
    Step{30000, 8000, 16000, 1, "the heap breaks up: enough bytes, no hole for a TLS record"},
    Step{60000, -9000, 33000, 1, "a session ends"},
    Step{90000, -21000, 60000, 1, "the rest ends"},
};

class Timeline {
 public:
  Timeline() : bus_(memory_, {.capacity = EventBus::max_capacity}), pressure_(memory_, &bus_) {
    for (const EventId id : {PressureChanged::event, Reclaimed::event, PoolsMoved::event}) {
      bus_.subscribe(id, &Timeline::onEvent, EventPriority::normal, this);
    }
    pressure_.add(backlog_);
    pressure_.add(recorder_);
  }

  void play() {
    constexpr std::uint64_t end_ms = 110000;
    constexpr std::uint64_t poll_ms = 100;
    for (now_ms_ = 0; now_ms_ <= end_ms; now_ms_ += poll_ms) {
      Port::driveMicros(now_ms_ * 1000);
      for (const Step& step : script) {
        if (step.ms == now_ms_) apply(step);
      }
      pressure_.poll();
      bus_.processEvents();
    }
    Port::driveTicks(0);
  }

 private:
  void apply(const Step& step) {
    heap_.free_bytes -= static_cast<std::size_t>(step.taken);
    heap_.largest = step.largest;
    while (audio_.size() > step.audio_blocks) audio_.pop_back();
    while (audio_.size() < step.audio_blocks) audio_.push_back(memory_.audioBuffer(4096, "capture"));
    say(fmt::format("{:<28}  free {:>6}  largest {:>5}", step.what, heap_.free_bytes, heap_.largest));
  }

  static void onEvent(void* context, const Event& event) {
    const auto& self = *static_cast<Timeline*>(context);
    if (event.id() == PressureChanged::event) {
      const auto& change = *event.as<PressureChanged>();
      self.say(fmt::format("  level {} -> {}", levelName(change.from), levelName(change.to)));
    } else if (event.id() == Reclaimed::event) {
      const auto& reclaimed = *event.as<Reclaimed>();
      self.say(fmt::format("  reclaimed {} bytes from {}", reclaimed.bytes, reclaimed.name));
    } else {
      const auto& moved = *event.as<PoolsMoved>();
      self.say(
          fmt::format("  pools: {} bytes {}", moved.bytes, moved.released ? "given back" : "taken again"));
    }
  }

  void say(const std::string& line) const {
    fmt::print("{:>7.1f} s  {}\n", static_cast<double>(now_ms_) / 1000, line);
  }

  std::size_t give(std::size_t bytes) {
    heap_.free_bytes += bytes;
    return bytes;
  }

  ScriptedHeap heap_;
  Heap heap_interface_ = heap_.asHeap();
  StaticMemoryManager<config> memory_{heap_interface_};
  EventBus bus_;
  Pressure pressure_;
  // Each has something to give once.
  std::size_t backlog_bytes_ = 1200;
  std::size_t recorder_bytes_ = 800;
  Reclaimer backlog_{"backlog", 0, 1200,
                     [](void* self, PressureLevel) {
                       auto& timeline = *static_cast<Timeline*>(self);
                       return timeline.give(std::exchange(timeline.backlog_bytes_, 0));
                     },
                     this};
  Reclaimer recorder_{"recorder", 1, 800,
                      [](void* self, PressureLevel) {
                        auto& timeline = *static_cast<Timeline*>(self);
                        return timeline.give(std::exchange(timeline.recorder_bytes_, 0));
                      },
                      this};
  std::vector<Buffer> audio_;
  std::uint64_t now_ms_ = 0;
};

}  // namespace

int main() {
  static Timeline timeline;
  timeline.play();
}
