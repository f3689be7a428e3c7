// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/receiver/ReceiverReport.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace millpond::cli {

namespace {

constexpr std::size_t gaps_in_text = 10;

nlohmann::json rangeJson(const streamer::SampleRange& range) {
  return {{"start", range.first}, {"samples", range.samples}};
}

nlohmann::json streamJson(const StreamAccount& stream) {
  nlohmann::json gaps = nlohmann::json::array();
  for (const auto& gap : stream.gaps) gaps.push_back(rangeJson(gap));
  nlohmann::json files = nlohmann::json::array();
  for (const auto& file : stream.files) files.push_back(file.string());
  nlohmann::json json{
      {"id", fmt::format("{:016x}", stream.stream_id)},
      {"sample_rate", stream.rate},
      {"next_sample", stream.next},
      {"resumed_at", stream.resumed_at},
      {"connections", stream.connections},
      {"chunks", stream.chunks},
      {"samples_written", stream.written},
      {"samples_silence", stream.silence},
      {"samples_missing", stream.missing},
      {"samples_duplicate", stream.duplicates},
      {"gap_count", stream.gap_count},
      {"gaps", gaps},
      {"bad_checksums", stream.bad_checksums},
      {"ended", stream.ended},
      {"files", files},
  };
  if (stream.bad_checksums > 0) json["last_bad_checksum"] = rangeJson(stream.last_bad);
  return json;
}

std::string streamText(const StreamAccount& stream) {
  std::string text = fmt::format(
      "stream {:016x}: {} samples written ({:.1f} s), {} missing in {} gaps, {} duplicate, {} bad checksums, "
      "{}\n",
      stream.stream_id, stream.written, static_cast<double>(stream.written) / stream.rate, stream.missing,
      stream.gap_count, stream.duplicates, stream.bad_checksums, stream.ended ? "ended" : "not ended");
  if (stream.resumed_at > 0) text += fmt::format("  went on at sample {}\n", stream.resumed_at);
  for (std::size_t i = 0; i < stream.gaps.size() && i < gaps_in_text; ++i) {
    text += fmt::format("  gap: {} samples from {}\n", stream.gaps[i].samples, stream.gaps[i].first);
  }
  if (stream.gap_count > gaps_in_text)
    text += fmt::format("  and {} more gaps\n", stream.gap_count - gaps_in_text);
  for (const auto& file : stream.files) text += fmt::format("  {}\n", file.string());
  return text;
}

}  // namespace

nlohmann::json ReceiverReport::json() const {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& stream : streams) list.push_back(streamJson(stream));
  return {
      {"streams", list},    {"forgotten_streams", forgotten_streams}, {"connections", connections},
      {"refused", refused}, {"bad_checksums", bad_checksums},         {"write_errors", write_errors},
      {"removed", removed}, {"removed_bytes", removed_bytes},
  };
}

std::string ReceiverReport::text() const {
  std::string text =
      fmt::format("{} connections, {} refused, {} bad checksums\n", connections, refused, bad_checksums);
  for (const auto& stream : streams) text += streamText(stream);
  if (removed > 0) text += fmt::format("{} recordings of {} bytes removed\n", removed, removed_bytes);
  if (forgotten_streams > 0) text += fmt::format("and {} older streams\n", forgotten_streams);
  return text;
}

}  // namespace millpond::cli
