# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Millpond authors
"""Scrapes `millpond fleet` as Prometheus does. Usage: fleet_test.py MILLPOND"""
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

from prometheus_client.parser import text_string_to_metric_families as families

MILLPOND = sys.argv.pop(1)
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Fleet:
    """A `millpond fleet` on a free port, and the targets that it wrote."""

    def __init__(self, *options):
        self.folder = tempfile.TemporaryDirectory(prefix="millpond-fleet-")
        self.targets = pathlib.Path(self.folder.name, "devices.json")
        self.process = subprocess.Popen(
            [MILLPOND, "fleet", "--http", "127.0.0.1:0", "--sd", str(self.targets), *options],
            stderr=subprocess.PIPE, text=True)
        self.url = re.search(r"listening on (http://\S+)", self.process.stderr.readline())[1]
        for _ in range(600):
            if self.targets.exists() and self.targets.stat().st_size > 0:
                break
            time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.process.stderr.close()
        self.folder.cleanup()

    def get(self, path):
        with OPENER.open(self.url + path, timeout=20) as answer:
            return answer.read().decode()

    def value(self, path, name, **labels):
        """The sum of the samples of `name` with these labels."""
        return sum(sample.value for family in families(self.get(path)) for sample in family.samples
                   if sample.name == name and labels.items() <= sample.labels.items())


class FleetTest(unittest.TestCase):
    def test_writes_targets_of_which_each_has_a_path_and_a_name_of_its_own(self):
        with Fleet("--devices", "3") as fleet:
            groups = json.loads(fleet.targets.read_text())
            self.assertEqual([group["targets"] for group in groups], [[fleet.url[len("http://"):]]] * 3)
            labels = [group["labels"] for group in groups]
            self.assertEqual([label["instance"] for label in labels], ["device-0001", "device-0002", "device-0003"])
            for label in labels:
                self.assertEqual(fleet.value(label["__metrics_path__"], "millpond_pool_blocks"), 4 + 2 + 8)
            self.assertEqual(json.loads(fleet.get("/device/0002/memory.json"))["device"], "device-0002")
            self.assertIn("3 simulated devices, from /device/0001/ to /device/0003/", fleet.get("/"))
            self.assertIn("<title>Millpond, live</title>", fleet.get("/device/0003/"))
            with self.assertRaises(urllib.error.HTTPError) as error:
                fleet.get("/device/0004/metrics")
            self.assertEqual(error.exception.code, 404)

    def test_devices_differ_and_one_leaks(self):
        with Fleet("--devices", "4", "--leak", "2", "--speed", "1000") as fleet:
            leaked = lambda number: fleet.value(f"/device/{number:04}/metrics", "millpond_source_blocks",
                                                source="wifi-event")
            end = time.monotonic() + 60
            while leaked(2) < 3 and time.monotonic() < end:
                time.sleep(0.1)
            self.assertGreaterEqual(leaked(2), 3)
            self.assertEqual([leaked(1), leaked(3), leaked(4)], [0, 0, 0])
            counts = {fleet.value(f"/device/{number:04}/metrics", "millpond_pool_allocations_total", pool="general")
                      for number in (1, 3, 4)}
            self.assertEqual(len(counts), 3)

    def test_says_what_is_wrong_with_its_options(self):
        for options, text in [(["--devices", "3"], "--http is required"),
                              (["--devices", "0", "--http", "0"], "whole number from 1 to 5000"),
                              (["--devices", "3", "--http", "0", "--leak", "4"], "--leak 4: there is no such device"),
                              (["--http", "0", "--speed", "0"], "--speed"),
                              (["--http", "0", "--sd", "/nowhere/x.json"], "/nowhere/x.json")]:
            done = subprocess.run([MILLPOND, "fleet", *options], capture_output=True, text=True, timeout=60)
            self.assertIn(text, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
            self.assertNotEqual(done.returncode, 0)


unittest.main(verbosity=0)
