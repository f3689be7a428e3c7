// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "trace/TraceReader.h"

#include "trace/TraceDecoder.h"

namespace millpond::trace {

namespace fs = std::filesystem;

namespace {

// What the headers of all packets say.
struct Packets {
  Packet first;
  Packet last;
  std::uint64_t count = 0;
};

// Throws: `TraceError` where the stream is not packet after packet.
Packets packetsOf(const std::string& folder, const InputFile& stream, const TraceFacts& facts) {
  PacketWalk walk(stream, facts);
  Packets all;
  while (const std::optional<Packet> packet = walk.next()) {
    if (packet->outlastsClock()) {
      throw TraceError(folder + ": packet " + std::to_string(packet->sequence) +
                       " lasts for more than 2^32 ticks: its events' clock wraps unseen; drain more often");
    }
    if (all.count == 0) {
      all.first = *packet;
    } else if (packet->contradicts(all.last)) {
      throw TraceError(folder + ": the clock or a count runs backward between packets " +
                       std::to_string(all.last.sequence) + " and " + std::to_string(packet->sequence) +
                       ": each boot of a device needs a new folder");
    }
    all.last = *packet;
    ++all.count;
  }
  if (!walk.atEnd()) {
    throw TraceError(folder + ": its stream is cut or damaged at byte " + std::to_string(walk.offset()) +
                     " of " + std::to_string(stream.size()) +
                     "; `millpond trace repair` keeps the whole packets");
  }
  if (all.count == 0)
    throw TraceError(folder + ": its stream is empty: nothing was recorded, or it was not flushed");
  return all;
}

// libbabeltrace2 takes every other file for a stream.
void checkFiles(const fs::path& folder) {
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.') || name == TraceReader::metadata_file || name == TraceReader::stream_file)
      continue;
    throw TraceError(folder.string() + ": a trace has the files metadata and stream, and this has " + name);
  }
}

}  // namespace

TraceReader::TraceReader(const fs::path& folder) : folder_(folder) {
  const fs::path metadata = folder / metadata_file;
  if (!fs::is_directory(folder)) throw TraceError(folder.string() + ": not a folder; a trace is one");
  if (!fs::exists(metadata))
    throw TraceError(folder.string() + ": not a trace: it has no file " + metadata_file);
  const std::optional<TraceFacts> facts = factsOf(metadataText(InputFile(metadata).start(metadata_limit)));
  if (!facts) {
    throw TraceError(folder.string() +
                     ": its metadata is cut, damaged, of another version, or not of a trace by Millpond");
  }
  facts_ = *facts;
  if (!fs::exists(folder / stream_file))
    throw TraceError(folder.string() + ": it has metadata, but no file " + stream_file + " with the events");
  stream_ = std::make_unique<InputFile>(folder / stream_file);
  checkFiles(folder);
  const Packets packets = packetsOf(folder.string(), *stream_, facts_);
  totals_.lost = packets.last.lost;
  totals_.missing_packets = packets.last.sequence + std::uint64_t{1} - packets.count;
  totals_.seconds = static_cast<double>(packets.last.end - packets.first.begin) /
                    static_cast<double>(facts_.ticks_per_second);
  TraceDecoder(*this, {}).decode(true);
}

void TraceReader::forEach(const std::function<void(const TraceEvent&)>& visit) {
  totals_.events = totals_.mended = 0;
  TraceDecoder(*this, visit).decode(false);
}

}  // namespace millpond::trace
