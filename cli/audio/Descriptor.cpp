// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/audio/Descriptor.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

namespace millpond::cli {

namespace {

constexpr mode_t new_file_mode = 0666;  // before the umask

std::error_code lastError() { return {errno, std::generic_category()}; }

std::error_code resultOf(int status) { return status == 0 ? std::error_code{} : lastError(); }

// The system has no error code for it.
class NoRegularFile : public std::error_category {
 public:
  const char* name() const noexcept override { return "file"; }
  std::string message(int) const override { return "it is not a regular file"; }
};

std::error_code requireRegularFile(int fd) {
  static const NoRegularFile category;
  struct stat status {};
  if (::fstat(fd, &status) != 0) return lastError();
  return S_ISREG(status.st_mode) ? std::error_code{} : std::error_code{1, category};
}

// Effect: repeats `transfer(done)`, which moves some bytes from position `done` on, until all `bytes` are
// moved.
template <class Transfer>
std::error_code moveAll(std::size_t bytes, Transfer transfer) {
  for (std::size_t done = 0; done < bytes;) {
    const ssize_t moved = transfer(done);
    if (moved < 0 && errno == EINTR) continue;
    if (moved < 0) return lastError();
    if (moved == 0) return std::make_error_code(std::errc::io_error);
    done += static_cast<std::size_t>(moved);
  }
  return {};
}

std::error_code openAndSync(const std::filesystem::path& path, int flags) {
  Descriptor file;
  std::error_code error = file.open(path, flags);
  if (!error) error = file.sync();
  if (!error) error = file.close();
  return error;
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

std::error_code Descriptor::open(const std::filesystem::path& path, int flags) {
  do {
    fd_ = ::open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK, new_file_mode);
  } while (fd_ < 0 && errno == EINTR);
  if (fd_ < 0) return lastError();
  const std::error_code error = (flags & O_DIRECTORY) != 0 ? std::error_code{} : requireRegularFile(fd_);
  if (error) ::close(std::exchange(fd_, -1));
  return error;
}

std::error_code Descriptor::lock() const { return resultOf(::flock(fd_, LOCK_EX | LOCK_NB)); }

std::error_code Descriptor::size(std::uint64_t& bytes) const {
  struct stat status {};
  if (::fstat(fd_, &status) != 0) return lastError();
  bytes = static_cast<std::uint64_t>(status.st_size);
  return {};
}

std::error_code Descriptor::readAt(std::uint64_t offset, std::span<std::byte> bytes) const {
  return moveAll(bytes.size(), [&](std::size_t done) {
    return ::pread(fd_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
  });
}

std::error_code Descriptor::writeAt(std::uint64_t offset, std::span<const std::byte> bytes) const {
  return moveAll(bytes.size(), [&](std::size_t done) {
    return ::pwrite(fd_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
  });
}

std::error_code Descriptor::resize(std::uint64_t bytes) const {
  return resultOf(::ftruncate(fd_, static_cast<off_t>(bytes)));
}

std::error_code Descriptor::sync() const { return resultOf(::fsync(fd_)); }

std::error_code Descriptor::syncFileSystem() const { return resultOf(::syncfs(fd_)); }

std::error_code Descriptor::close() { return resultOf(::close(std::exchange(fd_, -1))); }

std::size_t raiseDescriptorLimit(std::size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const rlimit raised{std::max(limit.rlim_cur, std::min<rlim_t>(wanted, limit.rlim_max)), limit.rlim_max};
  if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  return limit.rlim_cur;
}

std::error_code syncFile(const std::filesystem::path& path) { return openAndSync(path, O_RDONLY); }

std::error_code syncFolder(const std::filesystem::path& path) {
  return openAndSync(path, O_RDONLY | O_DIRECTORY);
}

}  // namespace millpond::cli
