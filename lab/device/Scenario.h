// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace millpond::lab {

/// Any integer from `low` to `high`, both included. A scenario may give one number for both.
struct Range {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
};

/// An always-on device: its RAM, what it does and how often. scenarios/adr-device.toml explains each value
/// and has the defaults of all scenarios.
struct Scenario {
  std::string name;

  struct Ram {
    std::uint32_t total_bytes, static_bytes, external_from_bytes;
  } ram;
  struct Capture {
    std::uint32_t period_us, buffer_bytes, bytes_per_sample;
    Range convert_ms;
  } capture;
  struct Uplink {
    Range chunk_bytes;
    std::uint32_t held_back_buffers, held_back_chunks, backlog_bytes;
    std::uint32_t segment_bytes, segment_overhead, window_segments, segments_an_ack;
    Range ack_bytes, ack_every_ms;
  } uplink;
  struct Codec {
    Range percent, scratch_bytes;
    std::uint32_t encoder_bytes;

    bool present() const { return percent.low != 100; }
  } codec;
  struct Disturbance {
    std::uint32_t percent;
  } disturbance;
  struct Dropouts {
    std::uint32_t first_after_ms, every_s;
    Range last_s, noticed_after_ms;
  } dropouts;
  struct Tls {
    Range record_in_bytes, record_out_bytes;
    std::uint32_t objects, objects_kept_percent, handshake_steps, certificates;
    Range object_bytes, handshake_ms, certificate_bytes;
  } tls;
  struct Messages {
    std::uint32_t every_ms;
    Range strings, string_bytes, life_ms, slow_life_ms;
    std::uint32_t slow_percent;
  } messages;
  struct General {
    std::uint32_t tasks, every_ms;
    Range bytes, life_ms;
  } general;
  struct Bursts {
    std::uint32_t every_s;
    Range packets, packet_bytes, gap_us, handle_us;
  } bursts;
  struct Sessions {
    std::uint32_t slots, idle_s, life_s, shortest_s;
    Range objects, object_bytes, renew_s;
  } sessions;
  struct Cache {
    std::uint32_t entries, every_s;
    Range entry_bytes;
  } cache;
  struct Update {
    std::uint32_t every_h, retry_s, install_percent, sectors;
    Range last_s, buffer_bytes, sector_bytes, sector_ms;
  } update;
  struct Wifi {
    Range transmit_us;
  } wifi;
  struct Jobs {
    std::uint32_t every_s;
    Range stack_bytes, work_bytes, last_ms;
  } jobs;
  struct Mdns {
    std::uint32_t every_s;
    Range packet_bytes, objects, object_bytes, last_ms;
  } mdns;
  struct Boot {
    std::uint32_t receive_buffers, stacks, objects;
    Range receive_bytes, stack_bytes, object_bytes;
  } boot;
  struct Leaks {
    std::uint32_t string_every, general_every, session_every;
  } leaks;
  struct Pools {
    std::uint32_t audio_blocks, audio_block_bytes, network_blocks, network_block_bytes;
    std::uint32_t general_granules, general_granule_bytes;
  } pools;
  struct NetPools {
    std::uint32_t pbuf_blocks, pbuf_block_bytes, tls_blocks, tls_block_bytes;
    std::uint32_t tls_granules, tls_granule_bytes;
  } net_pools;
  struct Fixed {
    std::uint32_t tls_connections, pbufs, pbuf_bytes, small, small_bytes, medium, medium_bytes, large,
        large_bytes, works, work_bytes;
  } fixed;

  /// The largest network request: a chunk of sound, or what the codec makes of a captured buffer.
  std::uint32_t largestChunk() const {
    return codec.present() ? encodedBytes().high : uplink.chunk_bytes.high;
  }
  /// The most bytes that the chunks held back take.
  std::uint64_t backlogBytes() const { return std::uint64_t{uplink.held_back_chunks} * largestChunk(); }
  /// What the codec makes of a captured buffer.
  Range encodedBytes() const {
    const auto share = [this](std::uint32_t percent) {
      return static_cast<std::uint32_t>((std::uint64_t{capture.buffer_bytes} * percent + 99) / 100);
    };
    return {share(codec.percent.low), share(codec.percent.high)};
  }
  /// Whether a request of `bytes` bytes that is not for captured sound lies outside of `ram.total_bytes`.
  bool isExternal(std::uint32_t bytes) const {
    return ram.external_from_bytes != 0 && bytes >= ram.external_from_bytes;
  }
  /// How long `samples` samples of its sound last.
  double secondsOf(std::uint64_t samples) const {
    return static_cast<double>(samples) * capture.bytes_per_sample / capture.buffer_bytes *
           capture.period_us / 1e6;
  }
};

/// Returns: the scenario called `name`: a built-in one, or a TOML file. Throws: std::runtime_error with one
/// line if there is none, or if it has an unknown key or a value that is not allowed. The message names the
/// line, the key and what is allowed.
Scenario loadScenario(const std::string& name);

/// Returns: the text of the scenario called `name`. Throws: as `loadScenario` if there is none.
std::string scenarioText(const std::string& name);

/// Returns: the scenario in `text`, which messages call `name`. Throws: as `loadScenario`.
Scenario parseScenario(std::string_view text, const std::string& name);

/// Returns: `scenario` with as many chunks held back as `bytes` bytes have room for, and as many blocks in
/// the network pool. Throws: std::runtime_error with one line if that is none, or too many.
Scenario withBacklog(const Scenario& scenario, std::uint32_t bytes);

/// The names of the built-in scenarios; the first is the default.
std::vector<std::string> builtInScenarios();

}  // namespace millpond::lab
