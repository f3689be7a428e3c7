// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/commands/RecordingComparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>

#include "cli/audio/SoundFile.h"
#include "cli/receiver/RecordingFolder.h"
#include "cli/show/Error.h"
#include "streamer/capture/Pcm.h"

namespace millpond::cli {

namespace {

constexpr std::size_t samples_a_step = 4096;

/// The samples that a device captured, in order.
class Expected {
 public:
  virtual ~Expected() = default;

  std::uint64_t next() const { return next_; }
  /// Returns: the index of the first of `samples` that is known to differ.
  virtual std::optional<std::uint64_t> differs(std::span<const short> samples) = 0;
  /// Returns: the first difference, once all samples of the files were passed.
  virtual std::optional<std::uint64_t> differsAtTheEnd() const = 0;

 protected:
  std::uint64_t next_ = 0;
};

/// For an input that can be read again.
class ExpectedAgain : public Expected {
 public:
  ExpectedAgain(Input& input, std::uint64_t captured) : source_(input.open()), captured_(captured) {}

  std::optional<std::uint64_t> differs(std::span<const short> samples) override {
    for (const short sample : samples) {
      if (next_ == captured_ || streamer::toPcm16(frame()) != sample) return next_;
      ++next_;
    }
    return std::nullopt;
  }
  std::optional<std::uint64_t> differsAtTheEnd() const override {
    return next_ == captured_ ? std::nullopt : std::optional(next_);
  }

 private:
  std::int32_t frame() {
    if (position_ == filled_) {
      filled_ = source_->read(frames_);
      position_ = 0;
    }
    return position_ < filled_ ? frames_[position_++] : 0;
  }

  std::unique_ptr<InputSource> source_;
  std::uint64_t captured_;
  std::array<std::int32_t, samples_a_step> frames_{};
  std::size_t filled_ = 0;
  std::size_t position_ = 0;
};

/// For an input of which only the digest is left.
class ExpectedDigest : public Expected {
 public:
  explicit ExpectedDigest(const SampleDigest& captured) : captured_(captured) {}

  std::optional<std::uint64_t> differs(std::span<const short> samples) override {
    for (const short sample : samples) on_file_.add(sample);
    next_ += samples.size();
    return std::nullopt;
  }
  std::optional<std::uint64_t> differsAtTheEnd() const override {
    return captured_.firstDifference(on_file_);
  }

 private:
  const SampleDigest& captured_;
  SampleDigest on_file_;
};

std::unique_ptr<Expected> expected(Input& input, const SampleDigest& captured) {
  if (input.kind() != Input::Kind::repeatable) return std::make_unique<ExpectedDigest>(captured);
  return std::make_unique<ExpectedAgain>(input, captured.count());
}

std::optional<std::uint64_t> compareFile(const RecordingFile& recording, Expected& expected) {
  if (recording.name.first != expected.next()) return std::min(recording.name.first, expected.next());
  SF_INFO info{};
  const SoundFile file(sf_open(recording.path.c_str(), SFM_READ, &info));
  if (file == nullptr) throw Error(fmt::format("cannot read '{}'", recording.path.string()));
  std::array<short, samples_a_step> samples{};
  while (true) {
    const sf_count_t read = sf_readf_short(file.get(), samples.data(), samples_a_step);
    if (read <= 0) return std::nullopt;
    const auto difference = expected.differs(std::span(samples).first(static_cast<std::size_t>(read)));
    if (difference) return difference;
  }
}

}  // namespace

RecordingComparison RecordingComparison::make(Input& input, const SampleDigest& captured,
                                              const std::filesystem::path& folder, std::uint64_t stream_id) {
  RecordingComparison comparison;
  const std::unique_ptr<Expected> samples = expected(input, captured);
  for (const RecordingFile& recording : RecordingFolder(folder).files(stream_id)) {
    comparison.samples_out += recording.frames;
    if (!comparison.first_difference) comparison.first_difference = compareFile(recording, *samples);
  }
  if (!comparison.first_difference) comparison.first_difference = samples->differsAtTheEnd();
  return comparison;
}

}  // namespace millpond::cli
