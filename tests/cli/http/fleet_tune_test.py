# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Millpond authors
"""Sizes a fleet by `millpond tune --prometheus` from a server that answers as Prometheus does, or not.
Usage: fleet_tune_test.py MILLPOND"""
import http.server
import json
import re
import subprocess
import sys
import threading
import time
import unittest
import urllib.parse

import at_once

MILLPOND = sys.argv.pop(1)


def buckets(device, pool, has, needs, requests=1000.0):
    """The increases of a device that needs `needs` blocks, one more than it has if a request found none."""
    served = {f"{blocks}.0": requests if blocks >= needs else requests - 1.2 for blocks in range(1, has + 1)}
    served["+Inf"] = requests
    return [({"instance": device, "pool": pool, "le": le}, value) for le, value in served.items()]


class Server(http.server.ThreadingHTTPServer):
    """Answers each query by `answer(query, days ago)`, a list of (labels, value), or a whole (status, body)."""

    def __init__(self, answer):
        self.answer = answer
        self.queries = []
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server_port}"

    def __exit__(self, *arguments):
        self.shutdown()
        super().__exit__(*arguments)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        query, days_ago = form["query"][0], round((time.time() - float(form["time"][0])) / 86400)
        self.server.queries.append(query)
        answer = self.server.answer(query, days_ago)
        if isinstance(answer, tuple):
            status, body = answer
        else:
            result = [{"metric": labels, "value": [0, str(value)]} for labels, value in answer]
            status, body = 200, json.dumps({"status": "success", "data": {"resultType": "vector", "result": result}})
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


def fleet(series, sizes=None, inexact=(), runs=None):
    """An `answer` with these buckets by days ago, the block size of each pool, and pools of runs with their granules."""
    def answer(query, days_ago):
        found = series.get(days_ago, [])
        pools = {labels["pool"] for labels, _ in found}
        if "millpond_pool_blocks[" in query:
            has = dict(runs or {})
            for labels, _ in found:
                if labels["le"] != "+Inf":
                    has[labels["pool"]] = max(has.get(labels["pool"], 0), float(labels["le"]))
            return [({"pool": pool}, blocks) for pool, blocks in has.items()]
        if "block_size" in query:
            pools |= set(runs or {})
        if "increase(" in query:
            return found
        if "exact" in query:
            return [({"pool": pool}, 0 if pool in inexact else 1) for pool in pools]
        size = (sizes or {}).get(query[:3], {"audio": 4096, "network": 20480, "general": 512})
        return [({"pool": pool}, size[pool]) for pool in pools]
    return answer


def tune(url, *options):
    return subprocess.run([MILLPOND, "tune", "--prometheus", url, *options], capture_output=True, text=True, timeout=60)


class FleetTuneTest(unittest.TestCase):
    def sized(self, answer, *options):
        with Server(answer) as server:
            done = tune(server.url, "--json", *options)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.queries = server.queries
        return json.loads(done.stdout)

    def test_below_a_thousand_devices_all_are_served(self):
        series = [one for number in range(50) for one in buckets(f"d{number}", "audio", 4, 2)]
        sizes = self.sized(fleet({0: series + buckets("d50", "audio", 4, 3)}), "--range", "1d")
        self.assertEqual(sizes["devices"], 51)
        self.assertEqual(sizes["unserved"], [])
        self.assertEqual(sizes["pools"], [{"name": "audio", "blocks": 3, "block_size": 4096, "now": 4, "judged": True,
                                           "at_least": False}])

    def test_of_two_thousand_those_two_remain_that_cost_the_most(self):
        series = [one for number in range(2000) for one in buckets(f"d{number:04}", "audio", 4, 4 if number in
                  (7, 8, 9) else 1) + buckets(f"d{number:04}", "network", 2, 2 if number in (8, 1500) else 1)]
        with Server(fleet({0: series})) as server:
            done = tune(server.url, "--range", "1d")
            sizes = json.loads(tune(server.url, "--range", "1d", "--json").stdout)
        self.assertEqual({pool["name"]: pool["blocks"] for pool in sizes["pools"]}, {"audio": 4, "network": 1})
        self.assertEqual(sizes["unserved"], [{"device": device, "pool": "network", "needs": 2, "at_least": False}
                                             for device in ("d0008", "d1500")])
        self.assertTrue(done.stdout.startswith("2000 devices over 1 day: the pools that serve 99.9 % of them\n"), done.stdout)
        self.assertIn("2 of 2000 devices are not served:\n  d0008: network needs 2\n", done.stdout)

    def test_a_pool_that_was_exhausted_may_need_more_than_it_has(self):
        sizes = self.sized(fleet({0: buckets("a", "audio", 4, 5) + buckets("b", "audio", 4, 1)}), "--range", "1d")
        self.assertEqual([(pool["blocks"], pool["now"], pool["at_least"]) for pool in sizes["pools"]], [(5, 4, True)])

    def test_each_day_counts_and_a_device_may_be_away_for_some(self):
        days = {0: buckets("a", "audio", 4, 1), 2: buckets("a", "audio", 4, 3) + buckets("gone", "audio", 4, 2)}
        sizes = self.sized(fleet(days), "--range", "3d")
        self.assertEqual((sizes["devices"], sizes["pools"][0]["blocks"]), (2, 3))
        self.assertEqual(len([query for query in self.queries if "increase(" in query]), 3)
        self.assertTrue(all(re.search(r"\[87000s\]", query) for query in self.queries[:4]), self.queries[:4])

    def test_thirty_days_are_the_usual_range(self):
        self.sized(fleet({0: buckets("a", "audio", 4, 1)}))
        self.assertEqual(len([query for query in self.queries if "increase(" in query]), 30)

    def test_a_pool_whose_counters_are_not_exact_is_kept(self):
        series = buckets("a", "general", 8, 2) + buckets("a", "audio", 4, 2)
        sizes = self.sized(fleet({0: series}, inexact=("general",)), "--range", "1d")
        self.assertEqual([(pool["name"], pool["blocks"], pool["judged"]) for pool in sizes["pools"]],
                         [("audio", 2, True), ("general", 8, False)])

    def test_a_pool_of_runs_which_has_no_histogram_is_kept(self):
        sizes = self.sized(fleet({0: buckets("a", "audio", 4, 2)}, runs={"general": 8}), "--range", "1d")
        self.assertEqual([(pool["name"], pool["blocks"], pool["now"], pool["block_size"], pool["judged"])
                          for pool in sizes["pools"]], [("audio", 2, 4, 4096, True), ("general", 8, 8, 512, False)])

    def test_numbers_that_no_device_tells(self):
        strange = [({"instance": "a", "pool": "audio", "le": le}, value) for le, value in
                   (("1e300", "5"), ("4294967295", "5"), ("-1.0", "5"), ("x", "5"), ("1.5", "NaN"))]
        usual = fleet({0: buckets("a", "audio", 4, 2)})
        series = buckets("a", "audio", 4, 2) + strange + buckets("b", "audio", 4, 3)
        with Server(lambda query, ago: series if "increase(" in query else usual(query, ago)) as server:
            done = tune(server.url, "--range", "1d")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"audio +4 +2 +2 +3 +3 +12288")

    def test_one_clear_error(self):
        refusal = json.dumps({"status": "error", "errorType": "bad_data", "error": "too many samples"})
        other_sizes = fleet({0: buckets("a", "audio", 4, 1)},
                            {"max": {"audio": 4096}, "min": {"audio": 2048}})
        for answer, text in [(lambda *_: [], "no millpond_pool_needed_blocks in that range"),
                             (lambda *_: (422, refusal), "refuses: too many samples"),
                             (lambda *_: (503, refusal), "refuses: too many samples"),
                             (lambda *_: (200, "<html>"), "is no Prometheus: status 200"),
                             (lambda *_: (404, ""), "is no Prometheus: status 404"),
                             (lambda *_: (200, '{"status": "success", "data": 1}'), "not what a Prometheus sends"),
                             (lambda *_: (422, json.dumps({"status": "error", "error": "\x1b[2Jno\n" + "x" * 9999})),
                              "refuses: ?[2Jno?xxx"),
                             (fleet({0: buckets("a", "audio", 4, 1)}, {"max": {"audio": "NaN"}, "min": {"audio": "NaN"}}),
                              "no millpond_pool_block_size_bytes of pool audio"),
                             (other_sizes, "2048 bytes on one device and 4096 on another")]:
            with Server(answer) as server:
                done = tune(server.url, "--range", "1d")
            self.assertEqual((done.returncode, done.stdout), (1, ""), text)
            self.assertIn(text, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
            self.assertLess(len(done.stderr), 500)
        done = tune(server.url)
        self.assertIn("cannot read " + server.url, done.stderr)

    def test_wrong_usage(self):
        for options, text in [(("--range", "0d"), "--range"), (("trace",), "TRACE excludes --prometheus"),
                              (("--live", "x"), "excludes")]:
            done = tune("http://127.0.0.1:1", *options)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(text, done.stderr)


at_once.run(FleetTuneTest)
