// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/Recording.h"

#include <algorithm>
#include <array>

#include "cli/RecordingFile.h"

namespace millpond::cli {

Recording::Recording(const std::filesystem::path& folder, std::uint32_t rate, const Limits& limits,
                     StreamAccount& account)
    : folder_(folder),
      rate_(rate),
      max_fill_(limits.max_fill_seconds * rate),
      max_file_(limits.max_file_seconds * rate),
      account_(account) {
  const std::vector<RecordingFile> files = RecordingFile::find(folder, account.stream_id);
  if (files.empty()) return;
  const RecordingFile& last = files.back();
  if (account_.next == 0) account_.resumed_at = last.end();
  account_.next = std::max(account_.next, last.end());
  const bool goes_on = last.end() == account_.next && last.frames < max_file_;
  if (!goes_on || last.flac || last.rate != rate) return;
  file_ = WavFile::resume(last.path);
  account_.addFile(last.path);
}

void Recording::append(std::uint64_t first, std::span<const std::int16_t> samples) {
  if (first > account_.next) skipTo(first);
  const auto known = static_cast<std::size_t>(std::min<std::uint64_t>(account_.next - first, samples.size()));
  account_.duplicates += known;
  write(samples.subspan(known), account_.written);
}

void Recording::skipTo(std::uint64_t first) {
  const streamer::SampleRange gap{account_.next, first - account_.next};
  if (gap.samples <= max_fill_) {
    fillSilence(gap.samples);
  } else {
    file_.reset();
    account_.next = first;
  }
  account_.addGap(gap);
}

void Recording::fillSilence(std::uint64_t samples) {
  static constexpr std::array<std::int16_t, 8192> silence{};
  while (samples > 0) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(samples, silence.size()));
    write(std::span(silence).first(count), account_.silence);
    samples -= count;
  }
}

// Counts in `counter` what is on file.
void Recording::write(std::span<const std::int16_t> samples, std::uint64_t& counter) {
  while (!samples.empty()) {
    if (file_ && file_->frames() >= max_file_) file_.reset();
    if (!file_) {
      const auto path = folder_ / RecordingFile::name(account_.stream_id, account_.next);
      file_ = WavFile::create(path, rate_);
      account_.addFile(path);
    }
    const auto room =
        static_cast<std::size_t>(std::min<std::uint64_t>(samples.size(), max_file_ - file_->frames()));
    file_->append(samples.first(room));
    account_.next += room;
    counter += room;
    samples = samples.subspan(room);
  }
}

}  // namespace millpond::cli
