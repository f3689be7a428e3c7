// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/report/Worker.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace millpond::lab {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds report_interval{100};
constexpr std::chrono::seconds attention_span{1};

// Each message is a line: a number is the finished share, an object is the final result.
void send(int pipe, std::string line) {
  line += '\n';
  std::size_t sent = 0;
  while (sent < line.size()) {
    const ssize_t count = ::write(pipe, line.data() + sent, line.size() - sent);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) ::_exit(EXIT_FAILURE);  // nobody waits for the result any more
    sent += static_cast<std::size_t>(count);
  }
}

/// Passes on reports, but not more often than a pipe can bear.
class Reporter {
 public:
  explicit Reporter(int pipe) : pipe_(pipe) {}

  void operator()(double share) {
    const Clock::time_point now = Clock::now();
    if (now < next_) return;
    next_ = now + report_interval;
    send(pipe_, std::to_string(share));
  }

 private:
  int pipe_;
  Clock::time_point next_{};
};

[[noreturn]] void beChild(int pipe, const Worker::Work& work) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::signal(SIGPIPE, SIG_IGN);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);  // what `work` prints is not part of the result
  constexpr auto dumped = [](const nlohmann::json& message) {
    return message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  };
  try {
    send(pipe, dumped({{"result", work(Reporter(pipe))}}));
  } catch (const std::exception& error) {
    send(pipe, dumped({{"error", error.what()}}));
  }
  std::fflush(stdout);
  ::_exit(EXIT_SUCCESS);  // the buffers and locks belong to the parent
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

Worker::Worker(const Work& work, std::chrono::milliseconds patience) : patience_(patience) {
  std::array<int, 2> ends{};
  std::fflush(nullptr);  // else a child that calls exit writes it again
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
      patience_(other.patience_),
      silence_(other.silence_),
      unread_(std::move(other.unread_)),
      result_(std::move(other.result_)) {}

Worker& Worker::operator=(Worker&& other) noexcept {
  std::swap(process_, other.process_);
  std::swap(pipe_, other.pipe_);
  std::swap(done_, other.done_);
  std::swap(patience_, other.patience_);
  std::swap(silence_, other.silence_);
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
  silence_ = {};
  unread_.append(bytes.data(), static_cast<std::size_t>(count));
  std::size_t start = 0;
  for (std::size_t stop = 0; (stop = unread_.find('\n', start)) != std::string::npos; start = stop + 1) {
    understand(unread_.substr(start, stop - start));
  }
  unread_.erase(0, start);
  return std::nullopt;
}

void Worker::wait(std::chrono::nanoseconds time) {
  silence_ += time;
  if (silence_ < patience_) return;
  throw std::runtime_error("hangs: it was ended after " + std::to_string(patience_.count()) +
                           " ms without a sign of life");
}

void Worker::understand(const std::string& line) {
  nlohmann::json message = nlohmann::json::parse(line, nullptr, false);
  if (message.is_number()) {
    done_ = message;
  } else if (message.is_object()) {
    result_ = std::move(message);
  } else {
    throw std::runtime_error("sent an invalid message");
  }
}

std::optional<nlohmann::json> Worker::end() {
  ::close(std::exchange(pipe_, -1));
  ::kill(process_, SIGKILL);  // it has finished, or it closed the pipe and continues
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  if (!result_) throw std::runtime_error(howItEnded(status));
  if (result_->contains("error")) throw std::runtime_error((*result_)["error"].get<std::string>());
  done_ = 1;
  return std::move((*result_)["result"]);
}

Attention attend(const std::vector<const Worker*>& workers) {
  std::vector<pollfd> waits;
  waits.reserve(workers.size());
  for (const Worker* worker : workers) waits.push_back({worker->descriptor(), POLLIN, 0});
  const Clock::time_point start = Clock::now();
  ::poll(waits.data(), waits.size(), std::chrono::milliseconds(attention_span).count());
  Attention attention;
  attention.waited = std::min<Clock::duration>(Clock::now() - start, attention_span);
  attention.heard.reserve(waits.size());
  for (const pollfd& wait : waits) attention.heard.push_back(wait.revents != 0);
  return attention;
}

nlohmann::json doApart(const Worker::Work& work, const Worker::Report& report,
                       std::chrono::milliseconds patience) {
  Worker worker(work, patience);
  while (true) {
    const Attention attention = attend({&worker});
    if (!attention.heard[0]) {
      worker.wait(attention.waited);
    } else if (std::optional<nlohmann::json> result = worker.listen()) {
      return std::move(*result);
    }
    report(worker.done());
  }
}

}  // namespace millpond::lab
