# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Millpond authors
"""Runs the tests of a case at once, since most of the time they wait for a process or for its pauses."""
import concurrent.futures
import sys
import unittest


def run(case):
    """Runs all tests of `case`, says which failed and why, and ends the program."""
    tests = list(unittest.defaultTestLoader.loadTestsFromTestCase(case))
    results = [unittest.TestResult() for _ in tests]
    with concurrent.futures.ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(unittest.TestCase.run, tests, results))
    wrong = [one for result in results for one in result.errors + result.failures]
    for test, trace in wrong:
        print(f"{test}\n{trace}", file=sys.stderr)
    print(f"{sum(result.testsRun for result in results)} tests, {len(wrong)} failed")
    sys.exit(1 if wrong or not tests else 0)
