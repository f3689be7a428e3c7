// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/receiver/Retention.h"

#include <fmt/format.h>
#include <sys/statvfs.h>

namespace millpond::cli {

void Retention::run() {
  removals_left_ = removals_a_call;
  looks_left_ = looks_a_call;
  if (limits_.age) {
    while (removeWritten(world_.now() - *limits_.age, "older than --keep")) continue;
  }
  if (limits_.free_bytes) makeRoom();
}

// Counts the room of what it removed as free at once: some file systems take a while.
void Retention::makeRoom() {
  std::optional<std::uint64_t> free = world_.freeBytes();
  if (!free) return;
  while (*free < *limits_.free_bytes) {
    // Also what a clock that was ahead has dated.
    const auto bytes = removeWritten(UtcTime::max(), "to have --keep-free");
    if (!bytes) break;
    *free += *bytes;
  }
  const bool tried_all = removals_left_ > 0 && looks_left_ > 0;
  const bool out_of_room = *free < *limits_.free_bytes && tried_all;
  if (out_of_room && !out_of_room_) {
    world_.complain(
        fmt::format("{} bytes are free, not the {} of --keep-free, and no recording is left to remove", *free,
                    *limits_.free_bytes),
        false);
  }
  out_of_room_ = out_of_room;
}

std::optional<std::uint64_t> Retention::removeWritten(UtcTime before, const char* why) {
  if (removals_left_ == 0) return std::nullopt;
  const auto old = folder_.oldest(before, world_.receiving, looks_left_);
  if (!old) return std::nullopt;
  --removals_left_;
  const std::string name = old->name.text("");
  if (const std::error_code error = folder_.remove(old->name)) {
    world_.complain(
        fmt::format("cannot remove '{}': {}; trying again at the next start", name, error.message()), true);
    return 0;
  }
  ++removed_;
  removed_bytes_ += old->bytes;
  world_.removed(old->name, fmt::format("removed '{}', {} bytes, last written {}: {}", name, old->bytes,
                                        utcText(old->written), why));
  return old->bytes;
}

std::optional<std::uint64_t> freeBytesOf(const std::filesystem::path& folder) {
  struct statvfs status {};
  if (::statvfs(folder.c_str(), &status) != 0) return std::nullopt;
  return std::uint64_t{status.f_bavail} * status.f_frsize;
}

}  // namespace millpond::cli
