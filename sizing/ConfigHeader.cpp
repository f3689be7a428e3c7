// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "sizing/ConfigHeader.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <string_view>

namespace millpond::sizing {

namespace {

// As comments of up to 100 columns. What a trace says goes into no code: a name could end the comment's line.
std::string comment(const std::string& text) {
  constexpr std::size_t columns = 100;
  std::istringstream words(text);
  std::string lines;
  std::string line;
  const auto end = [&] {
    while (!line.empty() && line.back() == '\\') line += '.';  // it would continue the comment
    if (!line.empty()) lines += "//" + line + "\n";
    line.clear();
  };
  for (std::string word; words >> word;) {
    if (line.size() + word.size() + 3 > columns) end();
    line += " " + word;
  }
  end();
  return lines;
}

std::string evidence(const TunedPool& pool) {
  std::string text =
      fmt::format("{}: {} x {} bytes, before {} x {}. The traces need {} x {}: {}.", pool.answer.name,
                  pool.answer.blocks, pool.answer.block_size, pool.present.blocks, pool.present.block_size,
                  pool.least.blocks, pool.least.block_size, pool.proof);
  const auto fewer = std::ranges::find(pool.front, pool.answer.blocks - 1, &FrontPoint::blocks);
  if (pool.answer.blocks != 0 && fewer != pool.front.end()) {
    text += fmt::format(" One {} fewer refused {} requests of the traces.",
                        pool.answer.runs ? "granule" : "block", fewer->refused);
  }
  if (pool.bounded) text += fmt::format(" Declared bounds allow {} at once.", *pool.bounded);
  if (pool.guess && pool.guess->chord) text += " Beyond the traces: " + guessText(pool) + ".";
  return text;
}

// The ADR's pool of that name; one without blocks if there is none.
PoolSize adrPool(const Tuning& tuning, std::string_view name) {
  for (const TunedPool& pool : tuning.pools) {
    if (pool.answer.name == name) return pool.answer;
  }
  return {};
}

std::string literal(const std::string& name) {
  std::string text;
  for (const char next : name) {
    if (next == '"' || next == '\\') text += '\\';
    text += next;
  }
  return '"' + text + '"';
}

// The pools beside the ADR's, as rows of `more`.
std::string moreRows(const Tuning& tuning) {
  std::string rows;
  for (const TunedPool& tuned : tuning.pools) {
    const PoolSize& pool = tuned.answer;
    if (pool.blocks == 0 || pool.name == "audio" || pool.name == "network" || pool.name == "general")
      continue;
    rows += fmt::format(
        "{}{{.name = {},\n               .kind = millpond::PoolKind::{},\n               .blocks = {},\n"
        "               .block_size = {}}}",
        rows.empty() ? "" : ",\n              ", literal(pool.name), pool.runs ? "runs" : "blocks",
        pool.blocks, pool.block_size);
  }
  return rows.empty() ? "" : "    .more = {{" + rows + "}},\n";
}

// In the order of the fields, as the language asks.
std::string configuration(const Tuning& tuning) {
  std::string counts;
  std::string sizes;
  for (const char* name : {"audio", "network", "general"}) {
    const PoolSize pool = adrPool(tuning, name);
    counts += fmt::format("    .{}_buffer_pool_size = {},\n", name, pool.blocks);
    if (pool.blocks != 0) sizes += fmt::format("    .{}_block_size = {},\n", name, pool.block_size);
  }
  return "inline constexpr millpond::MemoryConfig pool_config{\n" + counts + sizes + moreRows(tuning) +
         "};\n";
}

}  // namespace

std::string configHeader(const Tuning& tuning, const std::string& command) {
  std::string text = comment("Written by: " + command);
  text += "//\n";
  text += comment(
      fmt::format("{} bytes in all, before {}. The least that serves the traces is {}: {:.1f} hours, {} "
                  "events, of which the "
                  "library refused none when it replayed them with these pools, and {} with those before.",
                  tuning.bytes, tuning.present_bytes, tuning.least_bytes, tuning.seconds / 3600,
                  tuning.events, tuning.present_refused));
  if (tuning.risk > 0) {
    text += comment(fmt::format(
        "Beyond the traces it is a guess: a risk of {:g} that a pool is exhausted within {:.1f} days. {}",
        tuning.risk, tuning.horizon_s / 86400,
        tuning.model_free_risk < 1
            ? fmt::format("Without a model the traces show a risk below {:.2g}, at 95 %.",
                          tuning.model_free_risk)
            : "Without a model the traces are too short to bound the risk."));
  }
  for (const std::string& source : tuning.unseen) {
    text += comment(fmt::format("Source '{}' requested too seldom to say what it may do.", source));
  }
  text += "//\n";
  for (const TunedPool& pool : tuning.pools) text += comment(evidence(pool));
  return text + "#pragma once\n\n#include <millpond.h>\n\n" + configuration(tuning);
}

}  // namespace millpond::sizing
