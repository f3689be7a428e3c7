// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/receiver/ReceiverLog.h"

#include <fmt/format.h>

#include <exception>

namespace millpond::cli {

void ReceiverLog::say(Kind kind, std::uint64_t stream_id, std::string_view line,
                      std::string_view peer) noexcept {
  try {
    if (allowed(kind, stream_id, line)) write_(fmt::format("{}{}{}", peer, peer.empty() ? "" : ": ", line));
  } catch (const std::exception&) {
    ++left_out_;
  }
}

void ReceiverLog::tell(std::string_view line) noexcept {
  try {
    write_(std::string(line));
  } catch (const std::exception&) {
    ++left_out_;
  }
}

void ReceiverLog::tellLeftOut() noexcept {
  if (left_out_ == 0) return;
  try {
    write_(fmt::format("left out {} lines like those before", left_out_));
    left_out_ = 0;
  } catch (const std::exception&) {
    return;  // reported next time
  }
}

bool ReceiverLog::allowed(Kind kind, std::uint64_t stream_id, std::string_view line) {
  if (now_() - started_ >= period) {
    started_ = now_();
    alike_.clear();
    in_all_ = 0;
    tellLeftOut();
  }
  if (in_all_ < most_) {
    std::size_t& alike =
        alike_[{kind, stream_id, std::string(line.substr(0, line.find_first_of("0123456789")))}];
    if (alike < lines_alike) {
      ++alike;
      ++in_all_;
      return true;
    }
  }
  ++left_out_;
  return false;
}

}  // namespace millpond::cli
