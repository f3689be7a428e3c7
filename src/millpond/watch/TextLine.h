// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace millpond {

/// Writes a line of metrics or a piece of JSON as far as there is room.
class TextLine {
 public:
  explicit TextLine(std::span<char> out) : out_(out) {}

  TextLine& text(const char* text) {
    for (; *text != '\0'; ++text) put(*text);
    return *this;
  }
  // Begins the labels of a sample; the caller closes the brace.
  TextLine& label(const char* name, const char* value) {
    text("{").text(name).text("=\"");
    escape(value, false);
    return text("\"");
  }
  // Begins a member of the JSON object that is being written.
  TextLine& member(const char* name) {
    if (last_ != '{') put(',');
    return string(name).text(":");
  }
  // A text of JSON, or null for nullptr.
  TextLine& string(const char* value) {
    if (value == nullptr) return text("null");
    put('"');
    escape(value, true);
    put('"');
    return *this;
  }
  // Without a division, which some cores do not have.
  TextLine& number(std::uint64_t value, std::size_t decimals = 0) {
    std::size_t digits = 1;
    while (digits < powers.size() && powers[digits] <= value) ++digits;
    if (digits <= decimals) digits = decimals + 1;
    while (digits-- != 0) {
      char digit = '0';
      for (; value >= powers[digits]; value -= powers[digits]) ++digit;
      put(digit);
      if (digits == decimals && decimals != 0) put('.');
    }
    return *this;
  }

  bool fits() const { return size_ <= out_.size(); }
  std::size_t size() const { return size_; }

 private:
  // One malformed name would make a reader drop all that was written: bytes that are not UTF-8 become '?'.
  // JSON has no control characters.
  void escape(const char* value, bool json) {
    while (*value != '\0') {
      const std::size_t length = sequenceAt(value);
      if (*value == '\\' || *value == '"') put('\\');
      if (*value == '\n') {
        text("\\n");
      } else if (json && length == 1 && *value < ' ') {
        text("\\u00").text(*value < 0x10 ? "0" : "1");
        put("0123456789abcdef"[*value & 0xF]);
      } else if (length == 0) {
        put('?');
      } else {
        for (std::size_t at = 0; at < length; ++at) put(value[at]);
      }
      value += length != 0 ? length : 1;
    }
  }

  // The bytes of the well-formed UTF-8 sequence at `text`; 0 if there is none.
  static std::size_t sequenceAt(const char* text) {
    const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4) return 0;
    for (std::size_t at = 1; at < length; ++at) {
      if ((byte(at) & 0xC0U) != 0x80U) return 0;  // the terminating zero too
    }
    const unsigned second = byte(1);
    const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool surrogate = first == 0xED && second > 0x9F;
    return overlong || surrogate || (first == 0xF4 && second > 0x8F) ? 0 : length;
  }

  static constexpr std::array<std::uint64_t, 20> powers = [] {
    std::array<std::uint64_t, 20> all{};
    std::uint64_t power = 1;
    for (std::uint64_t& each : all) {
      each = power;
      power *= 10;
    }
    return all;
  }();

  void put(char letter) {
    if (size_ < out_.size()) out_[size_] = letter;
    ++size_;
    last_ = letter;
  }

  std::span<char> out_;
  std::size_t size_ = 0;
  char last_ = '\0';
};

}  // namespace millpond
