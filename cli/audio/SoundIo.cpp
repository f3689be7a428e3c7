// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/audio/SoundIo.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>

namespace millpond::cli {

SoundFile SoundIo::open(int mode, SF_INFO& info) {
  if (error_) return nullptr;
  SF_VIRTUAL_IO io = callbacks();
  return SoundFile(sf_open_virtual(&io, mode, &info, this));
}

SF_VIRTUAL_IO SoundIo::callbacks() {
  return {
      .get_filelen = [](void* self) { return static_cast<sf_count_t>(static_cast<SoundIo*>(self)->size_); },
      .seek = [](sf_count_t offset, int from,
                 void* self) { return static_cast<SoundIo*>(self)->seek(offset, from); },
      .read = [](void* to, sf_count_t count,
                 void* self) { return static_cast<SoundIo*>(self)->read(to, count); },
      .write = [](const void* from, sf_count_t count,
                  void* self) { return static_cast<SoundIo*>(self)->write(from, count); },
      .tell = [](void* self) { return static_cast<sf_count_t>(static_cast<SoundIo*>(self)->position_); },
  };
}

sf_count_t SoundIo::seek(sf_count_t offset, int from) {
  const std::uint64_t base = from == SEEK_SET ? 0 : from == SEEK_CUR ? position_ : size_;
  position_ = base + static_cast<std::uint64_t>(offset);
  return static_cast<sf_count_t>(position_);
}

sf_count_t SoundIo::read(void* to, sf_count_t wanted) {
  const std::uint64_t left = size_ - std::min(position_, size_);
  const auto count = static_cast<std::size_t>(std::min(left, static_cast<std::uint64_t>(wanted)));
  if (!error_) error_ = file_.readAt(position_, {static_cast<std::byte*>(to), count});
  if (error_) return 0;
  position_ += count;
  return static_cast<sf_count_t>(count);
}

sf_count_t SoundIo::write(const void* from, sf_count_t bytes) {
  const auto count = static_cast<std::size_t>(bytes);
  if (!error_) error_ = file_.writeAt(position_, {static_cast<const std::byte*>(from), count});
  if (error_) return 0;
  position_ += count;
  size_ = std::max(size_, position_);
  return bytes;
}

}  // namespace millpond::cli
