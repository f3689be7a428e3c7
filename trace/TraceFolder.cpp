// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "trace/TraceFolder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "trace/TraceReader.h"

namespace millpond::trace {

namespace fs = std::filesystem;

namespace {

// By part.
constexpr const char* names[] = {TraceReader::metadata_file, TraceReader::stream_file};

}  // namespace

TraceFolder::TraceFolder(const fs::path& folder) : folder_(folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw TraceError("cannot make the folder " + folder.string() + ": " + error.message());
  if (!fs::is_empty(folder, error) || error)
    throw TraceError(folder.string() + ": has files already; a trace needs a new or empty folder");
  for (int part = 0; part < 2; ++part) {
    descriptors_[part] =
        ::open((folder / names[part]).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (descriptors_[part] < 0) error_ = errno;
  }
  if (error_ == 0) return;
  for (const int descriptor : descriptors_)
    if (descriptor >= 0) ::close(descriptor);
  throw TraceError("cannot write to " + folder.string() + ": " + std::generic_category().message(error_));
}

TraceFolder::~TraceFolder() {
  for (const int descriptor : descriptors_) ::close(descriptor);
  if (has_packets_) return;
  std::error_code ignored;
  for (const char* name : names) fs::remove(folder_ / name, ignored);
  fs::remove(folder_, ignored);
}

bool TraceFolder::write(void* self, TraceSink::Part part, std::span<const std::byte> packet) {
  return static_cast<TraceFolder*>(self)->write(part, packet);
}

bool TraceFolder::write(TraceSink::Part part, std::span<const std::byte> packet) {
  if (part == TraceSink::Part::events) has_packets_ = true;
  while (error_ == 0 && !packet.empty()) {
    const ssize_t written = ::write(descriptors_[static_cast<int>(part)], packet.data(), packet.size());
    if (written >= 0) {
      packet = packet.subspan(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
  return error_ == 0;
}

void TraceFolder::close() {
  if (error_ != 0) {
    throw TraceError("cannot write the trace to " + folder_.string() + ": " +
                     std::generic_category().message(error_));
  }
}

}  // namespace millpond::trace
