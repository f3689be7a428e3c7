// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "Test.h"

#include "board/Board.h"

namespace testing {

namespace {

Test* first = nullptr;
Test** last = &first;
bool failed = false;

}  // namespace

Test::Test(const char* suite, const char* name, void (*body)()) : suite_(suite), name_(name), body_(body) {
  *last = this;
  last = &next_;
}

void Test::fail(const char* file, int line) {
  failed = true;
  console::print(file, ":", line, ": failed\n");
}

int Test::runAll() {
  int passed_tests = 0;
  int failed_tests = 0;
  for (const Test* test = first; test != nullptr; test = test->next_) {
    failed = false;
    test->body_();
    ++(failed ? failed_tests : passed_tests);
    if (failed) console::print("FAILED ", test->suite_, ".", test->name_, "\n");
  }
  console::print(passed_tests, " tests passed, ", failed_tests, " failed\n");
  return passed_tests > 0 ? failed_tests : 1;
}

}  // namespace testing

int board::firmwareMain() { return testing::Test::runAll() == 0 ? 0 : 1; }
