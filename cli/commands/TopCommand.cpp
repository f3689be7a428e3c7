// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "cli/commands/Commands.h"
#include "cli/commands/ExitStatus.h"
#include "cli/commands/Interrupt.h"
#include "cli/commands/OptionValues.h"
#include "cli/http/HttpClient.h"
#include "cli/http/HttpServer.h"
#include "cli/receiver/HostPort.h"
#include "cli/show/Error.h"
#include "cli/show/InPlace.h"
#include "cli/show/Print.h"
#include "cli/show/Terminal.h"
#include "cli/show/TopText.h"

namespace millpond::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds answer_time{5};
constexpr std::chrono::milliseconds interval{500};
constexpr std::chrono::seconds longest_pause{15};
constexpr std::size_t most_bytes = std::size_t{4} * 1024 * 1024;

struct TopOptions {
  std::string where;
  std::string token_file;
  bool once = false;
};

// HOST:PORT, PORT, and as a browser shows it; behind it the path of a device of a fleet.
std::string addressIn(std::string text) {
  if (text.starts_with("http://")) text.erase(0, 7);
  while (text.ends_with('/')) text.pop_back();
  const std::size_t slash = std::min(text.find('/'), text.size());
  std::string host = text.substr(0, slash);
  if (host.find_first_not_of("0123456789") == std::string::npos && !host.empty()) host.insert(0, ":");
  if (host.starts_with(':')) host.insert(0, "127.0.0.1");
  return HostPort::parse(host).text() + text.substr(slash);
}

/// The device that is looked at.
class Watched {
 public:
  explicit Watched(const TopOptions& options)
      : where_(options.where),
        client_(answer_time, most_bytes,
                options.token_file.empty() ? "" : HttpOptions::tokenIn(options.token_file)) {}

  const std::string& where() const { return where_; }

  MemoryView read() {
    const HttpClient::Answer answer = client_.get("http://" + where_ + "/memory.json");
    if (answer.status == 401) {
      throw Error(where_ + ": wrong or no token: give the device's with --http-token FILE");
    }
    if (answer.status != 200) {
      throw Error(
          fmt::format("{} has no /memory.json: it answers with status {}. Is it a Millpond with --http?",
                      where_, answer.status));
    }
    try {
      return MemoryView::parse(answer.body);
    } catch (const Error& error) {
      throw Error(where_ + ": " + error.what());
    }
  }

 private:
  std::string where_;
  HttpClient client_;
};

void sleepUnlessInterrupted(Clock::duration time) {
  constexpr std::chrono::milliseconds turn{50};
  for (const auto end = Clock::now() + time; !interrupted() && Clock::now() < end;) {
    std::this_thread::sleep_for(std::min<Clock::duration>(turn, end - Clock::now()));
  }
}

// Shows the device until an interrupt. While it is away the last picture stays, and says so.
void watch(Watched& watched) {
  InPlace place(stdout);
  HeldHistory history;
  MemoryView view = watched.read();
  Clock::time_point seen = Clock::now();
  Clock::duration pause = interval;
  std::string note;
  while (!interrupted()) {
    if (note.empty()) history.add(view);
    const Terminal terminal = Terminal::of(stdout);
    place.draw(topText(view, history, watched.where(), note, terminal), terminal);
    flushText(stdout);
    sleepUnlessInterrupted(pause);
    try {
      view = watched.read();
      seen = Clock::now();
      pause = interval;
      note.clear();
    } catch (const Error& error) {
      pause = std::min<Clock::duration>(2 * pause, longest_pause);
      note = fmt::format("away for {} s: {}",
                         std::chrono::round<std::chrono::seconds>(Clock::now() - seen).count(), error.what());
    }
  }
}

int top(TopOptions options) {
  try {
    options.where = addressIn(options.where);
  } catch (const Error& error) {
    throw UsageError(error.what());
  }
  Watched watched(options);
  Terminal terminal = Terminal::of(stdout);
  if (options.once) {
    // All of it, where it does not end with the screen.
    if (!terminal.there) terminal.rows = 200;
    const MemoryView view = watched.read();
    writeText(stdout, topText(view, {}, watched.where(), "", terminal));
    return exit_good;
  }
  if (!terminal.moves) throw UsageError("standard output is no terminal that can be redrawn: give --once");
  catchInterrupt();
  watch(watched);
  return exit_good;
}

}  // namespace

void addTopCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<TopOptions>();
  CLI::App* command = app.add_subcommand("top", "Show the memory of a device with --http in the terminal");
  command->add_option("HOST:PORT", options->where, "Where the device listens, as its --http says")
      ->required()
      ->transform(someText());
  command
      ->add_option("--http-token", options->token_file,
                   "File whose first line is the token that the device asks for")
      ->transform(someText());
  command->add_flag("--once", options->once, "Print one picture and end");
  command->callback([options, &status] { status = top(*options); });
}

}  // namespace millpond::cli
