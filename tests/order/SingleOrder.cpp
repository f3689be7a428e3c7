// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "order/SingleOrder.h"

#include <utility>

namespace millpond::order {

void SingleOrder::clear() {
  accesses_.clear();
  by_word_.clear();
  for (std::vector<Index>& of_one : by_thread_) of_one.clear();
}

std::vector<SingleOrder::Index>& SingleOrder::of(std::size_t word) {
  if (word >= by_word_.size()) by_word_.resize(word + 1);
  return by_word_[word];
}

// Those that are directly before an access: each thread's last one that happened before, and those to the
// word's history up to the store.
std::vector<SingleOrder::Index> SingleOrder::before(std::size_t thread, const View& view, std::size_t word,
                                                    std::uint32_t store) {
  std::vector<Index> direct;
  for (std::size_t other = 0; other < max_threads; ++other) {
    const std::vector<Index>& theirs = by_thread_[other];
    std::size_t count = theirs.size();
    while (count != 0 && other != thread && accesses_[theirs[count - 1]].clock > view.clockOf(other)) --count;
    if (count != 0) direct.push_back(theirs[count - 1]);
  }
  for (const Index access : of(word)) {
    if (accesses_[access].store < store) direct.push_back(access);
  }
  return direct;
}

bool SingleOrder::allows(std::size_t thread, const View& view, std::size_t word, std::uint32_t store) {
  std::vector<bool> seen(accesses_.size());
  std::vector<Index> open = before(thread, view, word, store);
  while (!open.empty()) {
    const Index access = open.back();
    open.pop_back();
    if (seen[access]) continue;
    seen[access] = true;
    open.insert(open.end(), accesses_[access].before.begin(), accesses_[access].before.end());
  }
  for (const Index access : of(word)) {
    if (seen[access] && accesses_[access].store > store) return false;
  }
  return true;
}

void SingleOrder::add(std::size_t thread, const View& view, std::size_t word, std::uint32_t store) {
  const auto added = static_cast<Index>(accesses_.size());
  accesses_.push_back({view.clockOf(thread), store, before(thread, view, word, store)});
  for (const Index access : of(word)) {
    if (accesses_[access].store > store) accesses_[access].before.push_back(added);
  }
  of(word).push_back(added);
  by_thread_[thread].push_back(added);
}

}  // namespace millpond::order
