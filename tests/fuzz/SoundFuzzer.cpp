// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// Any bytes as a recording, from a file and through a pipe: refused in one line, or sound as the device hears
// it. What has no header comes out sample for sample.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "cli/device/Input.h"
#include "cli/show/Error.h"
#include "tests/fuzz/Fuzzer.h"

namespace millpond::test {
namespace {

using Frames = std::vector<std::int32_t>;

// Longer sound is read no further: a few bytes can stand for hours.
constexpr std::size_t most_frames = 500'000;

std::string pathOf(int descriptor) { return "/proc/self/fd/" + std::to_string(descriptor); }

// What comes out, or nothing where the recording is refused.
std::optional<Frames> listen(const std::string& path, const std::optional<cli::PcmFormat>& pcm) {
  try {
    const auto source = cli::Input::sound(path, pcm, false, [] { return false; }).open();
    Frames all;
    std::array<std::int32_t, 4096> some{};
    while (all.size() < most_frames) {
      const std::size_t count = source->read(some);
      if (count == 0) break;
      all.insert(all.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(count));
    }
    source->stop();
    require(std::ranges::all_of(all, [](std::int32_t frame) { return frame % 256 == 0; }));
    return all;
  } catch (const cli::Error& refusal) {
    require(std::string(refusal.what()).find('\n') == std::string::npos);
    return std::nullopt;
  }
}

std::optional<Frames> listenToFile(std::span<const std::byte> bytes,
                                   const std::optional<cli::PcmFormat>& pcm) {
  const int file = ::memfd_create("sound", MFD_CLOEXEC);
  require(file >= 0 && ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  const auto frames = listen(pathOf(file), pcm);
  ::close(file);
  return frames;
}

// The pipe holds all of `bytes`, so that nobody has to wait for anybody.
std::optional<Frames> listenToPipe(std::span<const std::byte> bytes,
                                   const std::optional<cli::PcmFormat>& pcm) {
  std::array<int, 2> ends{};
  require(::pipe2(ends.data(), O_CLOEXEC) == 0);
  require(::write(ends[1], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  ::close(ends[1]);
  const auto frames = listen(pathOf(ends[0]), pcm);
  ::close(ends[0]);
  return frames;
}

void requireSamples(const std::optional<Frames>& frames, std::span<const std::byte> bytes) {
  if (bytes.size() < 2) return;
  require(frames.has_value() && frames->size() == bytes.size() / 2);
  for (std::size_t i = 0; i < frames->size(); ++i) {
    const auto sample = static_cast<std::int16_t>(std::to_integer<unsigned>(bytes[2 * i]) |
                                                  std::to_integer<unsigned>(bytes[2 * i + 1]) << 8U);
    require((*frames)[i] == std::int32_t{sample} * 65536);
  }
}

}  // namespace

void fuzz(std::span<const std::byte> input) {
  if (input.empty() || input.size() > 60'000) return;
  listenToFile(input, {});
  listenToPipe(input, {});
  requireSamples(listenToFile(input, cli::PcmFormat{}), input);
  requireSamples(listenToPipe(input, cli::PcmFormat{}), input);
}

}  // namespace millpond::test
