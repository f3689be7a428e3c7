// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "cli/commands/Commands.h"
#include "cli/commands/DeviceOptions.h"
#include "cli/commands/ExitStatus.h"
#include "cli/commands/HttpOption.h"
#include "cli/commands/Interrupt.h"
#include "cli/commands/OptionValues.h"
#include "cli/commands/RecordingComparison.h"
#include "cli/commands/Verdict.h"
#include "cli/device/DeviceMemory.h"
#include "cli/device/DeviceRun.h"
#include "cli/device/PressureLog.h"
#include "cli/device/Stressor.h"
#include "cli/http/DeviceView.h"
#include "cli/receiver/ReceiverThread.h"
#include "cli/show/Error.h"
#include "cli/show/LiveTable.h"
#include "cli/show/MemoryReport.h"
#include "cli/show/Notes.h"
#include "cli/show/Print.h"
#include "sizing/Counters.h"

namespace millpond::cli {

namespace {

constexpr std::chrono::milliseconds refresh{100};

struct RunOptions {
  DeviceOptions device;
  HttpOption http;
  std::string out = "recordings";
  bool json = false;
  bool squeeze = false;
  bool tls = false;
};

/// The results of a run.
struct Outcome {
  DeviceResult device;
  ReceiverReport receiver;
  RecordingComparison comparison;
  /// Everything that is wrong, a phrase each.
  std::vector<std::string> troubles;

  /// Samples that are not in the recording, although the device does not count them as dropped.
  std::uint64_t unexplainedLoss() const {
    std::uint64_t written = device.account.dropped + device.account.unconfirmed;
    for (const StreamAccount& stream : receiver.streams) written += stream.written;
    return device.account.captured > written ? device.account.captured - written : 0;
  }
  bool identical() const { return device.delivered && !comparison.first_difference; }
  bool good() const { return troubles.empty(); }
};

/// The heap that the stressor takes from, and its progress.
struct Squeezing {
  lab::LockedHeap* heap = nullptr;  // nullptr without --squeeze
  std::optional<Stressor> stressor;
};

Progress look(const DeviceRun& device, const Squeezing& squeezing) {
  Progress progress = device.progress();
  if (squeezing.stressor) {
    progress.squeeze = {.all = squeezed_heap,
                        .free = squeezing.heap->freeBytes(),
                        .largest_free = squeezing.heap->largestFreeBlock(),
                        .stressor = squeezing.stressor->held()};
  }
  return progress;
}

void watch(DeviceRun& device, const ReceiverThread& receiver, const Squeezing& squeezing, Notes& notes,
           bool show) {
  LiveTable table(stdout);
  while (!device.done()) {
    if (interrupted()) device.end();
    if (receiver.failed()) device.stop();
    device.drainTrace();
    for (const std::string& note : notes.take()) table.say("millpond: " + note);
    if (show) table.show(look(device, squeezing));
    std::this_thread::sleep_for(refresh);
  }
  if (show) table.show(look(device, squeezing), true);
}

nlohmann::json outcomeJson(const Outcome& outcome) {
  nlohmann::json json = deviceJson(outcome.device);
  json["samples_out"] = outcome.comparison.samples_out;
  json["identical"] = outcome.identical();
  json["first_difference"] = nullptr;
  if (outcome.comparison.first_difference) json["first_difference"] = *outcome.comparison.first_difference;
  json["receiver"] = outcome.receiver.json();
  return json;
}

nlohmann::json squeezeJson(const Outcome& outcome) {
  nlohmann::json json = pressureJson(outcome.device.pressure);
  json["unexplained_loss"] = outcome.unexplainedLoss();
  return json;
}

std::string squeezeText(const Outcome& outcome) {
  return fmt::format(
      "\n  memory over time\n{}  failed audio requests {}, samples lost {}, of them unexplained {}\n",
      pressureText(outcome.device.pressure), deviceMemory().stats().audio.exhausted,
      outcome.device.account.dropped + outcome.unexplainedLoss(), outcome.unexplainedLoss());
}

std::string sameness(const Outcome& outcome) {
  if (outcome.identical()) return "identical";
  if (outcome.comparison.first_difference) {
    return fmt::format("NOT identical: first difference at sample {}", *outcome.comparison.first_difference);
  }
  return "NOT complete";
}

std::vector<std::string> troublesOf(const Outcome& outcome) {
  std::vector<std::string> troubles = troublesOf(outcome.device);
  if (outcome.comparison.first_difference) {
    troubles.push_back(
        fmt::format("the recording differs from sample {} on", *outcome.comparison.first_difference));
  }
  if (outcome.device.account.dropped > 0) {
    troubles.push_back(fmt::format("{} samples were dropped", outcome.device.account.dropped));
  }
  if (outcome.receiver.write_errors > 0) troubles.emplace_back("the receiver could not write");
  return troubles;
}

std::string verdictText(const Outcome& outcome) {
  const MemoryStats stats = deviceMemory().stats();
  std::vector<std::string> peaks;
  for (const PoolStats& pool : poolsOf(stats)) {
    peaks.push_back(fmt::format("{} {} of {}", pool.name, pool.peak, pool.capacity));
  }
  std::string text =
      fmt::format("\n  samples in       {}\n  samples out      {}  {}\n", outcome.device.account.captured,
                  outcome.comparison.samples_out, sameness(outcome));
  text += fmt::format("  dropped          {}\n", outcome.device.account.dropped);
  text += fmt::format("  peaks            {}\n", fmt::join(peaks, ", "));
  for (const std::string& line :
       sizing::whatIfLines(sizing::countersOf(deviceMemory(), outcome.device.soundSeconds()))) {
    text += fmt::format("  pool sizes       {}\n", line);
  }
  text += fmt::format("  heap fallback    {} bytes at most\n", stats.heap.peak);
  text +=
      fmt::format("  platform heap    called {} times by the device's threads while streaming (measured)\n",
                  outcome.device.platform_heap_calls);
  const nlohmann::json leaks = leaksJson(deviceMemory());
  text += fmt::format("  leaks            {}\n", leaks.empty() ? "none" : leaks.dump());
  for (const StreamAccount& stream : outcome.receiver.streams) {
    for (const auto& file : stream.files) text += fmt::format("  recording        {}\n", file.string());
  }
  return text + fmt::format("  verdict          {} in {:.1f} s{}{}{}\n", outcome.good() ? "good" : "BAD",
                            outcome.device.seconds, interrupted() && outcome.good() ? ", interrupted" : "",
                            outcome.good() ? "" : ": ", fmt::join(outcome.troubles, "; "));
}

// A pipe sets its own pace; anything else plays as a demonstration.
Pace usualPace(const Input& input) {
  if (input.kind() == Input::Kind::pipe) return {0, streamer::Backlog::WhenFull::wait};
  return Pace::forDemonstration(input.seconds());
}

/// Returns: the heap of the squeezed device. Throws `Error` if the stream would be too short.
lab::LockedHeap& squeezedHeap(const Input& input, const Pace& pace) {
  constexpr double least = 6;
  if (!input.seconds()) throw UsageError("--squeeze needs an input whose length is known");
  if (pace.speed <= 0 || *input.seconds() / pace.speed < least) {
    throw UsageError(
        fmt::format("--squeeze takes {} s of streaming: give a longer --input or a lower --speed", least));
  }
  return squeezeDeviceMemory();
}

Outcome stream(const RunOptions& options) {
  Input input = options.device.openInput();
  const Pace pace = options.device.pace(input, usualPace(input));
  Squeezing squeezing;
  if (options.squeeze) squeezing.heap = &squeezedHeap(input, pace);
  const streamer::Uplink::Config uplink = options.device.uplink();
  ReceiverOptions receiving;
  receiving.folder = options.out;
  receiving.wire = uplink.wire;
  const auto key = options.tls ? std::optional(PreSharedKey::fresh()) : std::nullopt;
  receiving.tls = key;
  Notes notes;
  ReceiverThread receiver(receiving, [&notes](const std::string& line) { notes.add(line); });
  if (!options.json) {
    const std::string length = input.seconds() ? fmt::format("{:.1f} s", *input.seconds()) : "until it ends,";
    print("millpond: {}, {} at {}, over {} to {}\n\n", input.name(), length, pace.text(),
          options.tls ? "TLS" : "TCP", receiver.address().text());
  }
  DeviceRun device(
      input, pace, uplink, [address = receiver.address()] { return address.resolve(); }, key,
      options.device.trace);
  auto server = options.http.serve(viewOf(device));
  device.start();
  if (squeezing.heap != nullptr) {
    squeezing.stressor.emplace(*squeezing.heap, std::chrono::duration<double>(*input.seconds() / pace.speed));
  }
  watch(device, receiver, squeezing, notes, !options.json);
  server.reset();
  Outcome outcome{.device = device.finish(), .receiver = receiver.stop(), .comparison = {}, .troubles = {}};
  for (const std::string& note : notes.take()) print(stderr, "millpond: {}\n", note);
  const std::uint64_t id =
      outcome.receiver.streams.empty() ? uplink.stream_id : outcome.receiver.streams[0].stream_id;
  outcome.comparison = RecordingComparison::make(input, outcome.device.captured, options.out, id);
  outcome.troubles = troublesOf(outcome);
  return outcome;
}

int run(const RunOptions& options) {
  catchInterrupt();
  catchHangup();
  const Outcome outcome = stream(options);
  tellWarnings(outcome.device.sound);
  if (options.json) {
    nlohmann::json json = outcomeJson(outcome);
    if (options.squeeze) json.update(squeezeJson(outcome));
    writeText(stdout, jsonText(json));
  } else {
    if (options.squeeze) print("{}", squeezeText(outcome));
    print("{}", verdictText(outcome));
  }
  return outcome.good() ? exit_good : exit_failure;
}

}  // namespace

void addRunCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand(
      "run",
      "Play the device and the receiver over loopback, show memory as it goes, and compare what came out");
  options->device.addTo(*command);
  options->http.addTo(*command);
  command->add_flag("--tls", options->tls, "Stream over TLS, with a pre-shared key made for this run");
  command->add_option("--out", options->out, "Folder for the recording")
      ->transform(someText())
      ->capture_default_str();
  command
      ->add_flag("--squeeze", options->squeeze,
                 "Give the device a heap of 200 KiB and let a stressor eat it while it streams")
      ->excludes("--tls");
  command->add_flag("--json", options->json, "Print one JSON object and nothing else");
  command->callback([options, &status] { status = run(*options); });
}

}  // namespace millpond::cli
