// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace millpond::sizing {

/// The index of a name.
using NameIndex = std::uint32_t;

/// Names by index: pools and sources. Shared by the logs of all devices, so that their indices agree.
class Names {
 public:
  /// Returns: the index of `name`, a new one if it is new.
  NameIndex of(std::string_view name);
  const std::string& operator[](NameIndex index) const { return *names_[index]; }
  std::size_t size() const { return names_.size(); }

 private:
  std::unordered_map<std::string, NameIndex> index_;
  std::vector<const std::string*> names_;
};

/// What a request asks for: from which pool, for whom, and how many bytes.
struct Request {
  NameIndex pool = 0;
  NameIndex source = 0;
  std::uint32_t bytes = 0;
  bool operator==(const Request&) const = default;
};

/// What one device requested and gave back, in order of time. Some five bytes an event in memory: ten million
/// take 50 MB.
class DemandLog {
 public:
  /// Names a block while it is held. A slot that was given back is used again.
  using Slot = std::uint32_t;

  /// One request, or the end of one.
  struct Event {
    std::uint64_t time_us = 0;
    Slot slot = 0;
    /// Whether the block is taken; else it is given back.
    bool takes = false;
    Request request;
  };

  DemandLog();
  DemandLog(DemandLog&&) noexcept;
  DemandLog& operator=(DemandLog&&) noexcept;
  ~DemandLog();

  /// Effect: appends a request, or the end of one. Requires: times do not fall; `slot` is held.
  Slot take(std::uint64_t time_us, const Request& request);
  void give(std::uint64_t time_us, Slot slot);

  /// Effect: the log ends at `time_us`, if it does not end later anyway.
  void endAt(std::uint64_t time_us);

  /// The time from the first event to the end, in seconds.
  double seconds() const { return static_cast<double>(end_us_ - start_us_) / 1e6; }
  std::uint64_t startMicros() const { return start_us_; }
  std::uint64_t endMicros() const { return end_us_; }
  std::uint64_t events() const { return events_; }
  /// The distinct requests.
  const std::vector<Request>& requests() const { return flows_; }

  /// Effect: calls `visit` for each `Event` in order.
  template <class Visit>
  void forEach(Visit&& visit) const {
    Reader reader(*this);
    Event event;
    while (reader.next(event)) visit(const_cast<const Event&>(event));
  }

 private:
  // Slots in use, as the writer and each reader keep them alike: the slot given back last is taken first.
  class Slots {
   public:
    Slot take(std::uint32_t flow);
    std::uint32_t give(Slot slot);

   private:
    std::vector<std::uint32_t> flows_;
    std::vector<Slot> free_;
  };

  class Reader {
   public:
    explicit Reader(const DemandLog& log) : log_(log), time_us_(log.start_us_) {}
    bool next(Event& event);

   private:
    std::uint64_t number();

    const DemandLog& log_;
    std::uint64_t time_us_;
    std::uint64_t read_ = 0;
    std::size_t chunk_ = 0;
    std::size_t at_ = 0;
    Slots slots_;
  };

  struct RequestHash {
    std::size_t operator()(const Request& request) const;
  };

  void append(std::uint64_t time_us, std::uint64_t what);
  void number(std::uint64_t value);
  std::uint32_t flowOf(const Request& request);

  // Chunks, so that a long log is never copied while it grows. An event may lie across two.
  std::vector<std::unique_ptr<std::uint8_t[]>> chunks_;
  std::size_t used_ = 0;
  std::vector<Request> flows_;
  std::unordered_map<Request, std::uint32_t, RequestHash> flow_index_;
  Slots slots_;
  std::uint64_t events_ = 0;
  std::uint64_t start_us_ = 0;
  std::uint64_t last_us_ = 0;
  std::uint64_t end_us_ = 0;
};

}  // namespace millpond::sizing
