// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <span>

#include "millpond/MemoryManager.h"
#include "streamer/backlog/Backlog.h"
#include "streamer/backlog/StopFlag.h"
#include "streamer/capture/AudioSource.h"
#include "streamer/capture/Capture.h"
#include "streamer/capture/Supervisor.h"
#include "streamer/uplink/Uplink.h"

namespace millpond::streamer {

/// A device that captures and streams, on two tasks of its own.
///
/// - From the first frame read to the last chunk acknowledged or given up, reconnects included, it allocates
///   from `memory`'s pools and from nowhere else.
/// - Each captured sample ends as delivered, dropped, or unconfirmed: sent, but not acknowledged before the
///   end.
///
///     StopFlag stop;
///     TcpLink link(stop);
///     Resolver resolver(&lookUp, nullptr, stop);
///     Streamer streamer({memory, bus, pressure, microphone, i2s_read.span(), resolver, link, stop}, config);
///     if (resolver.start(resolver_task) && streamer.start()) streamer.join();
class Streamer {
 public:
  struct Config {
    Uplink::Config uplink{};
    Backlog::WhenFull when_full = Backlog::WhenFull::drop_oldest;
    /// The two tasks. Capture is the more urgent one: a microphone does not wait.
    port::TaskSettings capture{.name = "capture", .priority = 2};
    port::TaskSettings network{.name = "network", .priority = 1};
    /// Called on each of the two tasks when its streaming begins (true) and ends (false).
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
    Resolver& resolver;
    Link& link;
    /// Raised by `stop`, and by the streamer itself when its stream has ended, delivered or not, so that the
    /// resolver's task ends too. The resolver and the link were made with it. Another streamer needs another.
    StopFlag& stop;
  };

  Streamer(const Parts& parts, const Config& config);
  Streamer(const Streamer&) = delete;
  Streamer& operator=(const Streamer&) = delete;
  /// Effect: stops, waits for the tasks, and returns all memory.
  ~Streamer();

  /// Effect: starts the tasks. They end once the stream is delivered or the uplink gives up. Returns: false
  /// if the general pool has no room for the backlog's queues, the blocks of the audio or the network pool
  /// are too small, or the system refuses a task. Requires: the first call, and a resolver that was started.
  bool start();
  /// Effect: gives up what is not delivered yet. The tasks end soon. Context: any task.
  void stop();
  /// Effect: waits for the tasks to end. Afterwards `account` is final.
  void join();

  /// Whether both tasks have finished.
  bool done() const { return capturing_.loadOrdered() == 0 && sending_.loadOrdered() == 0; }
  /// Whether the whole stream, including its end, is delivered.
  bool delivered() const { return backlog_.drained(); }
  SampleAccount account() const { return backlog_.account(); }
  Uplink::Stats uplink() const { return uplink_.stats(); }
  const LevelMeter& meter() const { return supervisor_.meter(); }
  Backlog& backlog() { return backlog_; }

 private:
  static_assert(port::PortWithTasks<Port>, "the streamer needs a port that starts tasks");

  void capture();
  void send();
  void tell(bool begins) const {
    if (config_.on_streaming != nullptr) config_.on_streaming(begins);
  }

  const Config config_;
  AudioSource& source_;
  StopFlag& stop_;
  Backlog backlog_;
  Supervisor supervisor_;
  Capture capture_;
  Uplink uplink_;
  Word capturing_;
  Word sending_;
  Port::Task capture_task_;
  Port::Task network_task_;
};

}  // namespace millpond::streamer
