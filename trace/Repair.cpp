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

}  // namespace

Repaired repair(const std::filesystem::path& from, const std::filesystem::path& to) {
  const Source source = std::filesystem::is_directory(from) ? ofFolder(from) : ofFile(from);
  const std::optional<TraceFacts> facts = factsOf(metadataText(source.metadata));
  if (!facts)
    throw TraceError(from.string() +
                     ": cannot be repaired: its metadata is missing, cut, or not by Millpond");
  const InputFile stream(source.stream);
  PacketWalk walk(stream, *facts, source.offset);
  Repaired repaired{.bytes = stream.size() - source.offset};
  if (!walk.skipDamage())
    throw TraceError(from.string() + ": cannot be repaired: it has no whole packet of events");
  TraceFolder folder(to);
  folder.write(TraceSink::Part::metadata, source.metadata);
  std::uint64_t end = 0;
  std::vector<std::byte> bytes;
  do {
    while (const std::optional<Packet> packet = walk.next()) {
      if (packet->begin < end) continue;
      end = packet->end;
      bytes.resize(packet->bytes);
      stream.read(packet->offset, bytes);
      folder.write(TraceSink::Part::events, bytes);
      ++repaired.packets;
      repaired.kept_bytes += packet->bytes;
    }
  } while (walk.skipDamage());
  folder.close();
  return repaired;
}

}  // namespace millpond::trace
