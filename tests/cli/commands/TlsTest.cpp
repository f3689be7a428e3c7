// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <memory>

#include "tests/cli/support/Audio.h"
#include "tests/cli/support/Certificates.h"
#include "tests/cli/support/Command.h"
#include "tests/support/TempFolder.h"

namespace millpond::test {
namespace {

class TlsTest : public ::testing::Test {
 protected:
  std::filesystem::path out() const { return folder_ / "out"; }
  std::vector<std::string> receiverOf(const cli::OwnCertificate& own) const {
    return {"--tls", "--tls-cert", own.certificates.string(), "--tls-key", own.key.string()};
  }
  std::vector<std::string> deviceThatTrusts(const std::filesystem::path& authority) const {
    return {"--tls", "--tls-ca", authority.string(), "--tls-name", Certificates::receiver_name};
  }
  std::filesystem::path writeKey(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }
  std::unique_ptr<Process> startDevice(const std::string& address, std::vector<std::string> more) const {
    std::vector<std::string> arguments{"stream",           "--to", address, "--json", "--backoff-ms", "10",
                                       "--backoff-max-ms", "50"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return std::make_unique<Process>(millpond(arguments));
  }
  void expectRefused(const std::vector<std::string>& arguments, int status, const std::string& reason) const {
    const Finished finished = runToEnd(millpond(arguments));
    EXPECT_EQ(finished.status, status) << finished.err;
    EXPECT_NE(finished.err.find(reason), std::string::npos) << finished.err;
    EXPECT_EQ(std::count(finished.err.begin(), finished.err.end(), '\n'), 1) << finished.err;
  }

  TempFolder folder_;
  Certificates certificates_{folder_.path()};
};

void expectPoolsAlone(const nlohmann::json& device) {
  EXPECT_EQ(device["platform_heap_calls"], 0);
  EXPECT_EQ(device["fallback_bytes_peak"], 0);
  EXPECT_TRUE(device["leaks"].empty()) << device["leaks"];
  std::size_t of_tls = 0;
  for (const nlohmann::json& pool : device["pools"]) {
    EXPECT_EQ(pool["exhausted"].get<int>() + pool["oversize"].get<int>() + pool["rejected"].get<int>(), 0)
        << pool;
    EXPECT_EQ(pool["in_use"], 0) << pool;
    if (pool["name"].get<std::string>().starts_with("tls ") && pool["peak"] > 0) ++of_tls;
  }
  EXPECT_EQ(of_tls, 3U);
}

TEST_F(TlsTest, RunKeepsEverySampleAndAsksNoHeap) {
  const Finished finished = runToEnd(
      millpond({"run", "--tls", "--tone", "5", "--speed", "max", "--json", "--out", out().string()}));
  EXPECT_EQ(finished.status, 0) << finished.err;
  const nlohmann::json json = parse(finished.out);
  EXPECT_EQ(json["identical"], true);
  expectPoolsAlone(json);
}

TEST_F(TlsTest, EverySampleArrivesAlthoughTheReceiverIsKilledTwice) {
  constexpr std::size_t total = 160000;
  const auto samples = noise(total);
  writeWav(folder_ / "in.wav", samples);
  const auto options = receiverOf(certificates_.make(Kind::good));
  auto receiver = std::make_unique<ReceiveProcess>(out(), "127.0.0.1:0", options);
  const std::string address = receiver->address();
  auto more = deviceThatTrusts(certificates_.authority());
  more.insert(more.end(), {"--input", (folder_ / "in.wav").string(), "--speed", "20", "--wait"});
  const auto device = startDevice(address, more);
  for (const std::size_t mark : {total / 5, total / 2}) {
    ASSERT_TRUE(eventually([&] { return readOnlyWav(out()).size() > mark; })) << device->err();
    receiver->signal(SIGKILL);
    receiver->wait();
    receiver = std::make_unique<ReceiveProcess>(out(), address, options);
  }
  const Finished finished = device->wait();
  EXPECT_EQ(finished.status, 0) << finished.err;
  const nlohmann::json json = parse(finished.out);
  EXPECT_EQ(json["connections"], 3);
  EXPECT_EQ(json["delivered"], total);
  expectPoolsAlone(json);
  EXPECT_EQ(readOnlyWav(out()), samples);
}

TEST_F(TlsTest, ARawStreamArrivesWholeWithAPreSharedKey) {
  const auto key = writeKey("key", std::string(64, 'a') + "\n").string();
  const auto samples = noise(40000);
  writeWav(folder_ / "in.wav", samples);
  ReceiveProcess receiver(out(), "127.0.0.1:0", {"--tls", "--tls-psk", key, "--wire", "raw", "--once"});
  const auto device = startDevice(receiver.address(), {"--tls", "--tls-psk", key, "--wire", "raw", "--speed",
                                                       "max", "--input", (folder_ / "in.wav").string()});
  const Finished finished = device->wait();
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_EQ(receiver.wait().status, 0);
  expectPoolsAlone(parse(finished.out));
  EXPECT_EQ(readOnlyWav(out()), samples);
}

TEST_F(TlsTest, ThePoolsHaveRoomForAReceiverWithAnRsaCertificate) {
  ReceiveProcess receiver(out(), "127.0.0.1:0", receiverOf(certificates_.make(Kind::rsa)));
  auto more = deviceThatTrusts(certificates_.authority());
  more.insert(more.end(), {"--tone", "1", "--speed", "max", "--linger", "0"});
  const Finished finished = startDevice(receiver.address(), more)->wait();
  EXPECT_EQ(finished.status, 0) << finished.err;
  expectPoolsAlone(parse(finished.out));
}

TEST_F(TlsTest, ADeviceSaysOnceWhyItDoesNotTrustAReceiver_AndAsksNoHeapHoweverOftenItTries) {
  ReceiveProcess receiver(out(), "127.0.0.1:0", receiverOf(certificates_.make(Kind::other_name)));
  auto more = deviceThatTrusts(certificates_.authority());
  more.insert(more.end(), {"--tone", "1", "--speed", "max", "--linger", "0.3"});
  const Finished finished = startDevice(receiver.address(), more)->wait();
  EXPECT_EQ(finished.status, 1);
  const std::string reason =
      "its certificate is for another name: --tls-name says which one to expect; still trying";
  const std::size_t at = finished.err.find(reason);
  ASSERT_NE(at, std::string::npos) << finished.err;
  EXPECT_EQ(finished.err.find(reason, at + 1), std::string::npos) << finished.err;
  const nlohmann::json json = parse(finished.out);
  EXPECT_GT(json["failed_connects"], 2);
  EXPECT_EQ(json["delivered"], 0);
  expectPoolsAlone(json);
}

TEST_F(TlsTest, TheNameToExpectIsTheHostUnlessItIsGiven) {
  ReceiveProcess receiver(out(), "127.0.0.1:0", receiverOf(certificates_.make(Kind::good)));
  const Finished finished =
      startDevice(receiver.address(), {"--tls", "--tls-ca", certificates_.authority().string(), "--tone", "1",
                                       "--speed", "max", "--linger", "0"})
          ->wait();
  EXPECT_NE(finished.err.find("--tls-name says which one to expect"), std::string::npos) << finished.err;
}

TEST_F(TlsTest, AnExpiredCertificateOfTheReceiversOwnIsAWarning) {
  const ReceiveProcess receiver(out(), "127.0.0.1:0", receiverOf(certificates_.make(Kind::expired)));
  EXPECT_NE(receiver.address(), "");
  EXPECT_TRUE(eventually([&] {
    return receiver.err().find("has expired: devices refuse it") != std::string::npos;
  })) << receiver.err();
}

TEST_F(TlsTest, OptionsThatDoNotGoTogetherAreWrongUsage) {
  const std::string file = writeKey("key", std::string(64, 'a')).string();
  const std::vector<std::string> device{"stream", "--to", "127.0.0.1:1"};
  const std::vector<std::string> receiver{"receive", "--listen", "127.0.0.1:0", "--out", out().string()};
  const auto refused = [&](std::vector<std::string> arguments, std::vector<std::string> more,
                           const std::string& reason) {
    arguments.insert(arguments.end(), more.begin(), more.end());
    expectRefused(arguments, 2, reason);
  };
  refused(device, {"--tls"}, "--tls needs --tls-ca FILE or --tls-psk FILE");
  refused(device, {"--tls-psk", file}, "--tls-psk requires --tls");
  refused(device, {"--tls", "--tls-psk", file, "--tls-ca", file}, "excludes");
  refused(device, {"--tls", "--tls-psk", file, "--tls-name", "x"}, "--tls-name requires --tls-ca");
  refused(receiver, {"--tls"}, "--tls needs --tls-cert FILE with --tls-key FILE, or --tls-psk FILE");
  refused(receiver, {"--tls", "--tls-cert", file}, "--tls-cert requires --tls-key");
  refused(receiver, {"--tls", "--tls-identity", "x"}, "--tls-identity requires --tls-psk");
  const std::string long_name(257, 'x');
  refused(device, {"--tls", "--tls-psk", file, "--tls-identity", long_name}, "257 bytes, 256 at most");
  refused(receiver, {"--tls", "--tls-psk", file, "--tls-identity", long_name}, "257 bytes, 256 at most");
  refused({"run"}, {"--tls", "--squeeze"}, "excludes");
}

TEST_F(TlsTest, CredentialsThatCannotBeUsedAreFailures) {
  const cli::OwnCertificate own = certificates_.make(Kind::good);
  const cli::OwnCertificate other = certificates_.make(Kind::self_signed);
  const std::string none = (folder_ / "none").string();
  const std::string text = writeKey("text", "the quick brown fox").string();
  const auto device = [&](const char* option, const std::string& file, const std::string& reason) {
    expectRefused({"stream", "--to", "127.0.0.1:1", "--tone", "1", "--tls", option, file}, 1, reason);
  };
  const auto receiver = [&](const std::string& certificate, const std::string& key,
                            const std::string& reason) {
    expectRefused({"receive", "--listen", "127.0.0.1:0", "--out", out().string(), "--tls", "--tls-cert",
                   certificate, "--tls-key", key},
                  1, reason);
  };
  device("--tls-ca", none, "No such file");
  device("--tls-ca", folder_.path().string(), "Is a directory");
  device("--tls-ca", text, "has no certificate in PEM");
  std::string many;
  for (int i = 0; i < 100; ++i) many += cli::readCredential(certificates_.authority());
  device("--tls-ca", writeKey("many", many).string(),
         "has more certificates than a device's memory for TLS can hold");
  device("--tls-psk", none, "No such file");
  device("--tls-psk", text, "has no pre-shared key: 32 to 64 hexadecimal digits, two a byte");
  device("--tls-psk", writeKey("short", std::string(30, 'a')).string(), "has no pre-shared key");
  device("--tls-psk", writeKey("odd", std::string(33, 'a')).string(), "has no pre-shared key");
  device("--tls-psk", "/dev/zero", "more than 1 MiB");
  receiver(none, own.key, "No such file");
  receiver(text, own.key, "has no certificate in PEM");
  receiver(own.certificates, none, "No such file");
  receiver(own.certificates, own.certificates, "has no unencrypted private key in PEM");
  receiver(own.certificates, other.key, "is not the key of the certificate");
}

}  // namespace
}  // namespace millpond::test
