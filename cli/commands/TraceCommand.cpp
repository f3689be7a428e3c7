// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/commands/Commands.h"
#include "cli/commands/ExitStatus.h"
#include "cli/commands/OptionValues.h"
#include "cli/show/Print.h"
#include "trace/Export.h"
#include "trace/Repair.h"
#include "trace/TraceReader.h"

namespace millpond::cli {

namespace {

struct TraceOptions {
  std::string folder;
  std::string format = "perfetto";
  std::string out;
  bool json = false;
};

// The sources by name: what is at index 0 has none.
std::vector<std::string> namedSources(const trace::TraceReader& reader) {
  std::vector<std::string> named = reader.sources();
  std::erase(named, "?");
  return named;
}

int info(const TraceOptions& options) {
  trace::TraceReader reader(options.folder);
  reader.forEach([](const trace::TraceEvent&) {});
  const trace::TraceReader::Totals& totals = reader.totals();
  if (options.json) {
    nlohmann::json pools = nlohmann::json::array();
    for (const trace::TracePool& pool : reader.pools()) {
      pools.push_back({{"name", pool.name},
                       {"kind", pool.runs ? "runs" : "blocks"},
                       {"blocks", pool.blocks},
                       {"block_size", pool.block_size}});
    }
    writeText(stdout, jsonText({{"events", totals.events},
                                {"lost", totals.lost},
                                {"missing_packets", totals.missing_packets},
                                {"mended", totals.mended},
                                {"seconds", totals.seconds},
                                {"sources", namedSources(reader)},
                                {"pools", pools}}));
    return exit_good;
  }
  print("{}: {} events in {:.1f} s, {} lost, {} mended\n", options.folder, totals.events, totals.seconds,
        totals.lost, totals.mended);
  if (totals.missing_packets != 0)
    print("  {} packets are missing: what happened in them is not known\n", totals.missing_packets);
  for (const trace::TracePool& pool : reader.pools()) {
    print("  {:<16}{}\n", pool.name,
          pool.blocks == 0 ? "no pool"
                           : fmt::format("{} {} of {} bytes", pool.blocks, pool.runs ? "granules" : "blocks",
                                         pool.block_size));
  }
  writeText(stdout, fmt::format("  sources: {}\n", fmt::join(namedSources(reader), ", ")));
  return exit_good;
}

int exportTrace(const TraceOptions& options) {
  trace::TraceReader reader(options.folder);
  const auto write = [](const std::string& text) { writeText(stdout, text); };
  if (options.format == "csv") {
    trace::exportCsv(reader, write);
  } else {
    trace::exportPerfetto(reader, write);
  }
  return exit_good;
}

int repair(const TraceOptions& options) {
  const std::string out = options.out.empty() ? options.folder + ".repaired" : options.out;
  const trace::Repaired repaired = trace::repair(options.folder, out);
  print("{}: {} packets, {} of {} bytes\n", out, repaired.packets, repaired.kept_bytes, repaired.bytes);
  return exit_good;
}

}  // namespace

void addTraceCommand(CLI::App& app, int& status) {
  auto options = std::make_shared<TraceOptions>();
  CLI::App* command = app.add_subcommand("trace", "Look at the trace of a device");
  command->require_subcommand(1);
  const auto add = [&](const std::string& name, const std::string& help, int (*run)(const TraceOptions&)) {
    CLI::App* own = command->add_subcommand(name, help);
    own->add_option("DIR", options->folder, "The trace's folder")->required()->transform(someText());
    own->callback([options, &status, run] { status = run(*options); });
    return own;
  };
  CLI::App* about = add("info", "Say how much a trace holds, and of what", &info);
  about->add_flag("--json", options->json, "Print one JSON object and nothing else");
  CLI::App* exporting = add("export", "Write a trace to standard output for other programs", &exportTrace);
  exporting
      ->add_option("--format", options->format,
                   "perfetto: JSON that ui.perfetto.dev and Chrome open; csv: a row an event")
      ->transform(CLI::IsMember({"perfetto", "csv"}))
      ->capture_default_str();
  CLI::App* repairing =
      add("repair", "Copy the whole packets of a cut or damaged trace, or of a file of packets, to a folder",
          &repair);
  repairing->add_option("--out", options->out, "The new folder; DIR.repaired without it")
      ->transform(someText());
  command->footer("docs/tracing.md says how a device records one.");
}

}  // namespace millpond::cli
