// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/tls/Credentials.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>
#include <random>
#include <system_error>
#include <utility>

#include "cli/show/Error.h"

namespace millpond::cli {

std::string readCredential(const std::filesystem::path& path) {
  constexpr std::size_t most = std::size_t{1} << 20U;
  const auto fail = [&](const std::string& reason) {
    return Error(fmt::format("cannot read '{}': {}", path.string(), reason));
  };
  const auto system_reason = [] { return std::generic_category().message(errno); };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (file == nullptr) throw fail(system_reason());
  std::string text(most + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0) throw fail(system_reason());
  if (text.size() > most) throw fail("it has more than 1 MiB, so it is no certificate and no key");
  return text;
}

PreSharedKey PreSharedKey::fromFile(const std::filesystem::path& path, std::string identity) {
  std::string text = readCredential(path);
  std::erase_if(text, [](unsigned char letter) { return std::isspace(letter) != 0; });
  PreSharedKey key{.bytes = {}, .identity = std::move(identity)};
  const bool hexadecimal = std::ranges::all_of(text, [](unsigned char c) { return std::isxdigit(c) != 0; });
  if (!hexadecimal || text.size() % 2 != 0 || text.size() < 2 * least_bytes || text.size() > 2 * most_bytes) {
    throw Error(fmt::format(
        "'{}' has no pre-shared key: {} to {} hexadecimal digits, two a byte, as openssl rand -hex {} "
        "prints them",
        path.string(), 2 * least_bytes, 2 * most_bytes, most_bytes));
  }
  for (std::size_t at = 0; at < text.size(); at += 2) {
    unsigned char byte = 0;
    std::from_chars(text.data() + at, text.data() + at + 2, byte, 16);
    key.bytes.push_back(byte);
  }
  return key;
}

PreSharedKey PreSharedKey::fresh() {
  PreSharedKey key{.bytes = std::vector<unsigned char>(most_bytes), .identity = "millpond"};
  std::random_device random;
  std::ranges::generate(key.bytes, [&random] { return static_cast<unsigned char>(random()); });
  return key;
}

}  // namespace millpond::cli
