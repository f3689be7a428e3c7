// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/device/Scenario.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

#include "lab/device/BuiltInScenarios.h"

namespace millpond::lab {

namespace {

/// A key of a scenario: where its value goes, and which values are allowed.
struct Field {
  const char* section;
  const char* key;
  std::uint32_t* value = nullptr;
  Range* range = nullptr;
  std::uint32_t least = 0;
  std::uint32_t most = 0;
};

constexpr std::uint32_t most_bytes = 16U * 1024 * 1024;
constexpr std::uint32_t most_time = 100'000'000;  // seconds, milliseconds or microseconds
// `disturbance` can lengthen a period of so many seconds a hundredfold, and its waits must fit the agenda's
// time.
constexpr std::uint32_t most_disturbed = 10'000'000;
constexpr std::uint32_t least_ram = 65536;
// Every policy has at least this much besides the static buffers.
constexpr std::uint32_t least_dynamic = 16384;
constexpr std::uint32_t ram_unit = 16;
// As many as a pool may have blocks.
constexpr std::uint32_t most_chunks = 1024;
// More than the 100 that are allowed, so that a codec that grows its input gets a message of its own.
constexpr std::uint32_t most_percent = 100'000;

struct Fields {
  std::vector<Field> all;
  const char* section = "";
  Fields& in(const char* name) {
    section = name;
    return *this;
  }
  Fields& number(const char* key, std::uint32_t& value, std::uint32_t least, std::uint32_t most) {
    all.push_back({section, key, &value, nullptr, least, most});
    return *this;
  }
  Fields& range(const char* key, Range& range, std::uint32_t least, std::uint32_t most) {
    all.push_back({section, key, nullptr, &range, least, most});
    return *this;
  }
};

void addDevice(Fields& fields, Scenario& s, std::uint32_t ram) {
  fields.in("ram").number("total_bytes", s.ram.total_bytes, least_ram, most_bytes);
  fields.number("static_bytes", s.ram.static_bytes, 0, ram - least_dynamic);
  fields.number("external_from_bytes", s.ram.external_from_bytes, 0, most_bytes);
  fields.in("capture").number("period_us", s.capture.period_us, 100, most_time);
  fields.number("buffer_bytes", s.capture.buffer_bytes, 1, ram);
  fields.number("bytes_per_sample", s.capture.bytes_per_sample, 1, 64);
  fields.range("convert_ms", s.capture.convert_ms, 0, most_time);
  fields.in("uplink").range("chunk_bytes", s.uplink.chunk_bytes, 1, ram);
  fields.number("held_back_buffers", s.uplink.held_back_buffers, 1, 63);
  fields.number("held_back_chunks", s.uplink.held_back_chunks, 1, most_chunks);
  fields.number("backlog_bytes", s.uplink.backlog_bytes, 0, most_bytes);
  fields.number("segment_bytes", s.uplink.segment_bytes, 16, 65535);
  fields.number("segment_overhead", s.uplink.segment_overhead, 0, 4096);
  fields.number("window_segments", s.uplink.window_segments, 1, 63);
  fields.number("segments_an_ack", s.uplink.segments_an_ack, 1, 63);
  fields.range("ack_bytes", s.uplink.ack_bytes, 1, 65535);
  fields.range("ack_every_ms", s.uplink.ack_every_ms, 0, most_time);
  fields.in("codec").range("percent", s.codec.percent, 1, most_percent);
  fields.number("encoder_bytes", s.codec.encoder_bytes, 0, ram);
  fields.range("scratch_bytes", s.codec.scratch_bytes, 0, ram);
  fields.in("disturbance").number("percent", s.disturbance.percent, 1, 100'000);
  fields.in("dropouts").number("every_s", s.dropouts.every_s, 1, most_disturbed);
  fields.number("first_after_ms", s.dropouts.first_after_ms, 0, most_time);
  fields.range("last_s", s.dropouts.last_s, 0, most_time);
  fields.range("noticed_after_ms", s.dropouts.noticed_after_ms, 0, most_time);
  fields.in("tls").range("record_in_bytes", s.tls.record_in_bytes, 1, ram);
  fields.range("record_out_bytes", s.tls.record_out_bytes, 1, ram);
  fields.number("objects", s.tls.objects, 0, 10'000);
  fields.number("objects_kept_percent", s.tls.objects_kept_percent, 0, 100);
  fields.number("handshake_steps", s.tls.handshake_steps, 1, 1000);
  fields.range("object_bytes", s.tls.object_bytes, 1, ram);
  fields.range("handshake_ms", s.tls.handshake_ms, 10, most_time);
  fields.number("certificates", s.tls.certificates, 0, 100);
  fields.range("certificate_bytes", s.tls.certificate_bytes, 1, ram);
  fields.in("wifi").range("transmit_us", s.wifi.transmit_us, 0, most_time);
}

void addHousehold(Fields& fields, Scenario& s, std::uint32_t ram) {
  fields.in("messages").number("every_ms", s.messages.every_ms, 1, most_time);
  fields.range("strings", s.messages.strings, 1, 1000);
  fields.range("string_bytes", s.messages.string_bytes, 1, ram);
  fields.range("life_ms", s.messages.life_ms, 0, most_time);
  fields.range("slow_life_ms", s.messages.slow_life_ms, 0, most_time);
  fields.number("slow_percent", s.messages.slow_percent, 0, 100);
  fields.in("general").number("tasks", s.general.tasks, 0, 8);
  fields.number("every_ms", s.general.every_ms, 1, most_time);
  fields.range("bytes", s.general.bytes, 1, ram);
  fields.range("life_ms", s.general.life_ms, 0, most_time);
  fields.in("bursts").number("every_s", s.bursts.every_s, 1, most_disturbed);
  fields.range("packets", s.bursts.packets, 1, 64);
  fields.range("packet_bytes", s.bursts.packet_bytes, 1, 65535);
  fields.range("gap_us", s.bursts.gap_us, 1, most_time);
  fields.range("handle_us", s.bursts.handle_us, 1, most_time);
  fields.in("sessions").number("slots", s.sessions.slots, 0, 16);
  fields.number("idle_s", s.sessions.idle_s, 1, most_time);
  fields.number("life_s", s.sessions.life_s, 1, most_time);
  fields.number("shortest_s", s.sessions.shortest_s, 1, most_time);
  fields.range("objects", s.sessions.objects, 1, 1000);
  fields.range("object_bytes", s.sessions.object_bytes, 1, ram);
  fields.range("renew_s", s.sessions.renew_s, 1, most_time);
  fields.in("cache").number("entries", s.cache.entries, 1, 10'000);
  fields.number("every_s", s.cache.every_s, 1, most_time);
  fields.range("entry_bytes", s.cache.entry_bytes, 1, ram);
  fields.in("update").number("every_h", s.update.every_h, 1, 10'000);
  fields.number("retry_s", s.update.retry_s, 1, most_time);
  fields.range("last_s", s.update.last_s, 0, most_time);
  fields.range("buffer_bytes", s.update.buffer_bytes, 1, ram);
  fields.number("install_percent", s.update.install_percent, 0, 100);
  fields.number("sectors", s.update.sectors, 1, 100'000);
  fields.range("sector_bytes", s.update.sector_bytes, 1, ram);
  fields.range("sector_ms", s.update.sector_ms, 1, most_time);
  fields.in("jobs").number("every_s", s.jobs.every_s, 0, most_time);
  fields.range("stack_bytes", s.jobs.stack_bytes, 1, ram);
  fields.range("work_bytes", s.jobs.work_bytes, 0, ram);
  fields.range("last_ms", s.jobs.last_ms, 1, most_time);
  fields.in("mdns").number("every_s", s.mdns.every_s, 0, most_time);
  fields.range("packet_bytes", s.mdns.packet_bytes, 1, 65535);
  fields.range("objects", s.mdns.objects, 0, 1000);
  fields.range("object_bytes", s.mdns.object_bytes, 1, ram);
  fields.range("last_ms", s.mdns.last_ms, 1, most_time);
  fields.in("boot").number("receive_buffers", s.boot.receive_buffers, 0, 1000);
  fields.range("receive_bytes", s.boot.receive_bytes, 1, ram);
  fields.number("stacks", s.boot.stacks, 0, 100);
  fields.range("stack_bytes", s.boot.stack_bytes, 1, ram);
  fields.number("objects", s.boot.objects, 0, 10'000);
  fields.range("object_bytes", s.boot.object_bytes, 1, ram);
  fields.in("leaks").number("string_every", s.leaks.string_every, 0, UINT32_MAX);
  fields.number("general_every", s.leaks.general_every, 0, UINT32_MAX);
  fields.number("session_every", s.leaks.session_every, 0, UINT32_MAX);
}

void addPolicies(Fields& fields, Scenario& s, std::uint32_t ram) {
  fields.in("pools").number("audio_blocks", s.pools.audio_blocks, 1, 1024);
  fields.number("audio_block_bytes", s.pools.audio_block_bytes, 8, ram);
  fields.number("network_blocks", s.pools.network_blocks, 1, 1024);
  fields.number("network_block_bytes", s.pools.network_block_bytes, 8, ram);
  fields.number("general_granules", s.pools.general_granules, 1, 1024);
  fields.number("general_granule_bytes", s.pools.general_granule_bytes, 8, ram);
  fields.in("net_pools").number("pbuf_blocks", s.net_pools.pbuf_blocks, 1, 1024);
  fields.number("pbuf_block_bytes", s.net_pools.pbuf_block_bytes, 8, ram);
  fields.number("tls_blocks", s.net_pools.tls_blocks, 1, 1024);
  fields.number("tls_block_bytes", s.net_pools.tls_block_bytes, 8, ram);
  fields.number("tls_granules", s.net_pools.tls_granules, 1, 1024);
  fields.number("tls_granule_bytes", s.net_pools.tls_granule_bytes, 8, ram);
  fields.in("static").number("tls_connections", s.fixed.tls_connections, 0, 100);
  fields.number("pbufs", s.fixed.pbufs, 0, 10'000);
  fields.number("pbuf_bytes", s.fixed.pbuf_bytes, 1, ram);
  fields.number("small", s.fixed.small, 0, 10'000);
  fields.number("small_bytes", s.fixed.small_bytes, 1, ram);
  fields.number("medium", s.fixed.medium, 0, 10'000);
  fields.number("medium_bytes", s.fixed.medium_bytes, 1, ram);
  fields.number("large", s.fixed.large, 0, 10'000);
  fields.number("large_bytes", s.fixed.large_bytes, 1, ram);
  fields.number("works", s.fixed.works, 0, 1000);
  fields.number("work_bytes", s.fixed.work_bytes, 1, ram);
}

std::vector<Field> fieldsOf(Scenario& scenario, std::uint32_t ram) {
  Fields fields;
  addDevice(fields, scenario, ram);
  addHousehold(fields, scenario, ram);
  addPolicies(fields, scenario, ram);
  return fields.all;
}

/// `text` with control characters written as \\xNN, so that a file's text neither breaks the line of a
/// message nor reaches the terminal.
std::string printable(const std::string& text) {
  std::string shown;
  for (const char character : text) {
    const auto code = static_cast<unsigned char>(character);
    const bool control = code < 0x20 || code == 0x7F;
    shown += control ? fmt::format("\\x{:02x}", code) : std::string(1, character);
  }
  return shown;
}

/// The values of a file's text, and its errors.
class Reader {
 public:
  Reader(std::string name, std::string_view text) : name_(std::move(name)) {
    try {
      table_ = toml::parse(text, name_);
    } catch (const toml::parse_error& error) {
      fail(error.source().begin.line, std::string(error.description()));
    }
  }

  /// Effect: reads the value of `field` from the text, if present. One number is a range of itself. Throws:
  /// if the value is not allowed.
  void read(const Field& field) {
    const toml::node* node = nodeOf(field.section, field.key);
    if (node == nullptr) return;
    const std::string name = std::string(field.section) + "." + field.key;
    if (field.value != nullptr) {
      *field.value = number(*node, name, field, "");
      return;
    }
    const toml::array* pair = node->as_array();
    if (pair == nullptr) {
      const std::uint32_t both = number(*node, name, field, "");
      *field.range = {both, both};
      return;
    }
    if (pair->size() != 2) {
      fail(node->source().begin.line, name + " must be a whole number or [least, most]");
    }
    *field.range = {number((*pair)[0], name, field, "both of "), number((*pair)[1], name, field, "both of ")};
    if (field.range->low > field.range->high) {
      fail(node->source().begin.line, name + " must be [least, most], and its first is above its second");
    }
  }

  /// Throws: if the text has a key that is not in `fields`.
  void refuseOthers(const std::vector<Field>& fields) const {
    std::set<std::string> known{"name"};
    for (const Field& field : fields)
      known.insert({field.section, std::string(field.section) + "." + field.key});
    for (const auto& [key, node] : table_) {
      refuseUnless(known, std::string(key.str()), node);
      if (const toml::table* section = node.as_table()) {
        for (const auto& [inner, value] : *section) {
          refuseUnless(known, std::string(key.str()) + "." + std::string(inner.str()), value);
        }
      }
    }
  }

  std::string title(const std::string& otherwise) const { return table_["name"].value_or(otherwise); }

  std::uint32_t lineOf(const char* section, const char* key) const {
    const toml::node* node = nodeOf(section, key);
    return node == nullptr ? 1 : node->source().begin.line;
  }

  [[noreturn]] void fail(std::uint32_t line, const std::string& what) const {
    throw std::runtime_error(printable(name_ + ":" + std::to_string(line) + ": " + what));
  }

 private:
  const toml::node* nodeOf(const char* section, const char* key) const {
    const toml::table* table = table_[section].as_table();
    return table == nullptr ? nullptr : table->get(key);
  }

  std::uint32_t number(const toml::node& node, const std::string& name, const Field& field,
                       const char* of) const {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < std::int64_t{field.least} || *value > std::int64_t{field.most}) {
      fail(node.source().begin.line, of + name + " must be a whole number from " +
                                         std::to_string(field.least) + " to " + std::to_string(field.most) +
                                         ", not " + asWritten(node));
    }
    return static_cast<std::uint32_t>(*value);
  }

  // Effect: distinguishes a string from a number with the same digits, and a value from a section, in one
  // line.
  static std::string asWritten(const toml::node& node) {
    std::ostringstream text;
    node.visit([&text](const auto& shown) {
      if constexpr (toml::is_value<decltype(shown)>) {
        text << shown;
      } else {
        text << (toml::is_table<decltype(shown)> ? "a section" : "a list");
      }
    });
    std::string line = text.str();
    std::ranges::replace(line, '\n', ' ');
    return line;
  }

  void refuseUnless(const std::set<std::string>& known, const std::string& key,
                    const toml::node& node) const {
    if (known.contains(key)) {
      const bool is_section = key.find('.') == std::string::npos && key != "name";
      if (is_section && !node.is_table())
        fail(node.source().begin.line, key + " is a section: [" + key + "]");
      if (key == "name" && !node.is_string()) fail(node.source().begin.line, "name must be a text");
      return;
    }
    fail(node.source().begin.line,
         "there is no key " + key + "; scenarios/adr-device.toml has all keys there are");
  }

  std::string name_;
  toml::table table_;
};

void checkRam(const Scenario& scenario, const Reader& reader) {
  for (const auto& [key, bytes] : {std::pair{"total_bytes", scenario.ram.total_bytes},
                                   std::pair{"static_bytes", scenario.ram.static_bytes}}) {
    if (bytes % ram_unit != 0) {
      reader.fail(reader.lineOf("ram", key), std::string("ram.") + key + " must be a multiple of 16 bytes");
    }
  }
  const std::uint64_t pools =
      std::uint64_t{scenario.pools.audio_blocks} * scenario.pools.audio_block_bytes +
      std::uint64_t{scenario.pools.network_blocks} * scenario.pools.network_block_bytes +
      std::uint64_t{scenario.pools.general_granules} * scenario.pools.general_granule_bytes;
  if (pools + scenario.ram.static_bytes > scenario.ram.total_bytes) {
    reader.fail(reader.lineOf("ram", "total_bytes"), "the pools' " + std::to_string(pools) +
                                                         " bytes and ram.static_bytes, " +
                                                         std::to_string(scenario.ram.static_bytes) +
                                                         ", must together be at most ram.total_bytes, " +
                                                         std::to_string(scenario.ram.total_bytes));
  }
}

// A codec makes a chunk of each captured buffer.
void checkCodec(const Scenario& scenario, const Reader& reader) {
  const Range& percent = scenario.codec.percent;
  if (percent.high > 100) {
    reader.fail(reader.lineOf("codec", "percent"),
                "codec.percent lets sound grow to " + std::to_string(percent.high) +
                    " % of its size: it must be from 1 to 100, and 100 means no codec");
  }
  const Range& chunk = scenario.uplink.chunk_bytes;
  const std::uint32_t buffer = scenario.capture.buffer_bytes;
  if (scenario.codec.present() && (chunk.low != buffer || chunk.high != buffer)) {
    reader.fail(reader.lineOf("codec", "percent"),
                "a codec encodes one captured buffer at a time: uplink.chunk_bytes must be "
                "capture.buffer_bytes, " +
                    std::to_string(buffer));
  }
}

void applyBacklog(Scenario& scenario, const Reader& reader) {
  if (scenario.uplink.backlog_bytes == 0) return;
  try {
    scenario = withBacklog(scenario, scenario.uplink.backlog_bytes);
  } catch (const std::runtime_error& error) {
    reader.fail(reader.lineOf("uplink", "backlog_bytes"),
                std::string("uplink.backlog_bytes: ") + error.what());
  }
}

void readInto(Scenario& scenario, std::string_view text, const std::string& name) {
  Reader reader(name, text);
  for (const Field& field : fieldsOf(scenario, most_bytes)) {
    if (std::string_view(field.section) == "ram") reader.read(field);
  }
  const std::vector<Field> fields = fieldsOf(scenario, scenario.ram.total_bytes);
  reader.refuseOthers(fields);
  for (const Field& field : fields) reader.read(field);
  scenario.name = reader.title(std::filesystem::path(name).stem());
  checkRam(scenario, reader);
  checkCodec(scenario, reader);
  applyBacklog(scenario, reader);
}

std::string known() {
  std::string names;
  for (const BuiltInScenario& built_in : built_in_scenarios)
    names += (names.empty() ? "" : ", ") + std::string(built_in.name);
  return names;
}

}  // namespace

Scenario parseScenario(std::string_view text, const std::string& name) {
  Scenario scenario{};
  readInto(scenario, built_in_scenarios[0].text, std::string(built_in_scenarios[0].name));
  readInto(scenario, text, name);
  return scenario;
}

Scenario withBacklog(const Scenario& scenario, std::uint32_t bytes) {
  const std::uint32_t chunk = scenario.largestChunk();
  const std::uint32_t chunks = bytes / chunk;
  if (chunks < 1 || chunks > most_chunks) {
    throw std::runtime_error("a backlog must have room for 1 to " + std::to_string(most_chunks) +
                             " chunks of sound, of up to " + std::to_string(chunk) +
                             " bytes each here, not " + std::to_string(bytes) + " bytes");
  }
  Scenario changed = scenario;
  changed.uplink.held_back_chunks = chunks;
  changed.pools.network_blocks = chunks;
  return changed;
}

std::string scenarioText(const std::string& name) {
  const auto built_in = std::ranges::find(built_in_scenarios, name, &BuiltInScenario::name);
  if (built_in != built_in_scenarios.end()) return std::string(built_in->text);
  std::error_code error;
  if (!std::filesystem::is_regular_file(name, error)) {
    const bool exists = std::filesystem::exists(name, error);
    throw std::runtime_error(
        (exists ? "scenario " + name + " is not a regular file" : "no scenario " + name) +
        ": give a TOML file, or one of " + known());
  }
  std::ifstream file(name);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw std::runtime_error("cannot read scenario " + name);
  return text.str();
}

Scenario loadScenario(const std::string& name) { return parseScenario(scenarioText(name), name); }

std::vector<std::string> builtInScenarios() {
  std::vector<std::string> names;
  names.reserve(built_in_scenarios.size());
  for (const BuiltInScenario& built_in : built_in_scenarios) names.emplace_back(built_in.name);
  return names;
}

}  // namespace millpond::lab
