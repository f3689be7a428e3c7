// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/receiver/Recording.h"

#include <algorithm>
#include <utility>

namespace millpond::cli {

Recording::Recording(RecordingFolder& folder, std::uint32_t rate, const Limits& limits,
                     StreamAccount& account)
    : folder_(folder),
      rate_(rate),
      max_fill_(limits.max_fill_seconds * rate),
      max_file_(limits.max_file_seconds * rate),
      account_(account) {
  const std::optional<RecordingFile> last = folder.latest(account.stream_id);
  account.findOnFile(last ? last->end() : 0);
  if (!last || last->end() != account.next || last->frames >= max_file_) return;
  file_ = folder.resume(*last, rate);
  if (file_) account.addFile(last->path);
}

void Recording::append(std::uint64_t first, std::span<const std::int16_t> samples) {
  if (first > account_.next) skipTo(first);
  const auto known = static_cast<std::size_t>(std::min<std::uint64_t>(account_.next - first, samples.size()));
  write(samples.subspan(known));
  account_.duplicates += known;
}

void Recording::close() {
  if (file_) std::exchange(file_, std::nullopt)->close();
}

void Recording::skipTo(std::uint64_t first) {
  const std::uint64_t gap = first - account_.next;
  if (gap <= max_fill_) {
    writeSilence(gap);
  } else {
    close();
    account_.addSilence(gap);
  }
}

void Recording::writeSilence(std::uint64_t samples) {
  while (samples > 0) {
    WavFile& file = openFile();
    const std::uint64_t room = std::min(samples, max_file_ - file.frames());
    file.appendSilence(room);
    account_.addSilence(room);
    samples -= room;
  }
}

void Recording::write(std::span<const std::int16_t> samples) {
  while (!samples.empty()) {
    WavFile& file = openFile();
    const auto room =
        static_cast<std::size_t>(std::min<std::uint64_t>(samples.size(), max_file_ - file.frames()));
    file.append(samples.first(room));
    account_.addWritten(room);
    samples = samples.subspan(room);
  }
}

WavFile& Recording::openFile() {
  if (file_ && file_->frames() >= max_file_) close();
  if (!file_) {
    file_ = folder_.create(account_.stream_id, account_.next, rate_);
    account_.addFile(file_->path());
  }
  return *file_;
}

}  // namespace millpond::cli
