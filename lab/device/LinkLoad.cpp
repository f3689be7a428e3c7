// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/device/LinkLoad.h"

#include <algorithm>

namespace millpond::lab {

LinkLoad::LinkLoad(Life& life, UplinkLoad& uplink)
    : life_(life),
      uplink_(uplink),
      dropouts_(life.seed, 3),
      updates_(life.seed, 4),
      sectors_(life.seed, 36),
      uplink_tls_(life, place::uplink_tls, Source::tls),
      update_tls_(life, place::update_tls, Source::update) {
  life_.after(place::link, std::uint64_t{life.scenario.dropouts.first_after_ms} * millisecond);
  // The devices of a fleet do not all ask in the same hour.
  next_update_us_ = updates_.below(life.scenario.update.every_h * 3600U) * std::uint64_t{second};
  life_.agenda.set(place::update, next_update_us_);
}

void LinkLoad::link() {
  ++life_.events;
  const Scenario::Dropouts& dropouts = life_.scenario.dropouts;
  switch (state_) {
    case State::up: {
      uplink_.stall();
      returns_us_ = life_.now_us + anyTime(dropouts_, dropouts.last_s, second);
      life_.after(place::link, anyTime(dropouts_, dropouts.noticed_after_ms, millisecond));
      state_ = State::dropped;
      return;
    }
    case State::dropped:
      uplink_.abort();
      uplink_tls_.close();
      dropUpdate();
      life_.agenda.set(place::link, std::max(returns_us_, life_.now_us + 1));
      state_ = State::noticed;
      return;
    case State::noticed:
      life_.agenda.cancel(place::link);
      uplink_tls_.open();
      return;
  }
}

void LinkLoad::uplinkTls() {
  if (!uplink_tls_.advance()) return;
  uplink_.resume();
  state_ = State::up;
  life_.after(place::link,
              dropouts_.waiting(life_.disturbed(std::uint64_t{life_.scenario.dropouts.every_s} * second)));
}

void LinkLoad::update() {
  ++life_.events;
  if (updating_) {
    releaseUpdate();
    next_update_us_ += life_.scenario.update.every_h * hour;
    life_.agenda.set(place::update, std::max(next_update_us_, life_.now_us + updateRetry()));
  } else if (uplink_.linked()) {
    updating_ = true;
    life_.agenda.cancel(place::update);
    update_tls_.open();
  } else {
    life_.after(place::update, updateRetry());
  }
}

void LinkLoad::updateTls() {
  if (!update_tls_.advance()) return;
  const Scenario::Update& update = life_.scenario.update;
  update_buffer_ = life_.take(RequestClass::tls, updates_.within(update.buffer_bytes), Source::update);
  if (update.install_percent != 0 && sectors_.percent(update.install_percent)) {
    sectors_left_ = update.sectors;
    life_.after(place::sector, anyTime(sectors_, update.sector_ms, millisecond));
    return;
  }
  life_.after(place::update, anyTime(updates_, update.last_s, second));
}

// A sector is received, written and given back before the next.
void LinkLoad::sector() {
  const Scenario::Update& update = life_.scenario.update;
  life_.memory.give(sector_);
  if (sectors_left_ == 0) {
    ++life_.events;
    life_.agenda.cancel(place::sector);
    life_.after(place::update, anyTime(updates_, update.last_s, second));
    return;
  }
  --sectors_left_;
  sector_ = life_.take(RequestClass::small, sectors_.within(update.sector_bytes), Source::update);
  life_.after(place::sector, anyTime(sectors_, update.sector_ms, millisecond));
}

void LinkLoad::releaseUpdate() {
  life_.memory.give(update_buffer_);
  life_.memory.give(sector_);
  life_.agenda.cancel(place::sector);
  update_tls_.close();
  updating_ = false;
}

void LinkLoad::dropUpdate() {
  if (!updating_) return;
  releaseUpdate();
  life_.after(place::update, updateRetry());
}

void LinkLoad::end() {
  dropUpdate();
  uplink_tls_.close();
}

}  // namespace millpond::lab
