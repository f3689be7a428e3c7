// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "tests/cli/support/FileFaults.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdarg>
#include <limits>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace millpond::test {

namespace {

constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

struct State {
  std::string folder;
  std::atomic<bool> watching{false};
  std::array<std::atomic<bool>, 4096> files{};
  std::atomic<std::size_t> bytes{0};
  std::atomic<std::size_t> folder_entries{0};
  std::mutex mutex;           // for what follows
  std::size_t first = never;  // of the calls that fail
  std::size_t last = never;
  int error = 0;
  FileFaults::Way way = FileFaults::Way::refused;
  std::vector<std::string> names;  // of the calls
  std::size_t failed = 0;
};

State& state() {
  static State state;
  return state;
}

bool below(const char* path) {
  return state().watching && std::string_view(path).starts_with(state().folder);
}

bool watched(int file) {
  return state().watching && file >= 0 && static_cast<std::size_t>(file) < state().files.size() &&
         state().files[static_cast<std::size_t>(file)];
}

void watch(int file, bool on) {
  if (file >= 0 && static_cast<std::size_t>(file) < state().files.size()) {
    state().files[static_cast<std::size_t>(file)] = on;
  }
}

enum class Verdict : std::uint8_t { pass, shorten, fail };

// Counts a call. Returns: what becomes of it.
Verdict judge(const char* name) {
  const std::lock_guard lock(state().mutex);
  state().names.emplace_back(name);
  const std::size_t number = state().names.size();
  if (number < state().first || number > state().last) return Verdict::pass;
  if (state().way == FileFaults::Way::half && number == state().first) return Verdict::shorten;
  ++state().failed;
  return Verdict::fail;
}

template <class Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

// Does a call, or makes it fail.
template <class Call>
auto attempt(const char* name, Call call) {
  using Result = decltype(call());
  if (judge(name) != Verdict::fail) return call();
  if (state().way == FileFaults::Way::after_all) call();
  errno = state().error;
  return static_cast<Result>(-1);
}

template <class Write>
ssize_t attemptToWrite(const char* name, std::size_t bytes, Write write) {
  const Verdict verdict = judge(name);
  if (verdict == Verdict::fail && state().way == FileFaults::Way::after_all) write(bytes);
  const ssize_t written = verdict == Verdict::fail ? -1 : write(verdict == Verdict::pass ? bytes : bytes / 2);
  if (verdict == Verdict::fail) errno = state().error;
  if (written > 0) state().bytes += static_cast<std::size_t>(written);
  return written;
}

// A file that were opened after all, and of which nobody knows, would stay open.
int openFile(const char* name, const char* path, int flags, mode_t mode) {
  const auto call = [&] { return real<int (*)(const char*, int, ...)>(name)(path, flags, mode); };
  if (!below(path)) return call();
  if (judge("open") == Verdict::fail) {
    errno = state().error;
    return -1;
  }
  const int file = call();
  watch(file, true);
  return file;
}

// A file is closed whatever this returns.
int closeFile(int file) {
  const bool failing = watched(file) && judge("close") == Verdict::fail;
  watch(file, false);
  const int result = real<int (*)(int)>("close")(file);
  if (!failing) return result;
  errno = state().error;
  return -1;
}

// Nobody cuts the power here, so no time is spent on the disk.
int syncFile(const char* name, int file) {
  if (!watched(file)) return real<int (*)(int)>(name)(file);
  return attempt(name, [] { return 0; });
}

}  // namespace

FileFaults::FileFaults(const std::filesystem::path& folder) {
  state().folder = folder.string();
  failAt(0);
  state().watching = true;
}

FileFaults::~FileFaults() { state().watching = false; }

void FileFaults::failAt(std::size_t call, int error, Way way) {
  const std::lock_guard lock(state().mutex);
  state().first = call == 0 ? never : call;
  state().last = way == Way::all_from_there ? never : way == Way::half ? call + 1 : call;
  state().error = error;
  state().way = way;
  state().names.clear();
  state().failed = 0;
  state().bytes = 0;
  state().folder_entries = 0;
}

std::vector<std::string> FileFaults::calls() const {
  const std::lock_guard lock(state().mutex);
  return state().names;
}

std::size_t FileFaults::failed() const {
  const std::lock_guard lock(state().mutex);
  return state().failed;
}

std::size_t FileFaults::bytesWritten() const { return state().bytes; }

std::size_t FileFaults::folderEntriesRead() const { return state().folder_entries; }

}  // namespace millpond::test

// The names are the C library's: these come before its own, for every library of the process.
// NOLINTBEGIN(readability-*,bugprone-*,cert-*)
namespace faults = millpond::test;

#define MILLPOND_OPEN(name)                                                \
  extern "C" int name(const char* path, int flags, ...) {                  \
    va_list more;                                                          \
    va_start(more, flags);                                                 \
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0; \
    va_end(more);                                                          \
    return faults::openFile(#name, path, flags, mode);                     \
  }
MILLPOND_OPEN(open)
MILLPOND_OPEN(open64)

extern "C" int close(int file) { return faults::closeFile(file); }
extern "C" int fsync(int file) { return faults::syncFile("fsync", file); }
extern "C" int syncfs(int file) noexcept { return faults::syncFile("syncfs", file); }

#define MILLPOND_CALL(result, name, parameters, arguments)                                 \
  extern "C" result name parameters {                                                      \
    const auto call = [&] { return faults::real<result(*) parameters>(#name) arguments; }; \
    return faults::watched(file) ? faults::attempt(#name, call) : call();                  \
  }
MILLPOND_CALL(ssize_t, read, (int file, void* to, size_t bytes), (file, to, bytes))
MILLPOND_CALL(ssize_t, pread, (int file, void* to, size_t bytes, off_t at), (file, to, bytes, at))
MILLPOND_CALL(ssize_t, pread64, (int file, void* to, size_t bytes, off64_t at), (file, to, bytes, at))
MILLPOND_CALL(int, fstat, (int file, struct stat* status) noexcept, (file, status))
MILLPOND_CALL(int, fstat64, (int file, struct stat64* status) noexcept, (file, status))
MILLPOND_CALL(int, ftruncate, (int file, off_t bytes) noexcept, (file, bytes))
MILLPOND_CALL(int, ftruncate64, (int file, off64_t bytes) noexcept, (file, bytes))
MILLPOND_CALL(off_t, lseek, (int file, off_t at, int from) noexcept, (file, at, from))
MILLPOND_CALL(off64_t, lseek64, (int file, off64_t at, int from) noexcept, (file, at, from))

#define MILLPOND_WRITE(name, parameters, arguments)                                          \
  extern "C" ssize_t name parameters {                                                       \
    const auto call = [&](size_t some) {                                                     \
      bytes = some;                                                                          \
      return faults::real<ssize_t(*) parameters>(#name) arguments;                           \
    };                                                                                       \
    return faults::watched(file) ? faults::attemptToWrite(#name, bytes, call) : call(bytes); \
  }
MILLPOND_WRITE(write, (int file, const void* from, size_t bytes), (file, from, bytes))
MILLPOND_WRITE(pwrite, (int file, const void* from, size_t bytes, off_t at), (file, from, bytes, at))
MILLPOND_WRITE(pwrite64, (int file, const void* from, size_t bytes, off64_t at), (file, from, bytes, at))

#define MILLPOND_PATH(name, parameters, arguments)                                      \
  extern "C" int name parameters noexcept {                                             \
    const auto call = [&] { return faults::real<int(*) parameters>(#name) arguments; }; \
    return faults::below(path) ? faults::attempt(#name, call) : call();                 \
  }
MILLPOND_PATH(unlink, (const char* path), (path))
MILLPOND_PATH(remove, (const char* path), (path))
MILLPOND_PATH(rename, (const char* path, const char* to), (path, to))

#define MILLPOND_READDIR(result, name)                              \
  extern "C" result* name(DIR* folder) {                            \
    if (faults::state().watching) ++faults::state().folder_entries; \
    return faults::real<result* (*)(DIR*)>(#name)(folder);          \
  }
MILLPOND_READDIR(dirent, readdir)
MILLPOND_READDIR(dirent64, readdir64)
// NOLINTEND(readability-*,bugprone-*,cert-*)
