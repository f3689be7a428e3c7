// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/receiver/RecordingFolder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <limits>

#include "cli/audio/Descriptor.h"
#include "cli/show/Error.h"

namespace millpond::cli {

RecordingFolder::RecordingFolder(std::filesystem::path folder, WavFile::Durable durable,
                                 std::function<UtcTime()> now)
    : folder_(std::move(folder)), durable_(durable), now_(std::move(now)) {
  std::error_code error;
  std::filesystem::directory_iterator entry(folder_, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    add(entry->path().filename().string());
  }
  if (error) throw Error(fmt::format("cannot read folder '{}': {}", folder_.string(), error.message()));
}

void RecordingFolder::add(std::string_view file_name) {
  std::string_view extension;
  const auto name = RecordingName::parse(file_name, extension);
  if (!name) return;
  // A name from a clock that was ahead says nothing about when its last sample was written.
  const UtcTime known = name->begun <= now_() ? name->begun : UtcTime{};
  if (!entries_.contains(*name)) ages_.emplace(known, *name);
  if (extension == ".wav") entries_[*name].wav = true;
  if (extension == ".flac") entries_[*name].flac = true;
  if (extension == ".flac.part") entries_[*name].part = true;
  if (extension == ".ended") entries_[*name].ended = true;
}

std::filesystem::path RecordingFolder::path(const RecordingName& name, std::string_view extension) const {
  return folder_ / name.text(extension);
}

std::optional<RecordingFile> RecordingFolder::latest(std::uint64_t stream_id) {
  auto entry = entries_.upper_bound({stream_id, std::numeric_limits<std::uint64_t>::max(), UtcTime::max()});
  while (entry != entries_.begin() && std::prev(entry)->first.stream_id == stream_id) {
    --entry;
    if (auto file = read(entry->first, entry->second)) return file;
    // Somebody else moved it away.
    entry->second.wav = false;
    entry->second.flac = false;
  }
  return std::nullopt;
}

std::vector<RecordingFile> RecordingFolder::files(std::uint64_t stream_id) const {
  std::vector<RecordingFile> files;
  for (auto entry = entries_.lower_bound({stream_id, 0});
       entry != entries_.end() && entry->first.stream_id == stream_id; ++entry) {
    if (auto file = read(entry->first, entry->second)) files.push_back(std::move(*file));
  }
  return files;
}

// Meanwhile the encoder may turn an ended WAV file into FLAC. In this order one of the two is always found.
std::optional<RecordingFile> RecordingFolder::read(const RecordingName& name, const Kinds& kinds) const {
  std::optional<RecordingFile> wav;
  std::optional<RecordingFile> flac;
  if (kinds.wav) wav = RecordingFile::read(path(name, ".wav"), name);
  if (kinds.flac || kinds.ended) flac = RecordingFile::read(path(name, ".flac"), name);
  return flac && (!wav || flac->end() > wav->end()) ? flac : wav;
}

// Adds the name first: it may exist from now on, whether or not the creation succeeds.
WavFile RecordingFolder::create(std::uint64_t stream_id, std::uint64_t first, std::uint32_t rate) {
  const RecordingName name{stream_id, first, now_()};
  entries_[name].wav = true;
  ages_.emplace(name.begun, name);
  return WavFile::create(path(name, ".wav"), rate, name.begun, durable_);
}

std::optional<WavFile> RecordingFolder::resume(const RecordingFile& file, std::uint32_t rate) const {
  const auto entry = entries_.find(file.name);
  if (entry == entries_.end() || !file.ours) return std::nullopt;
  const auto& [wav, flac, part, ended, encoding] = entry->second;
  const bool same_rate = file.rate == rate || file.frames == 0;
  if (!same_rate || flac || part || ended || encoding) return std::nullopt;
  return WavFile::resume(file.path, rate, durable_);
}

std::vector<RecordingName> RecordingFolder::end(std::uint64_t stream_id) {
  std::vector<RecordingName> ended;
  for (auto entry = entries_.lower_bound({stream_id, 0});
       entry != entries_.end() && entry->first.stream_id == stream_id; ++entry) {
    if (startEncoding(entry->second)) ended.push_back(entry->first);
  }
  return ended;
}

std::error_code RecordingFolder::mark(const RecordingName& name) const {
  Descriptor mark;
  const std::error_code error = mark.open(path(name, ".ended"), O_RDWR | O_CREAT);
  return error ? error : mark.close();
}

bool RecordingFolder::startEncoding(Kinds& kinds) {
  if (!kinds.wav || kinds.encoding) return false;
  kinds.ended = true;
  kinds.encoding = true;
  return true;
}

std::vector<RecordingName> RecordingFolder::unfinished() {
  std::vector<RecordingName> unfinished;
  for (auto& [name, kinds] : entries_) {
    if (!kinds.ended && !kinds.part) continue;
    if (startEncoding(kinds)) {
      unfinished.push_back(name);
    } else if (!kinds.wav) {
      ::unlink(path(name, ".flac.part").c_str());
      ::unlink(path(name, ".ended").c_str());
    }
  }
  return unfinished;
}

void RecordingFolder::encoded(const RecordingName& name) { entries_[name] = {.flac = true}; }

void RecordingFolder::stillWav(const RecordingName& name) { entries_[name].encoding = false; }

// The times of the queue are too early at first. What comes to its top is put back with the right one, until
// one is on top that stays there.
std::optional<RecordingFolder::Old> RecordingFolder::oldest(
    UtcTime before, const std::function<bool(std::uint64_t stream_id)>& receiving, std::size_t& looks) {
  std::vector<Age> busy;
  const std::optional<Old> found = oldestIdle(before, receiving, looks, busy);
  for (const Age& age : busy) ages_.push(age);
  return found;
}

std::optional<RecordingFolder::Old> RecordingFolder::oldestIdle(
    UtcTime before, const std::function<bool(std::uint64_t stream_id)>& receiving, std::size_t& looks,
    std::vector<Age>& busy) {
  while (looks > 0 && !ages_.empty() && ages_.top().first < before) {
    const auto [known, name] = ages_.top();
    ages_.pop();
    const auto entry = entries_.find(name);
    if (entry == entries_.end()) continue;
    if (entry->second.encoding || (isLast(entry) && receiving(name.stream_id))) {
      busy.emplace_back(std::max(known, std::min(before, now_())), name);
      continue;
    }
    --looks;
    const auto old = lookAt(name);
    if (!old) continue;
    if (old->written != known) {
      ages_.emplace(old->written, name);
    } else if (mayRemove(name)) {
      return old;
    }
  }
  return std::nullopt;
}

bool RecordingFolder::isLast(Entries::const_iterator entry) const {
  const auto next = std::next(entry);
  return next == entries_.end() || next->first.stream_id != entry->first.stream_id;
}

std::optional<RecordingFolder::Old> RecordingFolder::lookAt(const RecordingName& name) const {
  Old old{.name = name};
  bool found = false;
  for (const char* extension : {".wav", ".flac"}) {
    const std::filesystem::path file = path(name, extension);
    struct stat status {};
    if (::lstat(file.c_str(), &status) != 0) continue;
    if (!S_ISREG(status.st_mode)) return std::nullopt;
    const UtcTime written{std::chrono::seconds(status.st_mtim.tv_sec)};
    old.written = found ? std::max(old.written, written) : written;
    old.bytes += static_cast<std::uint64_t>(status.st_blocks) * S_BLKSIZE;
    found = true;
  }
  return found ? std::optional(old) : std::nullopt;
}

// A FLAC file has nothing but its name to tell whose it is.
bool RecordingFolder::mayRemove(const RecordingName& name) const {
  const std::filesystem::path wav = path(name, ".wav");
  Descriptor file;
  const std::error_code error = file.open(wav, O_RDONLY | O_NOFOLLOW);
  if (error) return error == std::errc::no_such_file_or_directory;
  try {
    return WavFile::contentOf(file, wav).has_value();
  } catch (const Error&) {
    return false;
  }
}

std::error_code RecordingFolder::remove(const RecordingName& name) {
  std::error_code first;
  for (const char* extension : {".flac.part", ".flac", ".wav", ".ended"}) {
    const bool gone = ::unlink(path(name, extension).c_str()) == 0 || errno == ENOENT;
    if (!gone && !first) first = {errno, std::generic_category()};
  }
  if (!first) entries_.erase(name);
  return first;
}

}  // namespace millpond::cli
