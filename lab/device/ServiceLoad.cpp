// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/device/ServiceLoad.h"

namespace millpond::lab {

ServiceLoad::ServiceLoad(Life& life) : life_(life), jobs_random_(life.seed, 37), mdns_random_(life.seed, 38) {
  if (life_.scenario.jobs.every_s != 0) planJob();
  if (life_.scenario.mdns.every_s != 0) planMdns();
}

void ServiceLoad::planJob() {
  life_.after(place::job, jobs_random_.waiting(std::uint64_t{life_.scenario.jobs.every_s} * second));
}

void ServiceLoad::job() {
  const Scenario::Jobs& jobs = life_.scenario.jobs;
  if (!job_.empty()) {
    ++life_.events;
    giveAll(job_);
    return planJob();
  }
  job_.push_back(life_.take(RequestClass::small, jobs_random_.within(jobs.stack_bytes), Source::job));
  const std::uint32_t work = jobs_random_.within(jobs.work_bytes);
  if (work != 0) job_.push_back(life_.take(RequestClass::small, work, Source::job));
  life_.after(place::job, anyTime(jobs_random_, jobs.last_ms, millisecond));
}

void ServiceLoad::planMdns() {
  life_.after(place::mdns, mdns_random_.waiting(std::uint64_t{life_.scenario.mdns.every_s} * second));
}

// The packet with the question, what was read from it, and the packet with the answer.
void ServiceLoad::mdns() {
  const Scenario::Mdns& mdns = life_.scenario.mdns;
  if (!mdns_.empty()) {
    ++life_.events;
    giveAll(mdns_);
    return planMdns();
  }
  mdns_.push_back(life_.take(RequestClass::pbuf, mdns_random_.within(mdns.packet_bytes), Source::mdns));
  const std::uint32_t objects = mdns_random_.within(mdns.objects);
  for (std::uint32_t object = 0; object < objects; ++object) {
    const std::uint32_t bytes = mdns_random_.smallWithin(mdns.object_bytes);
    mdns_.push_back(life_.take(RequestClass::small, bytes, Source::mdns));
  }
  mdns_.push_back(life_.take(RequestClass::pbuf, mdns_random_.within(mdns.packet_bytes), Source::mdns));
  life_.after(place::mdns, anyTime(mdns_random_, mdns.last_ms, millisecond));
}

void ServiceLoad::giveAll(std::vector<Block>& blocks) {
  for (Block& block : blocks) life_.memory.give(block);
  blocks.clear();
}

void ServiceLoad::end() {
  giveAll(job_);
  giveAll(mdns_);
}

}  // namespace millpond::lab
