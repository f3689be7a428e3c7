// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "bench/receiver/ReceiverProcess.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace millpond::bench {

namespace {

pid_t spawn(std::vector<std::string> words, const std::filesystem::path& log) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  pid_t pid = -1;
  const int error = posix_spawn(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category(), "cannot start " + words[0]);
  return pid;
}

}  // namespace

ReceiverProcess::ReceiverProcess(const std::filesystem::path& millpond, const std::filesystem::path& folder,
                                 const std::filesystem::path& log, const std::vector<std::string>& more) {
  std::vector<std::string> words{millpond.string(), "receive",       "--listen",          "127.0.0.1:0",
                                 "--out",           folder.string(), "--max-connections", "4096"};
  words.insert(words.end(), more.begin(), more.end());
  pid_ = spawn(std::move(words), log);
  address_ = cli::HostPort::parse(waitForAddress(log));
}

std::string ReceiverProcess::waitForAddress(const std::filesystem::path& log) const {
  const std::string mark = "listening on ";
  while (true) {
    std::ifstream in(log);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const std::size_t at = text.find(mark);
    const std::size_t end = text.find('\n', at);
    if (at != std::string::npos && end != std::string::npos)
      return text.substr(at + mark.size(), end - at - mark.size());
    siginfo_t ended{};
    if (::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        ended.si_pid != 0)
      throw std::runtime_error("the receiver ended: " + text);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

ReceiverProcess::~ReceiverProcess() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

std::chrono::duration<double> ReceiverProcess::cpu() const {
  std::ifstream in(fmt::format("/proc/{}/stat", pid_));
  std::string line;
  std::getline(in, line);
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;  // from the state to the page faults
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return std::chrono::duration<double>((user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK)));
}

std::size_t ReceiverProcess::stop() {
  ::kill(pid_, SIGTERM);
  int status = 0;
  rusage usage{};
  ::wait4(pid_, &status, 0, &usage);
  pid_ = -1;
  if (status != 0) throw std::runtime_error(fmt::format("the receiver ended with status {:#x}", status));
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

}  // namespace millpond::bench
