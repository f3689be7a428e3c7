// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "tests/support/TempFolder.h"

namespace millpond::test {

/// A pipe with a name, through which a thread sends bytes once somebody reads.
class Fifo {
 public:
  /// Effect: sends the first `most` bytes of a file.
  explicit Fifo(const std::filesystem::path& file, std::size_t most = std::string::npos) {
    std::ifstream in(file, std::ios::binary);
    const std::string all{std::istreambuf_iterator<char>(in), {}};
    begin(all.substr(0, most));
  }
  /// Effect: sends nothing and never ends.
  Fifo() { begin({}); }
  Fifo(const Fifo&) = delete;
  Fifo& operator=(const Fifo&) = delete;
  ~Fifo() {
    if (writer_.joinable()) writer_.join();
    if (held_ >= 0) ::close(held_);
  }

  std::string path() const { return (folder_ / "pipe").string(); }

 private:
  void begin(std::string bytes) {
    ::mkfifo(path().c_str(), 0600);
    if (bytes.empty()) {
      held_ = ::open(path().c_str(), O_RDWR);
    } else {
      writer_ = std::thread([path = path(), bytes = std::move(bytes)] {
        std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
      });
    }
  }

  TempFolder folder_;
  int held_ = -1;
  std::thread writer_;
};

}  // namespace millpond::test
