// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// How many streams in real time does a receiver take? Starts `millpond receive` on a folder, sends to it from
// so many devices for so long, and prints how late the acknowledgements came and what the receiver took. What
// follows "--" goes to `millpond receive`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <asio/io_context.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "bench/receiver/ReceiverProcess.h"
#include "bench/receiver/Stream.h"
#include "cli/audio/Descriptor.h"
#include "cli/audio/WavFile.h"
#include "cli/receiver/RecordingFile.h"

namespace millpond::bench {
namespace {

struct Options {
  std::filesystem::path millpond;
  std::filesystem::path out;
  std::size_t streams = 3000;
  unsigned seconds = 60;
  std::size_t files = 0;
};

constexpr std::size_t samples_a_file = 100;

double seconds(Clock::duration time) { return std::chrono::duration<double>(time).count(); }

/// Effect: gives each stream its share of recordings from earlier.
void makeFiles(const Options& options) {
  std::filesystem::create_directories(options.out);
  const std::vector<std::int16_t> samples(samples_a_file);
  for (std::size_t i = 0; i < options.files; ++i) {
    const cli::RecordingName name{i % options.streams, i / options.streams * samples_a_file};
    auto file = cli::WavFile::create(options.out / name.text(".wav"), streamer::sample_rate, cli::utcNow());
    file.append(samples);
    file.close();
  }
}

std::vector<std::int16_t> someSound() {
  std::mt19937 random(1);
  std::vector<std::int16_t> samples(streamer::chunk_samples);
  for (auto& sample : samples) sample = static_cast<std::int16_t>(random());
  return samples;
}

void print(const LoadAccount& account, double time) {
  auto delays = account.delays;
  std::ranges::sort(delays);
  const auto at = [&](double share) {
    const auto index = static_cast<std::size_t>(share * static_cast<double>(delays.size() - 1));
    return static_cast<double>(delays[index].count()) / 1000;
  };
  const auto late = std::ranges::count_if(delays, [](auto delay) { return delay > chunk_time; });
  fmt::print("chunks acknowledged    {} in {:.1f} s, {:.1f} MB/s\n", delays.size(), time,
             static_cast<double>(delays.size() * streamer::chunk_payload_bytes) / 1e6 / time);
  fmt::print("after they were due    median {:.1f} ms, 99 % {:.1f} ms, 99.9 % {:.1f} ms, most {:.1f} ms\n",
             at(0.5), at(0.99), at(0.999), at(1));
  fmt::print("later than the next    {}\n", late);
}

int run(const Options& options, const std::vector<std::string>& more) {
  cli::raiseDescriptorLimit(options.streams + 64);
  makeFiles(options);
  const auto started = Clock::now();
  ReceiverProcess receiver(options.millpond, options.out, options.out.string() + ".log", more);
  fmt::print("files in the folder    {}\nlistening after        {:.2f} s\n", options.files,
             seconds(Clock::now() - started));

  const auto sound = someSound();
  asio::io_context context(1);
  LoadAccount account;
  account.delays.reserve(options.streams * (options.seconds * 1000 / 600 + 1));
  const asio::ip::tcp::endpoint endpoint(asio::ip::make_address(receiver.address().host),
                                         receiver.address().port);
  const auto begin = Clock::now() + std::chrono::milliseconds(100);
  std::vector<std::unique_ptr<Stream>> streams;
  for (std::size_t i = 0; i < options.streams; ++i) {
    const std::size_t earlier =
        options.files / options.streams + (i < options.files % options.streams ? 1 : 0);
    const Stream::Plan plan{.receiver = endpoint,
                            .stream_id = i,
                            .first_sample = earlier * samples_a_file,
                            .begin = begin + chunk_time * i / options.streams,
                            .end = begin + std::chrono::seconds(options.seconds)};
    streams.push_back(std::make_unique<Stream>(context, plan, std::as_bytes(std::span(sound)), account));
  }
  const auto before = receiver.cpu();
  context.run();
  const double time = seconds(Clock::now() - begin);
  const double cpu = (receiver.cpu() - before).count();
  fmt::print("streams                {}, {} joined, the last after {:.2f} s, {} failed {}\n", options.streams,
             account.joined, seconds(account.last_joined - begin), account.failed, account.first_failure);
  if (!account.delays.empty()) print(account, time);
  fmt::print("receiver               {:.2f} cores", cpu / time);
  fmt::print(", {:.1f} MB of memory\n", static_cast<double>(receiver.stop()) / 1e6);
  return account.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace millpond::bench

int main(int argc, char** argv) {
  millpond::bench::Options options;
  CLI::App app("How many streams in real time a receiver takes");
  app.add_option("--millpond", options.millpond, "The millpond command")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--out", options.out, "A new folder for the recordings; the receiver's log is beside it")
      ->required()
      ->check(CLI::NonexistentPath);
  app.add_option("--streams", options.streams, "Devices")->check(CLI::Range(1, 4096))->capture_default_str();
  app.add_option("--seconds", options.seconds, "How long they send")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
  app.add_option("--files", options.files, "Recordings that are in the folder before")->capture_default_str();
  app.prefix_command();
  CLI11_PARSE(app, argc, argv);
  auto more = app.remaining();
  if (!more.empty() && more.front() == "--") more.erase(more.begin());
  try {
    return millpond::bench::run(options, more);
  } catch (const std::exception& error) {
    fmt::print(stderr, "millpond_receiver_load: {}\n", error.what());
    return 1;
  }
}
