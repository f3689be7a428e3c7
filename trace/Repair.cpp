// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "trace/Repair.h"

#include <vector>

#include "trace/PacketWalk.h"
#include "trace/TraceFolder.h"
#include "trace/TraceReader.h"

namespace millpond::trace {

namespace {

struct Source {
  std::vector<std::byte> metadata;
  std::filesystem::path stream;
  std::size_t offset = 0;
};

// Returns: the packets of metadata that the file begins with, and where the events begin.
Source ofFile(const std::filesystem::path& file) {
  const std::vector<std::byte> start = InputFile(file).start(metadata_limit);
  Source source{.metadata = {}, .stream = file};
  while (const std::size_t size = metadataPacket(std::span(start).subspan(source.offset)))
    source.offset += size;
  source.metadata.assign(start.begin(), start.begin() + static_cast<std::ptrdiff_t>(source.offset));
  return source;
}

Source ofFolder(const std::filesystem::path& folder) {
  return {.metadata = InputFile(folder / TraceReader::metadata_file).start(metadata_limit),
          .stream = folder / TraceReader::stream_file};
}

// Effect: adds `packet`, unless it contradicts those kept. Where only the last of them does not agree, a
// damaged header is its own: it goes, and not all that follows.
void keep(std::vector<Packet>& kept, const Packet& packet) {
  if (packet.outlastsClock()) return;
  if (!kept.empty() && packet.contradicts(kept.back())) {
    if (kept.size() > 1 && packet.contradicts(kept[kept.size() - 2])) return;
    kept.pop_back();
  }
  kept.push_back(packet);
}

std::vector<Packet> packetsIn(PacketWalk walk) {
  std::vector<Packet> kept;
  while (walk.skipDamage()) {
    while (const std::optional<Packet> packet = walk.next()) keep(kept, *packet);
  }
  return kept;
}

}  // namespace

Repaired repair(const std::filesystem::path& from, const std::filesystem::path& to) {
  const Source source = std::filesystem::is_directory(from) ? ofFolder(from) : ofFile(from);
  const std::optional<TraceFacts> facts = factsOf(metadataText(source.metadata));
  if (!facts) {
    throw TraceError(from.string() +
                     ": cannot be repaired: its metadata is missing, cut, or not by Millpond");
  }
  const InputFile stream(source.stream);
  const std::vector<Packet> packets = packetsIn(PacketWalk(stream, *facts, source.offset));
  if (packets.empty())
    throw TraceError(from.string() + ": cannot be repaired: it has no whole packet of events");
  Repaired repaired{.packets = packets.size(), .bytes = stream.size() - source.offset};
  TraceFolder folder(to);
  folder.write(TraceSink::Part::metadata, source.metadata);
  std::vector<std::byte> bytes;
  for (const Packet& packet : packets) {
    bytes.resize(packet.bytes);
    stream.read(packet.offset, bytes);
    folder.write(TraceSink::Part::events, bytes);
    repaired.kept_bytes += packet.bytes;
  }
  folder.close();
  return repaired;
}

}  // namespace millpond::trace
