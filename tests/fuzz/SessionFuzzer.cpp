// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// Devices that send, break off, come back, lie and send nonsense, and a receiver that is restarted: what was
// acknowledged is on file, once, and the account agrees with the files.
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/receiver/ReceiverThread.h"
#include "tests/cli/support/Audio.h"
#include "tests/cli/support/Peer.h"
#include "tests/fuzz/Fuzzer.h"
#include "tests/support/TempFolder.h"

namespace millpond::test {
namespace {

using streamer::ChunkHeader;

std::int16_t sampleAt(std::uint64_t index) { return static_cast<std::int16_t>((index * 7919) % 65535 + 1); }

// The input as numbers, then zeros.
class Script {
 public:
  explicit Script(std::span<const std::byte> bytes) : bytes_(bytes) {}
  bool ended() const { return bytes_.empty(); }
  std::uint32_t next() {
    if (bytes_.empty()) return 0;
    const auto byte = std::to_integer<std::uint32_t>(bytes_.front());
    bytes_ = bytes_.subspan(1);
    return byte;
  }
  std::span<const std::byte> take(std::size_t count) {
    const auto taken = bytes_.first(std::min(count, bytes_.size()));
    bytes_ = bytes_.subspan(taken.size());
    return taken;
  }

 private:
  std::span<const std::byte> bytes_;
};

class Devices {
 public:
  void step(Script& script) {
    const std::uint32_t what = script.next();
    const std::uint64_t stream = 1 + (what >> 3U) % 2;
    switch (what % 8) {
      case 4:
        return damaged(stream, script.next());
      case 5:
        return nonsense(script.take(script.next()));
      case 6:
        return peer_.reset();
      case 7:
        return restart();
      default:
        return chunk(stream, (what & 0x80U) != 0, script);
    }
  }

  // What was acknowledged is in the files at its index; and no sample is there twice.
  void check() {
    peer_.reset();
    account();
    std::map<std::uint64_t, std::vector<std::optional<std::int16_t>>> on_file;
    for (const auto& file : filesIn(folder_.path(), ".wav")) {
      const std::string name = file.stem().string();  // stream-<16 digits>-<first sample>
      const std::uint64_t id = std::stoull(name.substr(7, 16), nullptr, 16);
      const std::uint64_t first = std::stoull(name.substr(24));
      std::uint64_t index = first;
      for (const std::int16_t sample : readAudio(file)) {
        auto& samples = on_file[id];
        if (index >= samples.size()) samples.resize(index + 1);
        require(!samples[index].has_value());
        samples[index++] = sample;
      }
    }
    for (const auto& [id, acknowledged] : acknowledged_) {
      for (const streamer::SampleRange& range : acknowledged) {
        for (std::uint64_t index = range.first; index < range.end(); ++index) {
          const auto& samples = on_file[id];
          require(index < samples.size() && samples[index] == sampleAt(index));
        }
      }
    }
  }

 private:
  Peer& peer() {
    if (!peer_) peer_ = std::make_unique<Peer>(receiver_->address());
    return *peer_;
  }

  void chunk(std::uint64_t stream, bool end, Script& script) {
    const std::uint64_t samples = script.next() * 4;
    const std::uint32_t offset = script.next();
    std::uint64_t& next = next_[stream];
    // Mostly what comes next; at times what came before, or what leaves a gap, of up to two files' length.
    const std::uint64_t first = offset < 128   ? next
                                : offset < 192 ? next - std::min<std::uint64_t>(next, (offset - 128) * 16)
                                               : next + (offset - 191) * 500;
    const ChunkHeader header{
        .stream_id = stream, .sequence = sequence_++, .first_sample = first, .end_of_stream = end};
    std::vector<std::int16_t> sound(samples);
    for (std::uint64_t i = 0; i < samples; ++i) sound[i] = sampleAt(first + i);
    if (!peer().sendChunk(header, sound)) return peer_.reset();
    require(peer().ack.stream_id == stream && peer().ack.sequence == header.sequence);
    require(peer().ack.next_sample >= first + samples);
    // What came before `next` may be silence: its time was over.
    const std::uint64_t begin = std::max(first, next);
    if (begin < first + samples) acknowledged_[stream].push_back({begin, first + samples - begin});
    next = peer().ack.next_sample;
  }

  void damaged(std::uint64_t stream, std::uint32_t at) {
    const std::vector<std::int16_t> sound(20, 1);
    auto frame = Peer::frame({.stream_id = stream, .first_sample = next_[stream]}, sound);
    frame[at % frame.size()] ^= std::byte{1};
    peer().send(frame);
    peer_.reset();
  }

  void nonsense(std::span<const std::byte> bytes) {
    peer().send(bytes);
    peer_.reset();
  }

  void restart() {
    peer_.reset();
    account();
    receiver_.reset();  // who has the folder to itself
    receiver_ = std::make_unique<cli::ReceiverThread>(options(), [](const std::string&) {});
  }

  void account() {
    const cli::ReceiverReport report = receiver_->stop();
    require(report.write_errors == 0);
    for (const cli::StreamAccount& stream : report.streams) {
      require(stream.written + stream.silence == stream.next - stream.resumed_at);
    }
  }

  cli::ReceiverOptions options() const {
    cli::ReceiverOptions options;
    options.folder = folder_.path();
    options.limits = {.max_fill_seconds = 1, .max_file_seconds = 3};
    return options;
  }

  TempFolder folder_;
  std::unique_ptr<cli::ReceiverThread> receiver_ =
      std::make_unique<cli::ReceiverThread>(options(), [](const std::string&) {});
  std::unique_ptr<Peer> peer_;
  std::uint32_t sequence_ = 0;
  std::map<std::uint64_t, std::uint64_t> next_;
  std::map<std::uint64_t, std::vector<streamer::SampleRange>> acknowledged_;
};

}  // namespace

void fuzz(std::span<const std::byte> input) {
  Devices devices;
  for (Script script(input.first(std::min<std::size_t>(input.size(), 200))); !script.ended();)
    devices.step(script);
  devices.check();
}

}  // namespace millpond::test
