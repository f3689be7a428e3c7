// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
// A double of Arduino's header as far as its macros go, which a sketch has before it includes ours.
#pragma once

// The standard's own headers do not survive `min` and `max`, so what the host's port includes comes first.
#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cmath>
#include <compare>
#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <memory_resource>
#include <mutex>
#include <new>
#include <span>
#include <thread>
#include <type_traits>
#include <utility>

#define HIGH 0x1
#define LOW 0x0
#define INPUT 0x01
#define OUTPUT 0x03
#define PI 3.14159
#define EULER 2.71828
#define SERIAL 0x0
#define DISPLAY 0x1
#define RISING 0x01
#define CHANGE 0x03
#define DEFAULT 1
#define BIN 2
#define OCT 8
#define DEC 10
#define HEX 16
#define F(text) (text)
#define PSTR(text) (text)
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define constrain(value, low, high) ((value) < (low) ? (low) : ((value) > (high) ? (high) : (value)))
#define radians(degrees) ((degrees)*0.01745)
#define degrees(radians) ((radians)*57.2957)
#define sq(x) ((x) * (x))
#define interrupts() (void)0
#define noInterrupts() (void)0
#define lowByte(w) ((uint8_t)((w)&0xff))
#define highByte(w) ((uint8_t)((w) >> 8))
#define bit(b) (1UL << (b))
#define bitRead(value, bit) (((value) >> (bit)) & 0x01)
#define bitSet(value, bit) ((value) |= (1UL << (bit)))
#define bitClear(value, bit) ((value) &= ~(1UL << (bit)))
#define _BV(b) (1UL << (b))
typedef bool boolean;
typedef uint8_t byte;
typedef uint16_t word;

// What our sketches call.
struct DoubleOfSerial {
  void begin(unsigned long) {}
  void println(const char*) {}
  template <class... Values>
  void printf(const char*, Values...) {}
};
inline DoubleOfSerial Serial;
inline void delay(unsigned long) {}
