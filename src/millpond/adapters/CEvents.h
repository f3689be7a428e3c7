// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include "millpond/EventBus.h"
#include "millpond/LeakWatch.h"
#include "millpond/Pressure.h"
#include "millpond/adapters/CManager.h"
#include "millpond/adapters/millpond_events.h"

namespace millpond {

/// A bus, a pressure and a leak watch as C code sees them, for a program that has them already. Context: any.
inline millpond_bus* toC(EventBus& bus) { return reinterpret_cast<millpond_bus*>(&bus); }
inline millpond_pressure* toC(Pressure& pressure) { return reinterpret_cast<millpond_pressure*>(&pressure); }
inline millpond_leaks* toC(LeakWatch& watch) { return reinterpret_cast<millpond_leaks*>(&watch); }

}  // namespace millpond

/// Each defines what its name says, above a manager of `MILLPOND_C_MANAGER` in the same file; `name()`
/// returns it. Use them outside any namespace.
#define MILLPOND_C_EVENT_BUS(name, manager)                \
  static millpond::EventBus name##_bus(manager##_manager); \
  extern "C" MILLPOND_HOT millpond_bus* name(void) { return millpond::toC(name##_bus); }
#define MILLPOND_C_PRESSURE(name, manager, bus)                             \
  static millpond::Pressure name##_pressure(manager##_manager, &bus##_bus); \
  extern "C" MILLPOND_HOT millpond_pressure* name(void) { return millpond::toC(name##_pressure); }
#define MILLPOND_C_LEAK_WATCH(name, manager, bus)                               \
  static millpond::StaticLeakWatch name##_watch(manager##_manager, &bus##_bus); \
  extern "C" millpond_leaks* name(void) { return millpond::toC(name##_watch); }
