// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <string>

namespace millpond::test {

/// A terminal of the test's own.
class Pty {
 public:
  Pty(unsigned short columns, unsigned short rows) {
    winsize size{.ws_row = rows, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    openpty(&master_, &slave_, nullptr, nullptr, &size);
    fcntl(master_, F_SETFL, O_NONBLOCK);
    out_ = fdopen(dup(slave_), "w");
  }
  Pty(const Pty&) = delete;
  Pty& operator=(const Pty&) = delete;
  ~Pty() {
    std::fclose(out_);
    close(slave_);
    close(master_);
  }

  std::FILE* out() const { return out_; }
  int descriptor() const { return slave_; }
  void resize(unsigned short columns, unsigned short rows) const {
    const winsize size{.ws_row = rows, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    ioctl(master_, TIOCSWINSZ, &size);
  }
  /// Returns: what was written since the last call.
  std::string read() const {
    std::string all;
    std::array<char, 4096> some;
    for (ssize_t count = 0; (count = ::read(master_, some.data(), some.size())) > 0;) {
      all.append(some.data(), static_cast<std::size_t>(count));
    }
    return all;
  }

 private:
  int master_ = -1;
  int slave_ = -1;
  std::FILE* out_ = nullptr;
};

}  // namespace millpond::test
