// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// Thousands of TLS handshakes on a device's memory: those that succeed, with data, and those that fail in
// every way. Prints a table, and fails if a handshake ends otherwise than it should or leaves a block behind.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "bench/tls/Handshakes.h"

namespace {

using namespace millpond::tls;

struct Options {
  std::vector<std::string> memories{"pools", "glibc", "tlsf", "heap_4"};
  unsigned handshakes = 10000;
  std::string wire = "sockets";
  bool psk = false;
};

// What a row of handshakes did to a memory.
struct Row {
  unsigned as_expected = 0;
  std::size_t early_peak = 0;
  std::uint64_t calls = 0;
  double cpu_ms = 0;
  double ns_a_call = 0;
};

bool isAsExpected(const Case& what, const Outcome& outcome) {
  if (what.ending == Ending::served) return outcome.error == 0 && outcome.exchanged;
  return outcome.error != 0 && outcome.error != MBEDTLS_ERR_SSL_ALLOC_FAILED;
}

Row run(const Options& options, bool fails, Handshakes& handshakes, Wire& wire, Meter& meter,
        const DeviceMemory& memory) {
  Row row;
  const std::uint64_t calls_before = meter.allocations + meter.frees;
  meter.timing = {};
  const std::clock_t start = std::clock();
  for (unsigned number = 0; number < options.handshakes; ++number) {
    const Case what = fails ? failingCase(number) : Case{};
    const std::size_t held = meter.heldBlocks();
    const Outcome outcome = handshakes.run(what, wire);
    if (isAsExpected(what, outcome) && meter.heldBlocks() == held) ++row.as_expected;
    if (number == options.handshakes / 10) row.early_peak = meter.peak_bytes;
    meter.least_largest_free = std::min(meter.least_largest_free, memory.largestFree());
    meter.renewOthers();
  }
  row.cpu_ms = static_cast<double>(std::clock() - start) * 1000 / CLOCKS_PER_SEC;
  row.calls = meter.allocations + meter.frees - calls_before;
  row.ns_a_call = static_cast<double>(meter.timing.sum.count()) / static_cast<double>(meter.timing.calls);
  return row;
}

bool measure(const Options& options, const std::string& name, Credentials& credentials) {
  const std::unique_ptr<DeviceMemory> memory = memoryOf(name);
  std::unique_ptr<Wire> wire;
  if (options.wire == "sockets") {
    wire = std::make_unique<SocketWire>();
  } else {
    wire = std::make_unique<MemoryWire>();
  }
  Meter meter(*memory);
  bool sound = true;
  {
    Handshakes handshakes(credentials, meter, !options.psk);
    for (const bool fails : {false, true}) {
      const Row row = run(options, fails, handshakes, *wire, meter, *memory);
      const double count = options.handshakes;
      std::printf("| `%s` | %s | %u of %u | %llu | %zu / %zu | %s | %.0f | %.0f | %.2f |\n", name.c_str(),
                  fails ? "fail" : "succeed", row.as_expected, options.handshakes,
                  static_cast<unsigned long long>(meter.refused), row.early_peak, meter.peak_bytes,
                  memory->largestFree() == 0 ? "-" : std::to_string(meter.least_largest_free).c_str(),
                  static_cast<double>(row.calls) / count, row.ns_a_call, row.cpu_ms / count);
      std::fflush(stdout);
      sound = sound && row.as_expected == options.handshakes;
    }
  }
  meter.endOthers();
  if (meter.heldBlocks() != 0) std::printf("%s: %zu blocks are left\n", name.c_str(), meter.heldBlocks());
  for (const std::string& part : memory->parts()) std::printf("|   | %s |\n", part.c_str());
  return sound && meter.heldBlocks() == 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("TLS handshakes on a device's memory");
  app.add_option("--memory", options.memories, "pools, glibc, tlsf, heap_4: one or several")
      ->check(CLI::IsMember({"pools", "glibc", "tlsf", "heap_4"}));
  app.add_option("--handshakes", options.handshakes, "as many that succeed, and as many that fail")
      ->check(CLI::Range(1, 10'000'000));
  app.add_option("--wire", options.wire, "sockets: TCP on the loopback interface; memory: no system calls")
      ->check(CLI::IsMember({"sockets", "memory"}));
  app.add_flag("--psk", options.psk, "a pre-shared key instead of certificates");
  CLI11_PARSE(app, argc, argv);

  Credentials credentials(1);
  std::printf("%zu bytes of RAM each\n\n", memoryOf("pools")->ram());
  std::printf(
      "| memory | handshakes | as expected | requests refused | peak bytes after a tenth / all | "
      "largest hole at worst | heap calls each | ns a call | CPU ms each, both ends |\n"
      "|---|---|---|---|---|---|---|---|---|\n");
  bool sound = true;
  for (const std::string& name : options.memories) sound = measure(options, name, credentials) && sound;
  return sound ? 0 : 1;
}
