// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "trace/TraceDecoder.h"

#include <algorithm>
#include <memory>

namespace millpond::trace {

using trace_format::Event;

namespace {

struct Release {
  void operator()(bt_graph* graph) const { bt_graph_put_ref(graph); }
  void operator()(bt_value* value) const { bt_value_put_ref(value); }
  void operator()(const bt_plugin* plugin) const { bt_plugin_put_ref(plugin); }
};
using Graph = std::unique_ptr<bt_graph, Release>;
using Value = std::unique_ptr<bt_value, Release>;
using Plugin = std::unique_ptr<const bt_plugin, Release>;

void check(int status, const char* what) {
  if (status != 0) throw TraceError(std::string("libbabeltrace2 cannot ") + what);
}

std::uint64_t integer(const bt_field* in, std::uint64_t member) {
  return bt_field_integer_unsigned_get_value(
      bt_field_structure_borrow_member_field_by_index_const(in, member));
}

// By its length: of an empty string, libbabeltrace2 keeps the text that the field had before. A name is shown
// on terminals, so what would command them is replaced.
std::string nameIn(const bt_field* in, std::uint64_t member) {
  const bt_field* field = bt_field_structure_borrow_member_field_by_index_const(in, member);
  std::string name(bt_field_string_get_value(field), bt_field_string_get_length(field));
  const auto commands = [](char letter) { return (letter >= 0 && letter < ' ') || letter == '\x7f'; };
  std::ranges::replace_if(name, commands, '?');
  return name;
}

// Returns: the innermost cause of libbabeltrace2's error, of which there may be none.
std::string causeOfError() {
  const bt_error* error = bt_current_thread_take_error();
  if (error == nullptr) return {};
  std::string cause = bt_error_get_cause_count(error) == 0
                          ? std::string()
                          : bt_error_cause_get_message(bt_error_borrow_cause_by_index(error, 0));
  bt_error_release(error);
  if (cause.starts_with("No event class with ID")) return "an event of an unknown id";
  return cause.substr(0, cause.find(':'));
}

bt_graph_simple_sink_component_initialize_func_status keep(bt_message_iterator* /*iterator*/,
                                                           void* /*self*/) {
  return BT_GRAPH_SIMPLE_SINK_COMPONENT_INITIALIZE_FUNC_STATUS_OK;
}

// Loaded once: libbabeltrace2 opens all of its plugins to find one, which takes longer than reading a short
// trace.
const bt_plugin* formatPlugin() {
  static const Plugin plugin = [] {
    const bt_plugin* found = nullptr;
    check(bt_plugin_find("ctf", BT_FALSE, BT_TRUE, BT_TRUE, BT_TRUE, BT_TRUE, &found), "find its plugin ctf");
    return Plugin(found);
  }();
  return plugin.get();
}

// One stream needs no muxer before the sink.
void connect(bt_graph* graph, const std::string& folder, bt_graph_simple_sink_component_consume_func consume,
             void* self) {
  const bt_component_class_source* fs =
      bt_plugin_borrow_source_component_class_by_name_const(formatPlugin(), "fs");
  const Value parameters(bt_value_map_create());
  bt_value* inputs = nullptr;
  check(bt_value_map_insert_empty_array_entry(parameters.get(), "inputs", &inputs), "take its parameters");
  check(bt_value_array_append_string_element(inputs, folder.c_str()), "take its parameters");
  const bt_component_source* source = nullptr;
  const int opened =
      bt_graph_add_source_component(graph, fs, "source", parameters.get(), BT_LOGGING_LEVEL_NONE, &source);
  if (opened != 0) throw TraceError(folder + ": its metadata or stream is damaged: " + causeOfError());
  if (bt_component_source_get_output_port_count(source) != 1)
    throw TraceError(folder + ": a trace has one file `stream` beside its metadata, and this has others");
  const bt_component_sink* sink = nullptr;
  check(bt_graph_add_simple_sink_component(graph, "sink", &keep, consume, nullptr, self, &sink),
        "add a sink");
  const bt_connection* connection = nullptr;
  check(bt_graph_connect_ports(graph, bt_component_source_borrow_output_port_by_index_const(source, 0),
                               bt_component_sink_borrow_input_port_by_index_const(sink, 0), &connection),
        "connect its parts");
}

TraceEvent::Kind kindOf(Event event) {
  switch (event) {
    case Event::free:
      return TraceEvent::Kind::free;
    case Event::exhausted:
      return TraceEvent::Kind::exhausted;
    case Event::oversize:
      return TraceEvent::Kind::oversize;
    case Event::refused:
      return TraceEvent::Kind::refused;
    case Event::rejected_free:
      return TraceEvent::Kind::rejected_free;
    case Event::pressure:
      return TraceEvent::Kind::pressure;
    case Event::reclaim:
      return TraceEvent::Kind::reclaim;
    default:
      return TraceEvent::Kind::allocation;
  }
}

}  // namespace

TraceDecoder::TraceDecoder(TraceReader& reader, const HeldBlocks::Visit& visit)
    : reader_(reader), visit_(visit), walk_(*reader.stream_, reader.facts_) {}

void TraceDecoder::damaged(const std::string& what) const {
  throw TraceError(reader_.folder_.string() + ": packet " + std::to_string(packets_) + " of " +
                   TraceReader::stream_file + " is damaged: " + what);
}

void TraceDecoder::decode(bool only_pools) {
  only_pools_ = only_pools;
  bt_logging_set_global_level(BT_LOGGING_LEVEL_NONE);
  const Graph graph(bt_graph_create(0));
  bt_graph_simple_sink_component_consume_func_status (*const consumer)(bt_message_iterator*, void*) =
      &consume;
  connect(graph.get(), reader_.folder_.string(), consumer, this);
  const bt_graph_run_status status = bt_graph_run(graph.get());
  const std::string cause = causeOfError();
  try {
    if (thrown_) std::rethrow_exception(thrown_);
  } catch (const Enough&) {
    return;
  }
  if (status != BT_GRAPH_RUN_STATUS_OK) damaged(cause.empty() ? "libbabeltrace2 does not say how" : cause);
  reader_.totals_.mended = live_.mended();
}

bt_graph_simple_sink_component_consume_func_status TraceDecoder::consume(bt_message_iterator* iterator,
                                                                         void* self) {
  auto& decoder = *static_cast<TraceDecoder*>(self);
  bt_message_array_const messages = nullptr;
  std::uint64_t count = 0;
  const bt_message_iterator_next_status status = bt_message_iterator_next(iterator, &messages, &count);
  if (status == BT_MESSAGE_ITERATOR_NEXT_STATUS_END)
    return BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_END;
  if (status == BT_MESSAGE_ITERATOR_NEXT_STATUS_AGAIN)
    return BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_AGAIN;
  if (status != BT_MESSAGE_ITERATOR_NEXT_STATUS_OK)
    return BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_ERROR;
  for (std::uint64_t at = 0; at < count; ++at) {
    try {
      if (!decoder.thrown_) decoder.take(messages[at]);
    } catch (...) {  // it must not pass through the C library
      decoder.thrown_ = std::current_exception();
    }
    bt_message_put_ref(messages[at]);
  }
  return decoder.thrown_ ? BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_ERROR
                         : BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_OK;
}

void TraceDecoder::take(const bt_message* message) {
  if (bt_message_get_type(message) == BT_MESSAGE_TYPE_EVENT) {
    takeEvent(message);
  } else if (bt_message_get_type(message) == BT_MESSAGE_TYPE_PACKET_BEGINNING) {
    beginPacket();
  }
}

void TraceDecoder::beginPacket() {
  ++packets_;
  packet_ = walk_.next();
  if (!packet_) damaged("its header does not describe it");
  last_ticks_ = packet_->begin;
}

void TraceDecoder::takeEvent(const bt_message* message) {
  const bt_clock_snapshot* time = bt_message_event_borrow_default_clock_snapshot_const(message);
  const std::uint64_t ticks = bt_clock_snapshot_get_value(time);
  if (ticks < last_ticks_ || ticks > packet_->end) damaged("its clock runs backward, or wraps");
  last_ticks_ = ticks;
  std::int64_t time_ns = 0;
  if (bt_clock_snapshot_get_ns_from_origin(time, &time_ns) != BT_CLOCK_SNAPSHOT_GET_NS_FROM_ORIGIN_STATUS_OK)
    damaged("its clock is beyond 292 years");
  const bt_event* from = bt_message_event_borrow_event_const(message);
  const auto kind = static_cast<Event>(bt_event_class_get_id(bt_event_borrow_class_const(from)));
  TraceEvent event{.time_ns = static_cast<std::uint64_t>(time_ns), .kind = kindOf(kind)};
  const bt_field* payload = bt_event_borrow_payload_field_const(from);
  if (kind == Event::pool || kind == Event::held) return takeState(kind, payload, event);
  event.source = sourceOf(bt_event_borrow_common_context_field_const(from), event.interrupt);
  if (only_pools_) throw Enough();
  ++reader_.totals_.events;
  deliver(kind, payload, event);
}

// By `trace_format::event_context`.
std::uint16_t TraceDecoder::sourceOf(const bt_field* context, bool& interrupt) {
  const auto source = static_cast<std::uint16_t>(integer(context, 0));
  interrupt = integer(context, 1) != 0;
  const std::string name = nameIn(context, 2);
  std::vector<std::string>& names = reader_.sources_;
  if (source >= names.size()) names.resize(source + std::size_t{1}, "?");
  if (name.empty()) return source;
  if (names[source] == "?") names[source] = name;
  if (names[source] != name)
    damaged("its source " + std::to_string(source) + " is called " + names[source] + " and " + name);
  return source;
}

std::uint32_t TraceDecoder::sizeIn(const bt_field* payload, std::uint64_t member) const {
  const std::uint64_t bytes = integer(payload, member);
  if (bytes > trace_format::max_size)
    damaged("a size of " + std::to_string(bytes) + " bytes is beyond any device");
  return static_cast<std::uint32_t>(bytes);
}

// Fields are counted as `trace_format::events` has them.
void TraceDecoder::takeState(Event kind, const bt_field* payload, const TraceEvent& event) {
  const std::uint64_t row = integer(payload, 0);
  std::vector<TracePool>& pools = reader_.pools_;
  if (kind == Event::pool) {
    const TracePool pool{nameIn(payload, 4), integer(payload, 1) != 0,
                         static_cast<std::uint32_t>(integer(payload, 2)), sizeIn(payload, 3)};
    if (row == pools.size()) pools.push_back(pool);
    if (row >= pools.size() || !(pools[row] == pool))
      damaged("its pools are not those of the packets before");
    return;
  }
  if (only_pools_) return;
  TraceEvent pattern = event;
  const bool heap = row == trace_format::heap;
  if (!heap && row >= pools.size()) damaged("it tells what is held of a pool that it does not name");
  pattern.heap = heap;
  pattern.pool = heap ? 0 : static_cast<std::uint8_t>(row);
  pattern.size = heap ? 0 : pools[row].block_size;
  const auto first = static_cast<std::uint32_t>(integer(payload, 1));
  live_.settle(trace_format::pointerOf(static_cast<std::uint8_t>(row), first),
               static_cast<std::uint32_t>(integer(payload, 2)), pattern, visit_);
}

void TraceDecoder::deliver(Event kind, const bt_field* payload, TraceEvent event) {
  const auto value = [&](std::size_t field) { return static_cast<std::uint32_t>(integer(payload, field)); };
  switch (kind) {
    case Event::malloc:
      event.size = sizeIn(payload, 0);
      event.block = value(1);
      event.pool = static_cast<std::uint8_t>(value(2));
      event.heap = trace_format::poolIn(event.block) == trace_format::heap;
      break;
    case Event::free:
      event.block = value(0);
      return live_.free(event, visit_);
    case Event::rejected_free:
      event.heap = value(0) == trace_format::heap;
      event.pool = static_cast<std::uint8_t>(event.heap ? 0 : value(0));
      break;
    case Event::pressure:
    case Event::reclaim:
      event.size = value(0);
      break;
    case Event::calloc:
    case Event::realloc:
    case Event::memalign:
    case Event::posix_memalign:
      damaged("an event that no device writes");
    default:
      event.size = sizeIn(payload, 0);
      event.pool = static_cast<std::uint8_t>(value(1));
  }
  if (event.pool >= reader_.pools_.size()) damaged("an event is of a pool that the trace does not name");
  if (kind == Event::malloc) return live_.allocate(event, visit_);
  visit_(event);
}

}  // namespace millpond::trace
