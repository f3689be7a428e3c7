// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "millpond/trace/TraceEncoder.h"

#include <bit>

#include "millpond/Version.h"

namespace millpond {

// Builds compile several sources as one, where plain `Event` is that of `EventBus.h`.
using TraceEvent = trace_format::Event;
using trace_format::Fields;
using trace_format::Type;

namespace {

constexpr std::size_t metadata_header_bytes = 37;
constexpr const char* byte_order = std::endian::native == std::endian::little ? "le" : "be";

TraceEvent eventOf(TraceKind kind) {
  switch (kind) {
    case TraceKind::free:
    case TraceKind::heap_free:
      return TraceEvent::free;
    case TraceKind::exhausted:
      return TraceEvent::exhausted;
    case TraceKind::oversize:
      return TraceEvent::oversize;
    case TraceKind::refused:
      return TraceEvent::refused;
    case TraceKind::rejected_free:
    case TraceKind::foreign_free:
      return TraceEvent::rejected_free;
    case TraceKind::pressure:
      return TraceEvent::pressure;
    case TraceKind::reclaim:
      return TraceEvent::reclaim;
    default:
      return TraceEvent::malloc;
  }
}

bool isOfHeap(TraceKind kind) {
  return kind == TraceKind::heap_allocation || kind == TraceKind::heap_free ||
         kind == TraceKind::foreign_free;
}

}  // namespace

void TraceEncoder::add(std::uint64_t ticks, const TraceEntry& entry) {
  constexpr std::uint64_t longest = std::uint64_t{1} << 31U;
  const bool full = setup_.packet.size() - used_ < trace_format::max_event;
  if (used_ != 0 && (full || ticks - begin_ >= longest)) flush();
  if (used_ == 0) open(ticks);
  const TraceEvent event = eventOf(entry.kind);
  const std::uint8_t where = isOfHeap(entry.kind) ? trace_format::heap : entry.pool;
  const std::uint32_t pointer = trace_format::pointerOf(where, entry.block);
  std::uint32_t values[3] = {entry.size, entry.pool};
  if (event == TraceEvent::malloc) {
    values[1] = pointer;
    values[2] = entry.pool;
  } else if (event == TraceEvent::free) {
    values[0] = pointer;
  } else if (event == TraceEvent::rejected_free) {
    values[0] = where;
  }
  write(event, ticks, entry, values);
  ++events_;
  noteHeld(entry);
}

void TraceEncoder::open(std::uint64_t ticks) {
  begin_ = last_ = ticks;
  named_ = 0;
  used_ = trace_format::packet_header_bytes;
  describeState();
}

void TraceEncoder::describeState() {
  std::uint8_t row = 0;
  const std::uint32_t* held = setup_.held.data();
  for (const Pool& pool : setup_.pools) {
    const std::uint32_t values[] = {row, pool.runs ? 1U : 0U, pool.blocks, pool.block_size};
    write(TraceEvent::pool, begin_, {}, values, pool.name);
    for (std::uint32_t first = 0; first < pool.blocks; first += 32) {
      const std::uint32_t blocks[] = {row, first, *held++};
      write(TraceEvent::held, begin_, {}, blocks);
    }
    ++row;
  }
  const std::uint32_t blocks[] = {trace_format::heap, 0, *held};
  write(TraceEvent::held, begin_, {}, blocks);
}

void TraceEncoder::write(TraceEvent event, std::uint64_t ticks, const TraceEntry& about,
                         std::span<const std::uint32_t> values, const char* text) {
  last_ = ticks;
  const std::uint16_t id = idOf(about.source);
  const std::uint64_t bit = id == 0 || id > max_sources ? 0 : std::uint64_t{1} << (id - 1U);
  const char* name = id > max_sources ? "(others)" : (named_ & bit) != bit ? about.source : "";
  named_ |= bit;
  const std::uint32_t header[] = {static_cast<std::uint32_t>(event), static_cast<std::uint32_t>(ticks)};
  const std::uint32_t context[] = {id, about.interrupt ? 1U : 0U};
  put(trace_format::event_header, header, "");
  put(trace_format::event_context, context, name);
  put(trace_format::events[static_cast<std::size_t>(event)].fields, values, text);
}

void TraceEncoder::put(const Fields& fields, std::span<const std::uint32_t> values, const char* text) {
  const std::uint32_t* value = values.data();
  for (const trace_format::Field& field : fields) {
    if (field.type == Type::none) return;
    if (field.type == Type::text) {
      putText(text);
    } else {
      putInteger(*value++, trace_format::types[static_cast<std::size_t>(field.type)].bytes);
    }
  }
}

void TraceEncoder::putInteger(std::uint64_t value, std::size_t bytes) {
  for (std::size_t at = 0; at < bytes; ++at) {
    const std::size_t shift = std::endian::native == std::endian::little ? at : bytes - 1 - at;
    setup_.packet[used_++] = static_cast<std::byte>(value >> (8 * shift));
  }
}

void TraceEncoder::putText(const char* text) {
  for (std::size_t length = 1; *text != '\0' && length < trace_format::max_text; ++length)
    setup_.packet[used_++] = static_cast<std::byte>(*text++);
  setup_.packet[used_++] = std::byte{0};
}

void TraceEncoder::flush() {
  if (events_ == 0) return;
  const std::size_t bytes = used_;
  const auto bits = static_cast<std::uint32_t>(bytes * 8);
  used_ = 0;
  putInteger(trace_format::magic, 4);
  putInteger(0, 1);
  putInteger(begin_, 8);
  putInteger(last_, 8);
  for (const std::uint32_t value : {bits, bits, sequence_++, lost_}) putInteger(value, 4);
  putInteger(0, 1);
  used_ = bytes;
  send(TraceSink::Part::events);
}

void TraceEncoder::send(TraceSink::Part part) {
  if (!sink_.write(sink_.context, part, setup_.packet.first(used_))) lost_ += events_;
  events_ = 0;
  used_ = 0;
}

std::uint32_t* TraceEncoder::heldWord(std::uint8_t pool, std::uint32_t block) {
  std::size_t word = 0;
  if (pool == trace_format::heap) return block < 32 ? &setup_.held.back() : nullptr;
  for (std::uint8_t row = 0; row < pool; ++row) word += wordsOf(setup_.pools[row]);
  return &setup_.held[word + block / 32];
}

void TraceEncoder::setHeld(std::uint8_t pool, std::uint32_t first, std::uint32_t blocks) {
  *heldWord(pool, first) = blocks;
}

void TraceEncoder::noteHeld(const TraceEntry& entry) {
  const TraceEvent event = eventOf(entry.kind);
  if (event != TraceEvent::malloc && event != TraceEvent::free) return;
  std::uint32_t* const word = heldWord(isOfHeap(entry.kind) ? trace_format::heap : entry.pool, entry.block);
  if (word == nullptr) return;
  const std::uint32_t bit = std::uint32_t{1} << (entry.block % 32);
  *word = event == TraceEvent::malloc ? *word | bit : *word & ~bit;
}

// Returns: 0 for no source, and more than `max_sources` for one too many.
std::uint16_t TraceEncoder::idOf(const char* source) {
  if (source == nullptr) return 0;
  for (std::uint32_t at = 0; at < source_count_; ++at)
    if (sources_[at] == source) return static_cast<std::uint16_t>(at + 1);
  if (source_count_ == max_sources) return max_sources + 1;
  sources_[source_count_++] = source;
  return static_cast<std::uint16_t>(source_count_);
}

void TraceEncoder::begin() {
  used_ = metadata_header_bytes;
  print("/* CTF 1.8 */\nclock { name = device; freq = ");
  printNumber(setup_.ticks_per_second);
  print("; description = \"since boot\"; };\n");
  for (const trace_format::TypeRow& type : trace_format::types) {
    if (*type.definition == '\0') continue;
    print("typealias ");
    print(type.definition);
    print(" := ");
    print(type.name);
    print(";\n");
  }
  print("trace { major = 1; minor = 8; byte_order = ");
  print(byte_order);
  print(";");
  print(" packet.header", trace_format::packet_header);
  print(
      "};\nenv { domain = \"ust\"; tracer_name = \"lttng-ust\"; tracer_major = 2; tracer_minor = 8;"
      " tracer_patchlevel = 0; hostname = \"device\"; millpond = \"" MILLPOND_VERSION
      "\"; };\n"
      "stream { id = 0;");
  print(" packet.context", trace_format::packet_context);
  print(" event.header", trace_format::event_header);
  print(" event.context", trace_format::event_context);
  print("};\n");
  std::uint32_t id = 0;
  for (const trace_format::EventRow& event : trace_format::events) {
    print("event { id = ");
    printNumber(id++);
    print("; stream_id = 0; name = \"");
    print(event.name);
    print("\";");
    print(" fields", event.fields);
    print("};\n");
  }
  endMetadataPacket();
  used_ = 0;
}

void TraceEncoder::print(const char* name, const Fields& fields) {
  print(name);
  print(" := struct {");
  for (const trace_format::Field& field : fields) {
    if (field.type == Type::none) break;
    print(" ");
    print(trace_format::types[static_cast<std::size_t>(field.type)].name);
    print(" ");
    print(field.name);
    print(";");
  }
  print(" }; ");
}

void TraceEncoder::print(const char* text) {
  for (; *text != '\0'; ++text) {
    if (used_ == setup_.packet.size()) endMetadataPacket();
    setup_.packet[used_++] = static_cast<std::byte>(*text);
  }
}

void TraceEncoder::printNumber(std::uint32_t number) {
  char digits[11] = {};
  std::size_t at = 10;
  do {
    digits[--at] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  print(digits + at);
}

// Its identity, checksum, compression and encryption are none.
void TraceEncoder::endMetadataPacket() {
  const std::size_t bytes = used_;
  const auto bits = static_cast<std::uint32_t>(bytes * 8);
  used_ = 0;
  putInteger(trace_format::metadata_magic, 4);
  putInteger(0, 8);
  putInteger(0, 8);
  for (const std::uint32_t value : {std::uint32_t{0}, bits, bits}) putInteger(value, 4);
  putInteger(0, 3);
  putInteger(1, 1);
  putInteger(8, 1);
  used_ = bytes;
  send(TraceSink::Part::metadata);
  used_ = metadata_header_bytes;
}

}  // namespace millpond
