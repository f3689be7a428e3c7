// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/show/OutageNotice.h"

#include <netdb.h>

#include <system_error>

#include "streamer/wire/WireError.h"

namespace millpond::cli {

using Cause = streamer::Outage::Cause;

std::string outageText(const streamer::Outage& outage) {
  const auto system_message = [&] { return std::generic_category().message(outage.detail); };
  switch (outage.cause) {
    case Cause::none:
      return "";
    case Cause::unresolved:
      return std::string("its name has no address") +
             (outage.detail == 0 ? "" : std::string(": ") + gai_strerror(outage.detail));
    case Cause::slow_lookup:
      return "the look-up of its name takes too long";
    case Cause::unreachable:
      return "it cannot be reached: " + system_message();
    case Cause::not_read:
      return "it takes the connection and does not read the chunk";
    case Cause::not_answered:
      return "it takes the connection and does not acknowledge the chunk";
    case Cause::closed:
      return "it closed the connection instead of answering";
    case Cause::broken:
      return "the connection broke: " + system_message();
    case Cause::bad_answer:
      return std::string("its answer is not an acknowledgement: ") +
             describe(static_cast<streamer::WireError>(outage.detail));
    case Cause::wrong_answer:
      return "its answer does not acknowledge the chunk that was sent";
  }
  return "";
}

std::string OutageNotice::news(const streamer::Uplink::Stats& uplink) {
  if (uplink.outages != outages_) {
    outages_ = uplink.outages;
    told_ = 0;
  }
  const std::uint32_t bit = std::uint32_t{1} << static_cast<unsigned>(uplink.outage.cause);
  if (uplink.outage.cause == Cause::none || (told_ & bit) != 0) return "";
  told_ |= bit;
  return outageText(uplink.outage);
}

}  // namespace millpond::cli
