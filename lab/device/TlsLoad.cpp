// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/device/TlsLoad.h"

#include <utility>

namespace millpond::lab {

void TlsLoad::open() {
  const Scenario::Tls& tls = life_.scenario.tls;
  records_ = {life_.take(RequestClass::tls, sizes_.within(tls.record_in_bytes), source_),
              life_.take(RequestClass::tls, sizes_.within(tls.record_out_bytes), source_)};
  step_ = 0;
  step_us_ = anyTime(random_, tls.handshake_ms, millisecond) / tls.handshake_steps;
  life_.after(place_, step_us_);
}

bool TlsLoad::advance() {
  const Scenario::Tls& tls = life_.scenario.tls;
  ++life_.events;
  const std::uint32_t steps = tls.handshake_steps;
  const std::uint32_t objects = tls.objects * (step_ + 1) / steps - tls.objects * step_ / steps;
  for (std::uint32_t object = 0; object < objects; ++object) {
    const Block block = life_.take(RequestClass::tls, random_.smallWithin(tls.object_bytes), source_);
    (random_.percent(tls.objects_kept_percent) ? kept_ : passing_).push_back(block);
  }
  giveAll(former_);
  std::swap(former_, passing_);
  if (step_ == steps / 3) takeCertificates();
  if (++step_ < steps) {
    life_.after(place_, step_us_);
    return false;
  }
  giveAll(former_);
  if (!certificates_.empty()) {
    kept_.push_back(certificates_.front());
    certificates_.front() = {};
    giveAll(certificates_);
  }
  life_.agenda.cancel(place_);
  return true;
}

void TlsLoad::takeCertificates() {
  const Scenario::Tls& tls = life_.scenario.tls;
  for (std::uint32_t one = 0; one < tls.certificates; ++one) {
    const std::uint32_t bytes = certificate_sizes_.within(tls.certificate_bytes);
    certificates_.push_back(life_.take(RequestClass::tls, bytes, source_));
  }
}

void TlsLoad::close() {
  life_.agenda.cancel(place_);
  giveAll(former_);
  giveAll(passing_);
  giveAll(kept_);
  giveAll(certificates_);
  for (Block& record : records_) life_.memory.give(record);
}

void TlsLoad::giveAll(std::vector<Block>& blocks) {
  for (Block& block : blocks) life_.memory.give(block);
  blocks.clear();
}

}  // namespace millpond::lab
