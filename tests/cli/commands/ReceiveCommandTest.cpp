// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "cli/receiver/HostPort.h"
#include "tests/cli/support/Audio.h"
#include "tests/cli/support/Command.h"
#include "tests/cli/support/Peer.h"
#include "tests/support/TempFolder.h"

namespace millpond::test {
namespace {

/// A pipe that is full and that nobody reads, for the output of a program.
class StuckPipe {
 public:
  StuckPipe() { EXPECT_EQ(pipe2(ends_.data(), O_CLOEXEC), 0); }
  StuckPipe(const StuckPipe&) = delete;
  StuckPipe& operator=(const StuckPipe&) = delete;
  ~StuckPipe() {
    close(ends_[0]);
    close(ends_[1]);
  }

  int input() const { return ends_[1]; }
  void fill() const {
    const std::array<char, 4096> some{};
    fcntl(ends_[1], F_SETFL, O_NONBLOCK);
    for (const std::size_t bytes : {some.size(), std::size_t{1}}) {
      while (write(ends_[1], some.data(), bytes) > 0) continue;
    }
    fcntl(ends_[1], F_SETFL, 0);  // the program's writes wait
  }
  /// Returns: what comes up to and with `end`.
  std::string readTo(char end) const {
    std::string text;
    for (char byte = 0; byte != end && read(ends_[0], &byte, 1) == 1;) text += byte;
    return text;
  }

 private:
  std::array<int, 2> ends_{};
};

/// Returns: the command line of a receiver that a shell starts with `script`, where it is "$@".
std::vector<std::string> receiveUnder(const std::string& script, const TempFolder& folder) {
  return {"/bin/sh", "-c",       script,        "sh",    MILLPOND_COMMAND,
          "receive", "--listen", "127.0.0.1:0", "--out", folder.path().string()};
}

/// Returns: the address in the line in which a receiver says where it listens.
cli::HostPort addressIn(const std::string& text) {
  const std::size_t at = text.find("listening on ") + 13;
  return cli::HostPort::parse(text.substr(at, text.find('\n', at) - at));
}

std::vector<std::string> streamTo(const std::string& address, const std::filesystem::path& input) {
  return millpond({"stream", "--to", address, "--input", input.string(), "--speed", "max", "--json"});
}

TEST(Receive, TakesAStreamAndReportsIt) {
  const TempFolder folder;
  const auto samples = noise(50000);
  writeWav(folder / "in.wav", samples);
  ReceiveProcess receiver(folder / "out", "127.0.0.1:0", {"--once"});
  const Finished device = runToEnd(streamTo(receiver.address(), folder / "in.wav"));
  EXPECT_EQ(device.status, 0) << device.err;
  EXPECT_EQ(parse(device.out)["delivered"], samples.size());
  const Finished finished = receiver.wait();
  EXPECT_EQ(finished.status, 0);
  const nlohmann::json stream = parse(finished.out)["streams"][0];
  EXPECT_EQ(stream["samples_written"], samples.size());
  EXPECT_EQ(stream["ended"], true);
  EXPECT_EQ(readOnlyWav(folder / "out"), samples);
}

TEST(Receive, MakesFlacWhereItIsToldTo) {
  const TempFolder folder;
  const auto samples = noise(50000);
  writeWav(folder / "in.wav", samples);
  ReceiveProcess receiver(folder / "out", "127.0.0.1:0", {"--once", "--format", "flac"});
  EXPECT_EQ(runToEnd(streamTo(receiver.address(), folder / "in.wav")).status, 0);
  EXPECT_EQ(receiver.wait().status, 0);
  const auto files = filesIn(folder / "out", ".flac");
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(readAudio(files[0]), samples);
  EXPECT_TRUE(filesIn(folder / "out", ".wav").empty());
}

TEST(Receive, ReportsAndEndsWell_WhenItIsInterrupted) {
  for (const int number : {SIGINT, SIGTERM}) {
    const TempFolder folder;
    ReceiveProcess receiver(folder / "out", "127.0.0.1:0");
    Peer peer(cli::HostPort::parse(receiver.address()));
    ASSERT_TRUE(peer.sendChunk({.stream_id = 0x1F}, noise(1000)));
    receiver.signal(number);
    const Finished finished = receiver.wait();
    EXPECT_EQ(finished.status, 0);
    const nlohmann::json stream = parse(finished.out)["streams"][0];
    EXPECT_EQ(stream["id"], "000000000000001f");
    EXPECT_EQ(stream["samples_written"], 1000);
    EXPECT_EQ(stream["ended"], false);
    EXPECT_EQ(readOnlyWav(folder / "out"), noise(1000));
  }
}

TEST(Receive, SurvivesGarbageWhileAnotherStreamGoesOn) {
  const TempFolder folder;
  ReceiveProcess receiver(folder / "out", "127.0.0.1:0");
  const cli::HostPort address = cli::HostPort::parse(receiver.address());
  const auto samples = noise(3000);
  Peer good(address);
  for (std::size_t first = 0; first < samples.size(); first += 100) {
    Peer bad(address);
    const auto garbage = noise(1 + first, static_cast<std::uint32_t>(first));
    bad.send(std::as_bytes(std::span(garbage)));
    ASSERT_TRUE(
        good.sendChunk({.stream_id = 1, .first_sample = first}, std::span(samples).subspan(first, 100)));
  }
  receiver.signal(SIGTERM);
  const Finished finished = receiver.wait();
  EXPECT_EQ(finished.status, 0);
  EXPECT_EQ(readOnlyWav(folder / "out"), samples);
  EXPECT_NE(finished.err.find("refused"), std::string::npos) << finished.err;
}

TEST(Receive, PrintsItsAccountAndGoesOn_WhenItIsHungUp) {
  const TempFolder folder;
  ReceiveProcess receiver(folder / "out", "127.0.0.1:0");
  Peer peer(cli::HostPort::parse(receiver.address()));
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1}, noise(1000)));
  receiver.signal(SIGHUP);
  ASSERT_TRUE(eventually([&] { return receiver.out().ends_with("}\n"); }));
  EXPECT_EQ(parse(receiver.out())["streams"][0]["samples_written"], 1000);
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1, .first_sample = 1000}, noise(1000)));
  receiver.signal(SIGTERM);
  EXPECT_EQ(receiver.wait().status, 0);
}

TEST(Receive, SaysWithTheTimeWhatBecomesOfAStream) {
  const TempFolder folder;
  ReceiveProcess receiver(folder / "out", "127.0.0.1:0", {"--once"});
  Peer peer(cli::HostPort::parse(receiver.address()));
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1, .first_sample = 5, .end_of_stream = true}, noise(10)));
  peer.close();
  const std::string said = receiver.wait().err;
  for (const char* what : {"begins", "has a gap of 5 samples at sample 0", "ended at sample 15"}) {
    const std::string line = "Z stream 0000000000000001 " + std::string(what);
    const std::size_t at = said.find(line);
    ASSERT_NE(at, std::string::npos) << said;
    constexpr std::string_view before = "millpond: 2026-01-02T03:04:05";
    ASSERT_GE(at, before.size());
    EXPECT_EQ(said.substr(at - before.size(), 10), "millpond: ") << said;
  }
}

TEST(Receive, ListensToThisMachineAloneUnlessItIsAsked) {
  const TempFolder folder;
  EXPECT_NE(runToEnd(millpond({"receive", "--help"})).out.find("127.0.0.1:9000"), std::string::npos);
  for (const bool local : {true, false}) {
    ReceiveProcess receiver(folder / "out", local ? "127.0.0.1:0" : "0.0.0.0:0");
    ASSERT_NE(receiver.address(), "");
    receiver.signal(SIGTERM);
    const Finished finished = receiver.wait();
    EXPECT_EQ(finished.err.find("nothing protects it") == std::string::npos, local) << finished.err;
  }
}

TEST(Receive, AcknowledgesAndEndsWell_WhereItIsDurable) {
  const TempFolder folder;
  ReceiveProcess receiver(folder / "new" / "out", "127.0.0.1:0", {"--once", "--durable", "--format", "flac"});
  Peer peer(cli::HostPort::parse(receiver.address()));
  ASSERT_TRUE(peer.sendChunk({.stream_id = 1, .end_of_stream = true}, noise(1000)));
  peer.close();
  EXPECT_EQ(receiver.wait().status, 0);
  const auto files = filesIn(folder / "new" / "out", ".flac");
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(readAudio(files[0]), noise(1000));
}

TEST(Receive, IsHeldUpByNobodyWhoDoesNotReadItsAccount) {
  const TempFolder folder;
  const StuckPipe pipe;
  pipe.fill();
  ReceiveProcess receiver(folder / "out", "127.0.0.1:0", {}, pipe.input());
  Peer peer(cli::HostPort::parse(receiver.address()));
  for (std::uint64_t first = 0; first < 30; first += 10) {
    receiver.signal(SIGHUP);
    ASSERT_TRUE(peer.sendChunk({.stream_id = 1, .first_sample = first}, noise(10)));
  }
  EXPECT_TRUE(eventually([&] {
    receiver.signal(SIGHUP);
    return receiver.err().find("left out the account: standard output is not read") != std::string::npos;
  }));
}

TEST(Receive, IsHeldUpByNobodyWhoDoesNotReadItsLines) {
  const TempFolder folder;
  const StuckPipe pipe;
  const Process receiver(receiveUnder(R"(exec "$@" 2>&1 >/dev/null)", folder), false, pipe.input());
  const cli::HostPort address = addressIn(pipe.readTo('\n'));
  pipe.fill();
  for (std::uint64_t id = 0; id < 3; ++id) {
    EXPECT_TRUE(Peer(address).sendChunk({.stream_id = id}, noise(10)));  // a line says that it begins
  }
}

// The rule has it that the second comes two seconds after the first.
TEST(Receive, EndsAtOnceWhereItIsInterruptedTwice) {
  std::vector<std::unique_ptr<ReceiveProcess>> receivers;
  const TempFolder folder;
  const StuckPipe pipe;  // an account that nobody reads is what they wait for
  pipe.fill();
  for (const int number : {SIGINT, SIGTERM}) {
    receivers.push_back(std::make_unique<ReceiveProcess>(folder / std::to_string(number), "127.0.0.1:0",
                                                         std::vector<std::string>{}, pipe.input()));
    ASSERT_NE(receivers.back()->address(), "");
    receivers.back()->signal(number);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(2100));
  for (std::size_t i = 0; i < receivers.size(); ++i) {
    ASSERT_TRUE(receivers[i]->running());
    const int number = i == 0 ? SIGINT : SIGTERM;
    EXPECT_TRUE(eventually([&] {
      receivers[i]->signal(number);  // again where the first arrived late
      return !receivers[i]->running();
    }));
    EXPECT_EQ(receivers[i]->wait().status, 128 + number);
  }
}

TEST(Receive, SaysOnceThatItIsOutOfDescriptors) {
  const TempFolder folder;
  const Process receiver(receiveUnder(R"(ulimit -n 24; exec "$@")", folder));
  const auto said = [&](const std::string& what) {
    return eventually([&] { return receiver.err().find(what) != std::string::npos; });
  };
  ASSERT_TRUE(said("64 connections need 256 descriptors, and the system allows 24"));
  ASSERT_TRUE(said("listening on "));
  const cli::HostPort address = addressIn(receiver.err());
  std::vector<std::unique_ptr<Peer>> peers;
  for (int i = 0; i < 24; ++i) peers.push_back(std::make_unique<Peer>(address));
  EXPECT_TRUE(said("cannot accept a connection: Too many open files"));
  std::this_thread::sleep_for(std::chrono::milliseconds(450));  // it tries again twice
  const std::string text = receiver.err();
  EXPECT_EQ(text.find("cannot accept"), text.rfind("cannot accept")) << text;
  peers.clear();
  EXPECT_TRUE(Peer(address).sendChunk({.stream_id = 1}, noise(10)));
}

/// The socket on which a service manager hears what its services say.
class ServiceManagerSocket {
 public:
  explicit ServiceManagerSocket(const std::string& name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path, sizeof address.sun_path - 1);
    if (name.front() == '@') address.sun_path[0] = '\0';
    const timeval patience{30, 0};
    EXPECT_EQ(setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    EXPECT_EQ(bind(fd_, reinterpret_cast<const sockaddr*>(&address),
                   static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size())),
              0);
  }
  ServiceManagerSocket(const ServiceManagerSocket&) = delete;
  ServiceManagerSocket& operator=(const ServiceManagerSocket&) = delete;
  ~ServiceManagerSocket() { close(fd_); }

  std::string next() const {
    std::string text(1000, '\0');
    const ssize_t got = recv(fd_, text.data(), text.size(), 0);
    text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return text;
  }

 private:
  int fd_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

TEST(Receive, TellsItsServiceManagerThatItIsReadyAndAliveAndStops) {
  const TempFolder folder;
  const std::string unique = folder.path().filename().string();
  for (const std::string& name : {(folder / "notify").string(), "@" + unique}) {
    const ServiceManagerSocket manager(name);
    Process receiver(
        receiveUnder("NOTIFY_SOCKET=" + name + R"( WATCHDOG_USEC=20000 WATCHDOG_PID=$$ exec "$@")", folder));
    const std::string ready = manager.next();
    EXPECT_TRUE(ready.starts_with("READY=1\nSTATUS=listening on 127.0.0.1:")) << ready;
    EXPECT_TRUE(Peer(addressIn(ready + "\n")).sendChunk({.stream_id = 1}, noise(10)));
    EXPECT_EQ(manager.next(), "WATCHDOG=1");
    receiver.signal(SIGTERM);
    std::string last = "WATCHDOG=1";
    while (last == "WATCHDOG=1") last = manager.next();
    EXPECT_EQ(last, "STOPPING=1");
    EXPECT_EQ(receiver.wait().status, 0);
  }
  const Finished alone =
      runToEnd(receiveUnder("NOTIFY_SOCKET=" + (folder / "nobody").string() + R"( exec "$@")", folder));
  EXPECT_EQ(alone.status, 1);
  EXPECT_NE(alone.err.find("cannot notify the service manager at NOTIFY_SOCKET, '" +
                           (folder / "nobody").string() + "': No such file or directory"),
            std::string::npos)
      << alone.err;
}

TEST(Receive, SaysInTheSystemsWordsThatItCannotBegin) {
  const TempFolder folder;
  const std::string close_all = "exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; ";
  for (const char* limit : {"5", "6", "8", "9"}) {
    const Finished finished =
        runToEnd(receiveUnder(close_all + "ulimit -n " + limit + R"(; exec "$@")", folder));
    EXPECT_EQ(finished.status, 1);
    EXPECT_TRUE(finished.err.starts_with("millpond: cannot ")) << finished.err;
    EXPECT_TRUE(finished.err.ends_with(": Too many open files\n")) << finished.err;
  }
}

TEST(Receive, RefusesAFolderThatHasAReceiver) {
  const TempFolder folder;
  const ReceiveProcess receiver(folder / "out", "127.0.0.1:0");
  ASSERT_NE(receiver.address(), "");
  const std::string out = (folder / "out").string();
  for (const auto& arguments : {std::vector<std::string>{"receive", "--listen", "127.0.0.1:0", "--out", out},
                                std::vector<std::string>{"run", "--tone", "1", "--out", out}}) {
    const Finished second = runToEnd(millpond(arguments));
    EXPECT_EQ(second.status, 1);
    EXPECT_EQ(second.err, "millpond: output folder '" + out +
                              "' has a receiver already; each needs a folder of its own\n");
  }
}

}  // namespace
}  // namespace millpond::test
