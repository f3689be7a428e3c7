// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <gtest/gtest.h>
#include <netdb.h>

#include <cerrno>
#include <set>
#include <string>
#include <vector>

#include "cli/show/OutageNotice.h"
#include "streamer/wire/WireError.h"

namespace millpond::cli {
namespace {

using streamer::Outage;
using Cause = Outage::Cause;

TEST(OutageText, IsAnotherForEachCauseAndNeverSuccess) {
  const std::vector<Outage> outages{
      {Cause::unresolved, EAI_NONAME},
      {Cause::slow_lookup},
      {Cause::unreachable, ECONNREFUSED},
      {Cause::not_read},
      {Cause::not_answered},
      {Cause::closed},
      {Cause::broken, ECONNRESET},
      {Cause::bad_answer, static_cast<std::int16_t>(streamer::WireError::magic)},
      {Cause::wrong_answer},
      {Cause::untrusted},
      {Cause::expired},
      {Cause::not_yet_valid},
      {Cause::other_name},
      {Cause::weak_certificate},
      {Cause::handshake_refused, 20},
      {Cause::handshake_refused, 40},
      {Cause::handshake_refused, 70},
      {Cause::handshake_refused, 115},
      {Cause::handshake_refused, 80},
      {Cause::handshake_closed},
      {Cause::handshake_slow},
      {Cause::no_tls},
      {Cause::no_tls_memory},
      {Cause::handshake_failed, 0x7780},
  };
  std::set<std::string> texts;
  for (const Outage& outage : outages) texts.insert(outageText(outage));
  EXPECT_EQ(texts.size(), outages.size());
  for (const std::string& text : texts) {
    EXPECT_FALSE(text.empty());
    EXPECT_EQ(text.find("Success"), std::string::npos) << text;
  }
  EXPECT_EQ(outageText({}), "");
  EXPECT_EQ(outageText({Cause::unreachable, ECONNREFUSED}), "it cannot be reached: Connection refused");
  EXPECT_EQ(outageText({Cause::unresolved, EAI_NONAME}),
            "its name has no address: Name or service not known");
  EXPECT_EQ(outageText({Cause::handshake_refused, 80}), "it refused the TLS handshake: TLS alert 80");
  EXPECT_EQ(outageText({Cause::handshake_failed, 0x7780}),
            "the TLS handshake failed: error -0x7780 of mbedTLS");
}

TEST(OutageNotice, TellsEachOutageOnceACause) {
  OutageNotice notice;
  const Outage closed{Cause::closed};
  const Outage refused{Cause::unreachable, ECONNREFUSED};
  EXPECT_EQ(notice.news({}), "");
  EXPECT_EQ(notice.news({.outage = closed, .outages = 1}), outageText(closed));
  EXPECT_EQ(notice.news({.outage = closed, .outages = 1}), "");
  EXPECT_EQ(notice.news({.outage = refused, .outages = 1}), outageText(refused));
  EXPECT_EQ(notice.news({.outage = closed, .outages = 1}), "");
  EXPECT_EQ(notice.news({.outage = {}, .outages = 1}), "") << "it is over";
  EXPECT_EQ(notice.news({.outage = closed, .outages = 2}), outageText(closed));
}

}  // namespace
}  // namespace millpond::cli
