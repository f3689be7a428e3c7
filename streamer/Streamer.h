// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <thread>

#include "millpond/MemoryManager.h"
#include "streamer/backlog/Backlog.h"
#include "streamer/backlog/StopFlag.h"
#include "streamer/capture/AudioSource.h"
#include "streamer/capture/Capture.h"
#include "streamer/capture/Supervisor.h"
#include "streamer/uplink/Uplink.h"

namespace millpond::streamer {

/// A device that captures and streams, on two threads of its own.
///
/// - From the first frame read to the last chunk acknowledged or given up, reconnects included, it allocates
///   from `memory`'s pools and from nowhere else.
/// - Each captured sample ends as delivered, dropped, or unconfirmed: sent, but not acknowledged before the
///   end.
///
///     Streamer streamer({memory, bus, pressure, microphone, i2s_read.span()}, config);
///     if (streamer.start()) streamer.join();
class Streamer {
 public:
  struct Config {
    Uplink::Config uplink;
    Backlog::WhenFull when_full = Backlog::WhenFull::drop_oldest;
    /// Called on each of the two threads when its streaming begins (true) and ends (false).
    void (*on_streaming)(bool begins) = nullptr;
  };

  /// What the streamer works with. All of it outlives the streamer. Nobody else takes from the audio and the
  /// network pool. `bus` and `pressure` belong to `memory`.
  struct Parts {
    MemoryManager& memory;
    EventBus& bus;
    Pressure& pressure;
    AudioSource& source;
    std::span<std::int32_t> read_buffer;
  };

  Streamer(const Parts& parts, const Config& config);
  Streamer(const Streamer&) = delete;
  Streamer& operator=(const Streamer&) = delete;
  /// Effect: stops, waits for the threads, and returns all memory.
  ~Streamer();

  /// Effect: starts the threads. They end once the stream is delivered or the uplink gives up. Returns: false
  /// if the general pool has no room for the backlog's queues.
  bool start();
  /// Effect: gives up what is not delivered yet. The threads end soon. Context: any task.
  void stop();
  /// Effect: waits for the threads to end. Afterwards `account` is final.
  void join();

  /// Whether both threads have finished.
  bool done() const { return running_ == 0; }
  /// Whether the whole stream, including its end, is delivered.
  bool delivered() const { return backlog_.drained(); }
  SampleAccount account() const { return backlog_.account(); }
  Uplink::Stats uplink() const { return uplink_.stats(); }
  const LevelMeter& meter() const { return supervisor_.meter(); }
  Backlog& backlog() { return backlog_; }

 private:
  template <class Task>
  void stream(Task& task);

  AudioSource& source_;
  StopFlag stop_;
  Backlog backlog_;
  Supervisor supervisor_;
  Capture capture_;
  Uplink uplink_;
  void (*on_streaming_)(bool);
  std::atomic<int> running_{0};
  std::thread capture_thread_;
  std::thread network_thread_;
};

}  // namespace millpond::streamer
