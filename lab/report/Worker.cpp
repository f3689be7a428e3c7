// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/report/Worker.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace millpond::lab {

namespace {

// Each message is a line: a number is the share done, an object the end of the work.
void send(int pipe, std::string line) {
  line += '\n';
  std::size_t sent = 0;
  while (sent < line.size()) {
    const ssize_t count = ::write(pipe, line.data() + sent, line.size() - sent);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) ::_exit(EXIT_FAILURE);  // nobody waits for it any more
    sent += static_cast<std::size_t>(count);
  }
}

[[noreturn]] void beChild(int pipe, const std::function<nlohmann::json(const Worker::Report&)>& work) {
  std::signal(SIGPIPE, SIG_IGN);
  constexpr auto dumped = [](const nlohmann::json& message) {
    return message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  };
  try {
    send(pipe, dumped({{"result", work([pipe](double share) { send(pipe, std::to_string(share)); })}}));
  } catch (const std::exception& error) {
    send(pipe, dumped({{"error", error.what()}}));
  }
  ::_exit(EXIT_SUCCESS);  // the parent's buffers and locks are the parent's
}

std::string howItEnded(int status) {
  if (WIFSIGNALED(status)) {
    const char* what = ::sigdescr_np(WTERMSIG(status));
    return "was ended by signal " + std::to_string(WTERMSIG(status)) +
           (what == nullptr ? "" : " (" + std::string(what) + ")");
  }
  return "ended with status " + std::to_string(WEXITSTATUS(status)) + " before it was done";
}

}  // namespace

Worker::Worker(const std::function<nlohmann::json(const Report&)>& work) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::system_error(errno, std::generic_category(), "no pipe");
  process_ = ::fork();
  if (process_ == 0) {
    ::close(ends[0]);
    beChild(ends[1], work);
  }
  const int error = errno;
  ::close(ends[1]);
  pipe_ = ends[0];
  if (process_ >= 0) return;
  ::close(pipe_);
  throw std::system_error(error, std::generic_category(), "no process");
}

Worker::Worker(Worker&& other) noexcept
    : process_(std::exchange(other.process_, -1)),
      pipe_(std::exchange(other.pipe_, -1)),
      done_(other.done_),
      unread_(std::move(other.unread_)),
      result_(std::move(other.result_)) {}

Worker& Worker::operator=(Worker&& other) noexcept {
  std::swap(process_, other.process_);
  std::swap(pipe_, other.pipe_);
  std::swap(done_, other.done_);
  std::swap(unread_, other.unread_);
  std::swap(result_, other.result_);
  return *this;
}

Worker::~Worker() {
  if (pipe_ >= 0) ::close(pipe_);
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

std::optional<nlohmann::json> Worker::listen() {
  std::array<char, 65536> bytes;
  const ssize_t count = ::read(pipe_, bytes.data(), bytes.size());
  if (count < 0 && errno == EINTR) return std::nullopt;
  if (count <= 0) return end();
  unread_.append(bytes.data(), static_cast<std::size_t>(count));
  std::size_t start = 0;
  for (std::size_t stop = 0; (stop = unread_.find('\n', start)) != std::string::npos; start = stop + 1) {
    understand(unread_.substr(start, stop - start));
  }
  unread_.erase(0, start);
  return std::nullopt;
}

void Worker::understand(const std::string& line) {
  nlohmann::json message = nlohmann::json::parse(line);
  if (message.is_number()) {
    done_ = message;
  } else {
    result_ = std::move(message);
  }
}

std::optional<nlohmann::json> Worker::end() {
  ::close(std::exchange(pipe_, -1));
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  if (!result_) throw std::runtime_error(howItEnded(status));
  if (result_->contains("error")) throw std::runtime_error((*result_)["error"].get<std::string>());
  done_ = 1;
  return std::move((*result_)["result"]);
}

}  // namespace millpond::lab
