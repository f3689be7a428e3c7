// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

/// The format of a trace, Common Trace Format 1.8, as one table: the encoder writes by it and prints it as
/// the trace's metadata. The six events of `lttng_ust_libc` and the fields `size`, `ptr`, `_vtid` and
/// `_procname` have the names that the memory views of Trace Compass look for; `_vtid` is the source.
namespace millpond::trace_format {

enum class Type : std::uint8_t { none, u8, u16, u32, u64, pointer, ticks32, ticks64, text };

struct TypeRow {
  const char* name;
  std::uint8_t bytes;
  const char* definition;
};
/// By `Type`.
inline constexpr TypeRow types[] = {
    {"", 0, ""},
    {"uint8_t", 1, "integer { size = 8; align = 8; signed = false; }"},
    {"uint16_t", 2, "integer { size = 16; align = 8; signed = false; }"},
    {"uint32_t", 4, "integer { size = 32; align = 8; signed = false; }"},
    {"uint64_t", 8, "integer { size = 64; align = 8; signed = false; }"},
    {"pointer_t", 4, "integer { size = 32; align = 8; signed = false; base = 16; }"},
    {"ticks32_t", 4, "integer { size = 32; align = 8; signed = false; map = clock.device.value; }"},
    {"ticks64_t", 8, "integer { size = 64; align = 8; signed = false; map = clock.device.value; }"},
    {"string", 0, ""},
};

struct Field {
  Type type = Type::none;
  const char* name = nullptr;
};
using Fields = std::array<Field, 7>;

inline constexpr Fields packet_header{{{Type::u32, "magic"}, {Type::u8, "stream_id"}}};
inline constexpr Fields packet_context{{{Type::ticks64, "timestamp_begin"},
                                        {Type::ticks64, "timestamp_end"},
                                        {Type::u32, "content_size"},
                                        {Type::u32, "packet_size"},
                                        {Type::u32, "packet_seq_num"},
                                        {Type::u32, "events_discarded"},
                                        {Type::u8, "cpu_id"}}};
inline constexpr Fields event_header{{{Type::u8, "id"}, {Type::ticks32, "timestamp"}}};
/// `_procname` is the source's name in the first event of each source in a packet, and empty in the others.
inline constexpr Fields event_context{
    {{Type::u16, "_vtid"}, {Type::u8, "interrupt"}, {Type::text, "_procname"}}};

/// The events by their id. Trace Compass wants to see the four after `free` declared; no device emits them.
enum class Event : std::uint8_t {
  malloc,
  free,
  calloc,
  realloc,
  memalign,
  posix_memalign,
  exhausted,
  oversize,
  refused,
  rejected_free,
  pressure,
  reclaim,
  /// A row of the pool table, and 32 blocks of a pool of which those are held whose bit is set. Each packet
  /// begins with all of them.
  pool,
  held,
};

struct EventRow {
  const char* name;
  Fields fields;
};
inline constexpr EventRow events[] = {
    {"lttng_ust_libc:malloc", {{{Type::u32, "size"}, {Type::pointer, "ptr"}, {Type::u8, "pool"}}}},
    {"lttng_ust_libc:free", {{{Type::pointer, "ptr"}}}},
    {"lttng_ust_libc:calloc", {{{Type::u32, "nmemb"}, {Type::u32, "size"}, {Type::pointer, "ptr"}}}},
    {"lttng_ust_libc:realloc", {{{Type::pointer, "in_ptr"}, {Type::u32, "size"}, {Type::pointer, "ptr"}}}},
    {"lttng_ust_libc:memalign", {{{Type::u32, "alignment"}, {Type::u32, "size"}, {Type::pointer, "ptr"}}}},
    {"lttng_ust_libc:posix_memalign",
     {{{Type::pointer, "out_ptr"}, {Type::u32, "alignment"}, {Type::u32, "size"}, {Type::u32, "result"}}}},
    {"millpond:exhausted", {{{Type::u32, "size"}, {Type::u8, "pool"}}}},
    {"millpond:oversize", {{{Type::u32, "size"}, {Type::u8, "pool"}}}},
    {"millpond:refused", {{{Type::u32, "size"}, {Type::u8, "pool"}}}},
    {"millpond:rejected_free", {{{Type::u8, "pool"}}}},
    {"millpond:pressure", {{{Type::u32, "level"}}}},
    {"millpond:reclaim", {{{Type::u32, "bytes"}}}},
    {"millpond:pool",
     {{{Type::u8, "pool"},
       {Type::u8, "runs"},
       {Type::u16, "blocks"},
       {Type::u32, "block_size"},
       {Type::text, "name"}}}},
    {"millpond:held", {{{Type::u8, "pool"}, {Type::u16, "first"}, {Type::u32, "blocks"}}}},
};
inline constexpr std::size_t event_count = sizeof(events) / sizeof(events[0]);
static_assert(event_count == static_cast<std::size_t>(Event::held) + 1);

inline constexpr std::uint32_t magic = 0xC1FC1FC1;
inline constexpr std::uint32_t metadata_magic = 0x75D11D57;

/// The heap instead of a row of the pool table.
inline constexpr std::uint8_t heap = 255;

/// The `ptr` of a block: not an address, but what tells it from the others that are held.
constexpr std::uint32_t pointerOf(std::uint8_t pool, std::uint32_t block) {
  return pool == heap ? block & 0xFFFFFFU : (pool + 1U) << 24U | block;
}
/// The pool in such a `ptr`.
constexpr std::uint8_t poolIn(std::uint32_t pointer) {
  return pointer >> 24U == 0 ? heap : static_cast<std::uint8_t>((pointer >> 24U) - 1);
}

/// The largest size of a request or a block, in bytes; requests above it are recorded as this.
inline constexpr std::uint32_t max_size = 0xFFFFFF;

/// The longest text of an event, including its end; longer ones are cut.
inline constexpr std::size_t max_text = 24;

constexpr std::size_t bytesOf(const Fields& fields) {
  std::size_t bytes = 0;
  for (const Field& field : fields)
    bytes += field.type == Type::text ? max_text : types[static_cast<std::size_t>(field.type)].bytes;
  return bytes;
}
inline constexpr std::size_t packet_header_bytes = bytesOf(packet_header) + bytesOf(packet_context);
/// The most bytes of any event.
inline constexpr std::size_t max_event = [] {
  std::size_t most = 0;
  for (const EventRow& row : events) most = most < bytesOf(row.fields) ? bytesOf(row.fields) : most;
  return most + bytesOf(event_header) + bytesOf(event_context);
}();

}  // namespace millpond::trace_format
