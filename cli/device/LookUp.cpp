// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/device/LookUp.h"

#include <utility>

#include "cli/show/Error.h"

namespace millpond::cli {

struct LookUp::State {
  State(Function given, const streamer::StopFlag& stop)
      : function(std::move(given)),
        resolver([](void* self) { return static_cast<State*>(self)->function(); }, this, stop) {}

  Function function;
  streamer::Resolver resolver;
};

LookUp::LookUp(Function function, const streamer::StopFlag& stop)
    : state_(std::make_unique<State>(std::move(function), stop)) {
  if (!state_->resolver.start({.name = "look-up"})) {
    throw Error("the system has no thread for the look-up of the receiver's name");
  }
}

LookUp::~LookUp() {
  if (state_->resolver.busy()) static_cast<void>(state_.release());
}

streamer::Resolver& LookUp::resolver() { return state_->resolver; }

}  // namespace millpond::cli
