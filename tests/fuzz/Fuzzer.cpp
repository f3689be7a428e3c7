// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "tests/fuzz/Fuzzer.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  millpond::test::fuzz(std::as_bytes(std::span(data, size)));
  return 0;
}
