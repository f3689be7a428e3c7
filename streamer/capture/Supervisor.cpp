// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "streamer/capture/Supervisor.h"

#include <array>

#include "streamer/backlog/StreamEvents.h"

namespace millpond::streamer {

namespace {
constexpr std::array watched{PressureChanged::event, PoolsMoved::event, LinkChanged::event};
}  // namespace

Supervisor::Supervisor(MemoryManager& memory, EventBus& bus, Pressure& pressure, Backlog& backlog)
    : memory_(memory), bus_(bus), pressure_(pressure), backlog_(backlog), meter_(bus) {
  for (const EventId event : watched) bus.subscribe(event, &Supervisor::onEvent, EventPriority::high, this);
  for (Reclaimer* reclaimer : {&meter_reclaimer_, &chunk_reclaimer_, &backlog_reclaimer_}) {
    pressure.add(*reclaimer);
  }
}

Supervisor::~Supervisor() {
  for (Reclaimer* reclaimer : {&meter_reclaimer_, &chunk_reclaimer_, &backlog_reclaimer_}) {
    pressure_.remove(*reclaimer);
  }
  for (const EventId event : watched) bus_.unsubscribe(event, &Supervisor::onEvent, this);
}

void Supervisor::poll() {
  pressure_.poll();
  bus_.processEvents();
}

std::size_t Supervisor::pauseMeter(void* self, PressureLevel) {
  static_cast<Supervisor*>(self)->meter_.setPaused(true);
  return 0;  // frees time, not bytes
}

std::size_t Supervisor::sendDirect(void* self, PressureLevel level) {
  auto& supervisor = *static_cast<Supervisor*>(self);
  if (supervisor.direct_ || level != PressureLevel::critical) return 0;
  supervisor.direct_ = true;
  supervisor.backlog_.setDirect(true);
  // Buffers in use go out as they are and are not taken again.
  const PoolStats network = supervisor.memory_.stats().network;
  return network.in_use * network.block_size;
}

std::size_t Supervisor::dropBacklog(void* self, PressureLevel level) {
  auto& supervisor = *static_cast<Supervisor*>(self);
  if (supervisor.connected_ || level != PressureLevel::critical) return 0;
  return supervisor.backlog_.dropOldest() * sizeof(std::int16_t);
}

void Supervisor::onEvent(void* self, const Event& event) {
  auto& supervisor = *static_cast<Supervisor*>(self);
  if (event.id() == LinkChanged::event) {
    supervisor.connected_ = event.as<LinkChanged>()->connected;
  } else {
    supervisor.recover();
  }
}

void Supervisor::recover() {
  if (pressure_.level() != PressureLevel::normal) return;
  meter_.setPaused(false);
  if (!direct_ || memory_.stats().network.released) return;
  direct_ = false;
  backlog_.setDirect(false);
}

}  // namespace millpond::streamer
