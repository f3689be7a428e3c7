// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "tests/cli/support/Process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

extern "C" char** environ;  // NOLINT(readability-redundant-declaration): not every libc declares it

namespace millpond::test {

namespace {

std::string contentOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments, bool fed, int output) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const int flags = O_WRONLY | O_CREAT | O_TRUNC;
  int ends[2] = {-1, -1};
  if (fed) {
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
    input_ = ends[1];
    std::signal(SIGPIPE, SIG_IGN);  // where it no longer reads, `feed` says so
  } else {
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  }
  if (output >= 0) {
    posix_spawn_file_actions_adddup2(&actions, output, 1);
  } else {
    posix_spawn_file_actions_addopen(&actions, 1, (folder_ / "out").c_str(), flags, 0600);
  }
  posix_spawn_file_actions_addopen(&actions, 2, (folder_ / "err").c_str(), flags, 0600);
  const int error = posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (fed) close(ends[0]);
  if (error != 0) throw std::runtime_error("cannot start " + arguments.at(0));
}

Process::~Process() {
  endInput();
  if (!running()) return;
  signal(SIGKILL);
  reap(0);
}

bool Process::feed(std::span<const std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::write(input_, bytes.data(), bytes.size());
    if (count <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

void Process::endInput() {
  if (input_ >= 0) close(std::exchange(input_, -1));
}

std::string Process::out() const { return contentOf(folder_ / "out"); }

std::string Process::err() const { return contentOf(folder_ / "err"); }

bool Process::running() {
  reap(WNOHANG);
  return !ended_;
}

void Process::signal(int number) const { ::kill(pid_, number); }

Finished Process::wait() {
  reap(0);
  return {status_, out(), err()};
}

void Process::reap(int options) {
  if (ended_) return;
  int status = 0;
  if (waitpid(pid_, &status, options) != pid_) return;
  ended_ = true;
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace millpond::test
