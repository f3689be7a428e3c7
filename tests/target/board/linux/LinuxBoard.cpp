// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// A process as a board: an interrupt is a signal, and the time of an instruction is not exact.
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <ctime>

#include "board/Board.h"
#include "millpond/port/Port.h"

namespace {

void (*volatile timer_handler)() = nullptr;
timer_t timer;

void setTimer(long nanoseconds) {
  const itimerspec once{.it_interval = {}, .it_value = {.tv_sec = 0, .tv_nsec = nanoseconds}};
  timer_settime(timer, 0, &once, nullptr);
}

void onSignal(int) {
  const millpond::Port::InterruptScope scope;
  if (timer_handler != nullptr) timer_handler();
}

}  // namespace

void board::write(const char* text, std::size_t length) {
  while (length > 0) {
    const ssize_t written = ::write(STDOUT_FILENO, text, length);
    if (written <= 0) return;
    text += written;
    length -= static_cast<std::size_t>(written);
  }
}

void board::exit(bool passed) { std::_Exit(passed ? 0 : 1); }

void board::setTimerHandler(void (*handler)()) { timer_handler = handler; }

void board::interruptAfter(std::uint32_t instructions) {
  constexpr long ns_per_instruction = 20;
  setTimer(1 + ns_per_instruction * static_cast<long>(instructions));
}

void board::stopTimer() { setTimer(0); }

void board::letPass(std::uint64_t micros) { millpond::Port::driveMicros(millpond::Port::micros() + micros); }

int main() {
  struct sigaction action {};
  action.sa_handler = onSignal;
  sigaction(SIGALRM, &action, nullptr);
  timer_create(CLOCK_MONOTONIC, nullptr, &timer);
  board::exit(board::firmwareMain() == 0);
}
