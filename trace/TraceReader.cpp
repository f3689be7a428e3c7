// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "trace/TraceReader.h"

#include "trace/TraceDecoder.h"

namespace millpond::trace {

namespace fs = std::filesystem;

namespace {

// Returns: the first and the last packet. Throws: `TraceError` where the stream is not packet after packet.
std::pair<Packet, Packet> ends(const std::string& folder, const InputFile& stream, const TraceFacts& facts) {
  PacketWalk walk(stream, facts);
  std::optional<Packet> first;
  Packet last;
  while (const std::optional<Packet> packet = walk.next()) {
    if (first && packet->begin < last.end)
      throw TraceError(folder + ": the clock runs backward between packets " + std::to_string(last.sequence) +
                       " and " + std::to_string(packet->sequence) +
                       ": each boot of a device needs a new folder");
    if (!first) first = packet;
    last = *packet;
  }
  if (!walk.atEnd())
    throw TraceError(folder + ": its stream is cut or damaged at byte " + std::to_string(walk.offset()) +
                     " of " + std::to_string(stream.size()) +
                     "; `millpond trace repair` keeps the whole packets");
  if (!first) throw TraceError(folder + ": its stream is empty: nothing was recorded, or it was not flushed");
  return {*first, last};
}

}  // namespace

TraceReader::TraceReader(const fs::path& folder) : folder_(folder) {
  const fs::path metadata = folder / metadata_file;
  if (!fs::is_directory(folder)) throw TraceError(folder.string() + ": not a folder; a trace is one");
  if (!fs::exists(metadata))
    throw TraceError(folder.string() + ": not a trace: it has no file " + metadata_file);
  const std::optional<TraceFacts> facts = factsOf(metadataText(InputFile(metadata).start(metadata_limit)));
  if (!facts) throw TraceError(folder.string() + ": its metadata is cut, or not of a trace by Millpond");
  facts_ = *facts;
  if (!fs::exists(folder / stream_file))
    throw TraceError(folder.string() + ": it has metadata, but no file " + stream_file + " with the events");
  stream_ = std::make_unique<InputFile>(folder / stream_file);
  const auto [first, last] = ends(folder.string(), *stream_, facts_);
  totals_.lost = last.lost;
  totals_.seconds =
      static_cast<double>(last.end - first.begin) / static_cast<double>(facts_.ticks_per_second);
  TraceDecoder(*this, {}).decode(true);
}

void TraceReader::forEach(const std::function<void(const TraceEvent&)>& visit) {
  totals_.events = totals_.mended = 0;
  TraceDecoder(*this, visit).decode(false);
}

}  // namespace millpond::trace
