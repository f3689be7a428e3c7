// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/show/Line.h"

#include <algorithm>
#include <utility>

namespace millpond::cli {

namespace {

constexpr const char* red = "\x1b[31m";
constexpr const char* plain = "\x1b[0m";
constexpr const char* ellipsis = "…";

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80; }

std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

}  // namespace

std::string fitting(const std::string& text, std::size_t columns) {
  std::size_t end = 0;
  for (std::size_t used = 0; end < text.size(); ++end) {
    if (!continues(text[end]) && used++ == columns) break;
  }
  return text.substr(0, end);
}

// Those of Latin-1, 0x80 to 0x9F, are two bytes in UTF-8.
std::string printable(const std::string& text) {
  std::string all;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const char next = at + 1 < text.size() ? text[at + 1] : ' ';
    const bool latin = byte == 0xC2 && continues(next) && static_cast<unsigned char>(next) < 0xA0;
    all += latin || byte < ' ' || byte == 0x7f ? '?' : text[at];
    if (latin) ++at;
  }
  return all;
}

std::string repeat(const char* text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

Line& Line::add(std::string text, bool trouble) {
  pieces_.push_back({std::move(text), trouble});
  return *this;
}

std::string Line::text(std::size_t columns, bool colours) const {
  std::size_t wanted = 0;
  for (const Piece& piece : pieces_) wanted += width(piece.text);
  const bool cut = wanted > columns && columns > 0;
  if (cut) --columns;
  std::string all;
  for (const Piece& piece : pieces_) {
    const std::string shown = fitting(piece.text, columns);
    columns -= width(shown);
    const bool marked = colours && piece.trouble && !shown.empty();
    all += marked ? red + shown + plain : shown;
  }
  return cut ? all + ellipsis : all;
}

}  // namespace millpond::cli
