// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "order/Memory.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "order/Schedule.h"
#include "order/SingleOrder.h"

namespace millpond::order {

namespace {

constexpr std::array names{"load",   "store",     "loadOrdered", "storeOrdered", "compareExchange",
                           "update", "unchanged", "setBits",     "clearBits"};

struct Store {
  std::uint64_t value;
  std::shared_ptr<const View> released;  // what an ordered load of it joins
};

struct History {
  std::size_t id = 0;
  std::vector<Store> stores;
  std::size_t maker = 0;
  std::uint32_t made = 0;  // by the maker's clock
};

// Who last wrote a byte, and who read it since when, by their clocks.
struct Byte {
  std::size_t writer = 0;
  std::uint32_t written = 0;
  std::array<std::uint32_t, max_threads> readers{};
};
using Granule = std::array<Byte, 8>;

struct SiteKey {
  const char* file;
  std::uint32_t line;
  Operation operation;
  bool operator==(const SiteKey&) const = default;
};
struct SiteHash {
  std::size_t operator()(const SiteKey& key) const {
    return reinterpret_cast<std::uintptr_t>(key.file) * 31 + key.line * 16 +
           static_cast<std::size_t>(key.operation);
  }
};

std::unordered_map<const void*, History> histories;
SingleOrder single_order;
std::size_t words_made = 0;
std::unordered_map<std::uintptr_t, Granule> granules;
std::unordered_map<SiteKey, bool, SiteHash> sites;  // and whether it is weakened
std::set<std::string> seen;
std::string weakened;
bool multi_copy_atomic = false;
const bool traced = std::getenv("MILLPOND_ORDER_TRACE") != nullptr;

std::string nameOf(const Site& site, Operation operation) {
  const std::string file = site.file;
  const std::size_t src = file.rfind("/src/");
  const std::string shown =
      src != std::string::npos ? file.substr(src + 5) : file.substr(file.rfind('/') + 1);
  return shown + ":" + std::to_string(site.line) + " " + names[static_cast<std::size_t>(operation)];
}

// Whether the access is ordered here: it is meant to be, and nobody weakened it.
bool isOrdered(const Site& site, Operation operation) {
  if (operation == Operation::load || operation == Operation::store) return false;
  const auto [place, is_new] = sites.try_emplace({site.file, site.line, operation}, false);
  if (is_new) {
    const std::string name = nameOf(site, operation);
    place->second = name == weakened;
    if (std::strstr(site.file, "/src/") != nullptr) seen.insert(name);
  }
  return !place->second;
}

void trace(const Location& location, const History& history, std::size_t index, Operation operation,
           const Site& site) {
  if (!traced) return;
  std::fprintf(stderr, "%5u thread %zu %p %-40s #%zu of %zu: %llx\n", schedule().steps(), schedule().self(),
               location.address, nameOf(site, operation).c_str(), index, history.stores.size() - 1,
               static_cast<unsigned long long>(history.stores[index].value));
}

std::uint64_t valueIn(const Location& location) {
  std::uint64_t value = 0;
  std::memcpy(&value, location.address, location.bytes);
  return value;
}

History& historyOf(const Location& location) {
  History& history = histories[location.address];
  if (history.stores.empty()) {
    history.id = words_made++;
    history.stores.push_back({valueIn(location), nullptr});
  }
  if (schedule().view().clockOf(history.maker) < history.made)
    schedule().fail("a word is used by a thread that has not seen it made");
  return history;
}

bool fits(const History& history, std::uint32_t index) {
  View view = schedule().view();
  if (history.stores[index].released != nullptr) view.join(*history.stores[index].released);
  return single_order.allows(schedule().self(), view, history.id, index);
}

// One of the stores that a load may return. The last one is what a processor mostly gives; the oldest is what
// it gives most rarely.
std::uint32_t choose(const History& history, bool ordered) {
  const std::uint32_t first = schedule().view().oldestOf(history.id);
  const auto last = static_cast<std::uint32_t>(history.stores.size() - 1);
  if (first == last) return last;
  const std::uint32_t way = schedule().pick(4);
  std::uint32_t index = way < 2 ? last : way == 2 ? first : first + schedule().pick(last - first + 1);
  while (ordered && index != last && !fits(history, index)) ++index;
  return index;
}

void seeStore(History& history, std::uint32_t index, bool ordered) {
  schedule().view().raise(history.id, index);
  if (!ordered) return;
  schedule().acquired().raise(history.id, index);
  if (history.stores[index].released != nullptr) schedule().acquire(*history.stores[index].released);
}

// `behind`: what the store before had released, where a read-modify-write goes on with it.
void append(const Location& location, History& history, std::uint64_t value, bool release,
            std::shared_ptr<const View> behind) {
  View& view = schedule().view();
  const auto index = static_cast<std::uint32_t>(history.stores.size());
  view.raise(history.id, index);
  if (release) {
    auto released = std::make_shared<View>(view);
    if (behind != nullptr) released->join(*behind);
    behind = std::move(released);
    view.tick(schedule().self());
  }
  if (behind == nullptr && multi_copy_atomic) behind = std::make_shared<View>(schedule().acquired());
  history.stores.push_back({value, std::move(behind)});
  std::memcpy(location.address, &value, location.bytes);
}

std::uint64_t change(const Location& location, History& history, std::uint64_t value, Operation operation,
                     const Site& site) {
  const bool ordered = isOrdered(site, operation);
  const auto last = static_cast<std::uint32_t>(history.stores.size() - 1);
  const std::uint64_t before = history.stores[last].value;
  seeStore(history, last, ordered);
  if (ordered) single_order.add(schedule().self(), schedule().view(), history.id, last + 1);
  append(location, history, value, ordered, history.stores[last].released);
  trace(location, history, last + 1, operation, site);
  return before;
}

std::string at(const void* address) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%p", address);
  return text.data();
}

template <class Visit>
void eachByte(const void* address, std::size_t bytes, Visit visit) {
  const auto first = reinterpret_cast<std::uintptr_t>(address);
  Granule* granule = nullptr;
  for (std::uintptr_t byte = first; byte != first + bytes; ++byte) {
    if (granule == nullptr || byte % 8 == 0) granule = &granules[byte / 8];
    visit((*granule)[byte % 8]);
  }
}

}  // namespace

void startRun() {
  histories.clear();
  single_order.clear();
  granules.clear();
  words_made = 0;
  multi_copy_atomic = false;
}

void assumeMultiCopyAtomic() { multi_copy_atomic = true; }

void construct(Location location, std::uint64_t value) {
  if (!schedule().running()) return;
  History& history = histories[location.address];
  history = {
      words_made++, {{value, nullptr}}, schedule().self(), schedule().view().clockOf(schedule().self())};
}

std::uint64_t load(Location location, Operation operation, const Site& site) {
  if (!schedule().running()) return valueIn(location);
  schedule().step();
  History& history = historyOf(location);
  const bool ordered = isOrdered(site, operation);
  const std::uint32_t index = choose(history, ordered);
  seeStore(history, index, ordered);
  if (ordered) single_order.add(schedule().self(), schedule().view(), history.id, index);
  trace(location, history, index, operation, site);
  return history.stores[index].value;
}

void store(Location location, std::uint64_t value, Operation operation, const Site& site) {
  if (!schedule().running()) {
    std::memcpy(location.address, &value, location.bytes);
    return;
  }
  schedule().step();
  History& history = historyOf(location);
  append(location, history, value, isOrdered(site, operation), nullptr);
  trace(location, history, history.stores.size() - 1, operation, site);
}

bool exchange(Location location, std::uint64_t& expected, std::uint64_t desired, Operation operation,
              const Site& site) {
  if (!schedule().running()) {
    const bool same = valueIn(location) == expected;
    if (same) std::memcpy(location.address, &desired, location.bytes);
    expected = same ? expected : valueIn(location);
    return same;
  }
  schedule().step();
  History& history = historyOf(location);
  if (history.stores.back().value == expected && schedule().pick(16) != 0) {
    change(location, history, desired, operation, site);
    return true;
  }
  isOrdered(site, operation);  // it is seen
  const std::uint32_t index = choose(history, false);
  seeStore(history, index, false);
  expected = history.stores[index].value;
  return false;
}

std::uint64_t modify(Location location, std::uint64_t set, std::uint64_t clear, Operation operation,
                     const Site& site) {
  if (!schedule().running()) {
    const std::uint64_t before = valueIn(location);
    const std::uint64_t after = (before | set) & ~clear;
    std::memcpy(location.address, &after, location.bytes);
    return before;
  }
  schedule().step();
  History& history = historyOf(location);
  return change(location, history, (history.stores.back().value | set) & ~clear, operation, site);
}

void read(const void* address, std::size_t bytes) {
  Schedule& now = schedule();
  const View& view = now.view();
  eachByte(address, bytes, [&](Byte& byte) {
    if (view.clockOf(byte.writer) < byte.written)
      now.fail("a race: reads " + at(address) + ", which thread " + std::to_string(byte.writer) + " wrote");
    byte.readers[now.self()] = view.clockOf(now.self());
  });
}

void write(const void* address, std::size_t bytes) {
  Schedule& now = schedule();
  const View& view = now.view();
  eachByte(address, bytes, [&](Byte& byte) {
    if (view.clockOf(byte.writer) < byte.written)
      now.fail("a race: writes " + at(address) + ", which thread " + std::to_string(byte.writer) + " wrote");
    for (std::size_t thread = 0; thread < max_threads; ++thread) {
      if (view.clockOf(thread) < byte.readers[thread])
        now.fail("a race: writes " + at(address) + ", which thread " + std::to_string(thread) + " read");
    }
    byte = {now.self(), view.clockOf(now.self()), {}};
  });
}

void weaken(const std::string& place) {
  weakened = place;
  sites.clear();
}

std::string sitesSeen() {
  std::string all;
  for (const std::string& site : seen) all += site + "\n";
  seen.clear();
  sites.clear();
  return all;
}

}  // namespace millpond::order
