# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Millpond authors
"""Holds scripts/evidence to what its tables say. Usage: evidence_test.py SCRIPT MILLPOND"""
import importlib.machinery
import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

MILLPOND = sys.argv.pop(2)
SCRIPT = sys.argv.pop(1)
loader = importlib.machinery.SourceFileLoader("evidence", SCRIPT)
evidence = importlib.util.module_from_spec(importlib.util.spec_from_loader("evidence", loader))
loader.exec_module(evidence)


class EvidenceTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.results = evidence.Results(pathlib.Path(folder.name))

    def keep(self, device, failure_day=None):
        """Keeps a made-up result of `device`, with a refused network request on that day."""
        scenario, policy, days, seed = device
        steps = {"median": 1, "p999": 2, "max": seed}
        failure = failure_day and {"class": "network", "t_s": failure_day * 86400, "bytes": 19200, "free": 80000,
                                   "largest": 18000}
        self.results.path(*device).write_text(json.dumps({
            "seed": seed, "days": days, "allocations": 10**9, "digest": f"{seed:016x}",
            "first_failure": failure, "failures": dict.fromkeys(evidence.CLASSES, 0) | {"network": 60 if failure else 0},
            "heap_bytes_from_pooled_classes": 0, "largest_free_min": 1000 * seed, "largest_request_min": 960 * seed,
            "sound_lost_s": 0, "leaks": {"bytes": 0},
            "leak_watch": [{"source": "task", "named_at_s": 86400 * seed, "leaks": True}], "steps": {"alloc": steps, "free": steps, "pooled": {"alloc": steps, "free": steps}}}))

    def test_runs_a_hundred_months_and_ten_years_on_pools(self):
        devices = list(evidence.devices())
        self.assertEqual(len(devices), len(set(devices)))
        of = lambda days: sorted(seed for scenario, policy, length, seed in devices
                                 if (scenario, policy, length) == ("adr-device", "pools", days))
        self.assertEqual(of(30), list(range(1, 101)))
        self.assertEqual(of(365), list(range(1, 11)))

    def test_says_how_much_has_been_run(self):
        for seed in (1, 2):
            self.keep(("adr-device", "pools", 30, seed))
        table = evidence.pools_table(self.results)
        self.assertIn("| 30 | 2 of 100 | 60 | 2.0 | nothing | 0 | 1,000 |", table)
        self.assertIn("| 365 | 0 of 10 |", table)

    def test_writes_every_number_without_an_exponent(self):
        self.assertEqual([evidence.plain(value, 3) for value in (168123, 1040.5, 2, 0.03333, 0.0000214)],
                         ["168,000", "1,040", "2", "0.0333", "0.000021"])

    def test_tells_who_failed_when_and_why(self):
        for policy in evidence.POLICIES:
            for seed in (1, 2):
                self.keep(("adr-device", policy, 30, seed), 6 * seed if policy == "tlsf" else None)
        table = evidence.comparison_table(self.results)
        self.assertIn("| `tlsf` | 0 of 2 | 6 / 9 / 12.0 | 19,200 for network with 80,000 free, the largest 18,000 | "
                      "network 2 | 1,000 / 1,500 / 2,000 | 960 / 1,440 / 1,920 | 0 |", table)
        self.assertIn("| `pools` | 2 of 2 | never | – | nothing |", table)
        self.assertIn("| `tlsf` | 1 / 2 / 2 |", evidence.steps_table(self.results))

    def test_runs_every_other_scenario_on_every_policy(self):
        self.assertIn("codec", evidence.OTHER_SCENARIOS)
        for scenario in evidence.OTHER_SCENARIOS:
            for policy in evidence.POLICIES:
                seeds = [seed for *kind, seed in evidence.devices() if kind == [scenario, policy, 30]]
                self.assertEqual(seeds, [1, 2, 3, 4, 5])

    def test_tells_whom_the_leak_watch_named(self):
        for seed in (1, 2):
            self.keep(("leaky", "pools", 30, seed))
        self.assertIn("| `pools` | task | a leak | 2 of 2 | 1 / 1.5 / 2 |", evidence.leaks_table(self.results))

    def test_puts_results_of_another_model_aside(self):
        device = ("adr-device", "pools", 30, 1)
        evidence.put_aside(self.results, "one")
        self.keep(device)
        evidence.put_aside(self.results, "one")
        self.assertTrue(self.results.path(*device).exists())
        evidence.put_aside(self.results, "other")
        self.assertFalse(self.results.path(*device).exists())
        self.assertTrue((self.results.folder / "one" / self.results.path(*device).name).exists())

    def test_has_the_policies_and_scenarios_of_the_command(self):
        text = subprocess.run([MILLPOND, "soak", "--help"], capture_output=True, text=True).stdout
        for name in [*evidence.POLICIES, *evidence.OTHER_SCENARIOS]:
            self.assertIn(name, text)

    def test_compares_only_seeds_that_all_policies_have(self):
        for policy in evidence.POLICIES:
            self.keep(("adr-device", policy, 30, 1))
        self.keep(("adr-device", "pools", 30, 2))
        self.assertIn("| `pools` | 1 of 1 |", evidence.comparison_table(self.results))

    def test_keeps_what_a_device_has_shown(self):
        evidence.live(MILLPOND, self.results, ("adr-device", "pools", 0.01, 1))
        kept = json.loads(self.results.path("adr-device", "pools", 0.01, 1).read_text())
        self.assertEqual((kept["policy"], kept["seed"]), ("pools", 1))

    def test_keeps_nothing_of_a_device_that_cannot_be(self):
        with self.assertRaisesRegex(RuntimeError, "no scenario missing"):
            evidence.live(MILLPOND, self.results, ("missing", "pools", 0.01, 1))
        self.assertEqual(list(self.results.folder.iterdir()), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
