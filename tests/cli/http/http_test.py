# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Millpond authors
"""Reads a running `millpond run --http` as clients do, good ones and bad ones. Usage: http_test.py MILLPOND [--long]

With --long it tests what takes its time: exchanges that never end, and promtool's opinion."""
import json
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics_families
from prometheus_client.parser import text_string_to_metric_families as text_families

MILLPOND = sys.argv.pop(1)
LONG = "--long" in sys.argv
sys.argv = [argument for argument in sys.argv if argument != "--long"]
TOKEN = "a-token-of-the-test"
STREAMS = 24  # HttpServer::max_streams


RUN = ("run", "--tone", "endless", "--speed", "1")
RECEIVE = ("receive", "--listen", "127.0.0.1:0")


class Device:
    """A `millpond run`, `stream` or `receive` with --http, and its folder."""

    def __init__(self, *options, command=RUN):
        self.folder = tempfile.TemporaryDirectory(prefix="millpond-http-")
        self.token = pathlib.Path(self.folder.name, "token")
        self.token.write_text(TOKEN + "\r\n")
        options = [str(self.token) if option == "TOKEN" else option for option in options]
        self.errors = pathlib.Path(self.folder.name, "errors").open("w+")
        out = [] if command[0] == "stream" else ["--out", self.folder.name]
        self.process = subprocess.Popen(
            [MILLPOND, *command, "--json", *out, "--http", "127.0.0.1:0", *options], stdout=subprocess.PIPE,
            stderr=self.errors, text=True)
        for _ in range(600):
            found = re.search(r"listening on http://127\.0\.0\.1:(\d+)\n", self.said())
            if found:
                break
            time.sleep(0.05)
        self.port = int(found[1])

    def said(self):
        return pathlib.Path(self.errors.name).read_text()

    def end(self):
        """Interrupts it and gives back its report."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        out, _ = self.process.communicate(timeout=30)
        self.errors.close()
        self.folder.cleanup()
        return json.loads(out)

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=15)

    def send(self, request):
        """The status, headers and body of the answer to the bytes of a request, up to the connection's end."""
        with self.connect() as peer:
            peer.sendall(request)
            answer = b""
            while more := peer.recv(65536):
                answer += more
        head, _, body = answer.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:])
        return int(lines[0].split()[1]), headers, body.decode()

    def get(self, path, method="GET", **headers):
        headers = {"Host": f"127.0.0.1:{self.port}", "Connection": "close", **headers}
        lines = [f"{method} {path} HTTP/1.1"] + [f"{name}: {value}" for name, value in headers.items()]
        return self.send("\r\n".join(lines + ["", ""]).encode())


class Pages(unittest.TestCase):
    def test_memory_is_as_run_reports_it_with_every_block(self):
        status, headers, body = DEVICE.get("/memory.json")
        self.assertEqual((status, headers["content-type"]), (200, "application/json"))
        memory = json.loads(body)
        self.assertEqual([pool["name"] for pool in memory["pools"]], ["audio", "network", "general", "heap"])
        self.assertLessEqual({"block_size", "capacity", "in_use", "peak", "exhausted"}, set(memory["pools"][0]))
        self.assertTrue(memory["blocks"])
        for block in memory["blocks"]:
            self.assertLessEqual({"pool", "index", "source", "size", "age_ms"}, set(block))
        self.assertEqual(memory["what_if"]["pools"][0]["blocks"], 4)

    def test_metrics_are_text_unless_openmetrics_is_preferred(self):
        _, headers, body = DEVICE.get("/metrics")
        self.assertEqual(headers["content-type"], "text/plain; version=0.0.4; charset=utf-8")
        names = {family.name for family in text_families(body)}
        self.assertTrue(all(name.startswith("millpond_") for name in names))
        for accept in ("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                       "text/plain;q=0.2, application/openmetrics-text"):
            _, headers, body = DEVICE.get("/metrics", Accept=accept)
            self.assertTrue(headers["content-type"].startswith("application/openmetrics-text"), accept)
            self.assertIn("millpond_pool_needed_blocks", {family.name for family in open_metrics_families(body)})
        for accept in ("*/*", "text/plain, application/openmetrics-text;q=0.5", "application/openmetrics-text;q=0"):
            self.assertIn("text/plain", DEVICE.get("/metrics", Accept=accept)[1]["content-type"], accept)

    def test_the_documentation_has_every_metric(self):
        page = (pathlib.Path(__file__).parents[3] / "docs/live.md").read_text()
        types = re.findall(r"# TYPE (\S+) ", DEVICE.get("/metrics")[2])
        self.assertEqual([name for name in types if f"`{name}`" not in page], [])

    def test_the_page_needs_nothing_from_elsewhere(self):
        status, headers, body = DEVICE.get("/")
        self.assertEqual(status, 200)
        self.assertIn("default-src 'none'", headers["content-security-policy"])
        self.assertNotIn(" src=", body)

    def test_health_and_head(self):
        self.assertEqual(DEVICE.get("/healthz")[2], "ok\n")
        status, headers, body = DEVICE.get("/healthz", method="HEAD")
        self.assertEqual((status, headers["content-length"], body), (200, "3", ""))

    def test_events_follow_one_another(self):
        with DEVICE.connect() as peer:
            peer.sendall(f"GET /events HTTP/1.1\r\nHost: localhost:{DEVICE.port}\r\n\r\n".encode())
            text = b""
            while text.count(b"data: ") < 3:
                more = peer.recv(65536)
                self.assertTrue(more, text)
                text += more
        self.assertIn(b"text/event-stream", text)
        seconds = [float(found) for found in re.findall(rb'"seconds":([0-9.]+),"static', text)]
        self.assertGreater(seconds[1], seconds[0])


class BadRequests(unittest.TestCase):
    def test_an_unknown_path_says_which_there_are(self):
        status, _, body = DEVICE.get("/nothing")
        self.assertEqual((status, body), (404, "there is no /nothing: there are /, /metrics, /memory.json, /healthz, /events\n"))

    def test_nothing_can_be_changed(self):
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            status, headers, _ = DEVICE.get("/memory.json", method=method)
            self.assertEqual((status, headers["allow"]), (405, "get, head"), method)
        request = b"POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
        self.assertEqual(DEVICE.send(request)[0], 405)

    def test_oversized_requests_are_refused(self):
        self.assertEqual(DEVICE.get("/" + "x" * 20000)[0], 414)
        self.assertEqual(DEVICE.get("/metrics", X="x" * 20000)[0], 431)

    def test_malformed_requests_are_refused(self):
        host = b"Host: localhost\r\n"
        for request, status in ((b"GET / HTTP/1.1\r\n\r\n", 400),
                                (b"GET / HTTP/1.1\r\n" + host + b"Content-Length: x\r\n\r\n", 400),
                                (b"GET / HTTP/9.9\r\n" + host + b"\r\n", 505)):
            self.assertEqual(DEVICE.send(request)[0], status, request)
        for request in (b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\r\n\r\n"):
            with DEVICE.connect() as peer:
                peer.sendall(request)
                self.assertEqual(peer.recv(1), b"", request)
        self.assertEqual(DEVICE.get("/healthz")[0], 200)

    def test_another_site_cannot_read_by_its_name(self):
        for host in ("evil.example", "evil.example:80", "localhost.evil.example"):
            self.assertEqual(DEVICE.get("/memory.json", Host=host)[0], 421, host)
        for host in ("localhost:1", "[::1]:1", "127.0.0.1"):
            self.assertEqual(DEVICE.get("/memory.json", Host=host)[0], 200, host)

    def test_half_sent_requests_do_not_delay_a_scrape(self):
        peers = [DEVICE.connect() for _ in range(20)]
        for peer in peers:
            peer.sendall(b"GET /metrics HTTP/1.1\r\nHost: ")
        start = time.monotonic()
        self.assertEqual(DEVICE.get("/metrics")[0], 200)
        self.assertLess(time.monotonic() - start, 2)
        for peer in peers:
            peer.close()

    def test_more_connections_than_there_may_be_keep_nobody_out(self):
        peers = [DEVICE.connect() for _ in range(200)]
        for peer in peers[:100]:
            try:
                peer.sendall(b"GET /metrics HTTP/1.1\r\nHost: ")
            except ConnectionError:
                pass  # ended for a later one
        start = time.monotonic()
        self.assertEqual(DEVICE.get("/metrics")[0], 200)
        self.assertLess(time.monotonic() - start, 2)
        for peer in peers:
            peer.close()
        self.assertEqual(DEVICE.get("/healthz")[0], 200)

    def test_streams_leave_room_for_scrapes(self):
        peers = [DEVICE.connect() for _ in range(STREAMS)]
        for peer in peers:
            peer.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertIn(b"200", peer.recv(65536))
        status, headers, _ = DEVICE.get("/events")
        self.assertEqual((status, headers["retry-after"]), (503, "10"))
        self.assertEqual(DEVICE.get("/metrics")[0], 200)
        for peer in peers:
            peer.close()


class Token(unittest.TestCase):
    def test_only_who_knows_it_reads(self):
        device = Device("--http-token", "TOKEN")
        try:
            for path in ("/metrics", "/memory.json", "/events"):
                for wrong in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}):
                    status, headers, _ = device.get(path, **wrong)
                    self.assertEqual((status, headers["www-authenticate"]), (401, "bearer"), path)
            self.assertEqual(device.get("/metrics", Authorization=f"Bearer {TOKEN}")[0], 200)
            self.assertEqual((device.get("/")[0], device.get("/healthz")[0]), (200, 200))
        finally:
            device.end()

    def refused(self, *options):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([MILLPOND, "run", "--tone", "1", "--out", folder, *options], capture_output=True, text=True)
        self.assertNotEqual(done.returncode, 0)
        return done.stderr

    def test_an_unusable_one_is_refused(self):
        with tempfile.NamedTemporaryFile("w+") as file:
            file.write("has spaces in it\n")
            file.flush()
            self.assertIn("is no token", self.refused("--http", "0", "--http-token", file.name))
        self.assertIn("no token that can be read", self.refused("--http", "0", "--http-token", "/nonexistent"))
        self.assertIn("--http", self.refused("--http-token", "/nonexistent"))

    def test_who_can_be_read_by_others_is_told(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([MILLPOND, "run", "--tone", "0.1", "--speed", "max", "--out", folder, "--http", "0.0.0.0:0"],
                                  capture_output=True, text=True)
        self.assertEqual(done.returncode, 0)
        self.assertIn("other machines can read what is served over HTTP", done.stderr)

    def test_an_address_in_use_is_refused(self):
        self.assertIn(f"cannot listen on http://127.0.0.1:{DEVICE.port}: Address already in use",
                      self.refused("--http", f":{DEVICE.port}"))
        for wrong in ("nowhere", "", "99999", "::1:80"):
            self.assertIn(f"'{wrong}' is not HOST:PORT", self.refused("--http", wrong))


class Receiver(unittest.TestCase):
    def figures(self, receiver):
        families = text_families(receiver.get("/metrics")[2])
        return {sample.name: sample.value for family in families for sample in family.samples}

    def test_tells_of_its_streams(self):
        receiver = Device(command=RECEIVE)
        try:
            to = re.search(r"listening on (127\S+)\n", receiver.said())[1]
            sender = Device(command=("stream", "--to", to, "--tone", "1", "--speed", "2"))
            pools = json.loads(sender.get("/memory.json")[2])["pools"]
            self.assertEqual([pool["name"] for pool in pools], ["audio", "network", "general", "heap"])
            sender.process.wait(30)
            self.assertTrue(sender.end()["complete"])
            figures = self.figures(receiver)
            end = time.monotonic() + 15
            while figures["millpond_receiver_written_bytes_total"] != 32000:  # taken every second
                self.assertLess(time.monotonic(), end)
                time.sleep(0.1)
                figures = self.figures(receiver)
            self.assertEqual(figures["millpond_receiver_connections_total"], 1)
            self.assertEqual(figures["millpond_receiver_missing_samples_total"], 0)
            open_metrics = receiver.get("/metrics", Accept="application/openmetrics-text")[2]
            named = {sample.name for family in open_metrics_families(open_metrics) for sample in family.samples}
            self.assertEqual(named, set(figures))
            page = (pathlib.Path(__file__).parents[3] / "docs/recordings.md").read_text()
            self.assertEqual([name for name in figures if f"`{name}`" not in page], [])
            self.assertEqual(receiver.get("/healthz")[2].strip(), "ok")
            self.assertEqual(receiver.get("/")[0], 404)
        finally:
            report = receiver.end()
        self.assertEqual((receiver.process.returncode, report["streams"][0]["samples_written"]), (0, 16000))


class Long(unittest.TestCase):
    @unittest.skipUnless(LONG, "takes 11 s; the long tests do it")
    def test_an_exchange_that_never_ends_is_ended(self):
        with DEVICE.connect() as idle, DEVICE.connect() as slow, DEVICE.connect() as nonsense:
            start = time.monotonic()
            nonsense.sendall(b"\0\1\2\3\r\n\r\n")
            slow.sendall(b"GET /metrics HTTP/1.1\r\nX: ")
            slow.settimeout(1)
            while time.monotonic() - start < 14:
                try:
                    slow.sendall(b"x")
                    if slow.recv(1) == b"":
                        break
                except TimeoutError:
                    continue
                except ConnectionError:
                    break
            self.assertLess(time.monotonic() - start, 13)
            self.assertEqual((idle.recv(1), nonsense.recv(1)), (b"", b""))

    @unittest.skipUnless(LONG, "the long tests have promtool")
    def test_promtool_finds_nothing_wrong(self):
        promtool = shutil.which("promtool")
        self.assertTrue(promtool, "promtool is not there: scripts/setup long")
        done = subprocess.run([promtool, "check", "metrics"], input=DEVICE.get("/metrics")[2], text=True, capture_output=True)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))


def setUpModule():
    global DEVICE
    DEVICE = Device()


def tearDownModule():
    """It ends cleanly although readers are still there, and whatever they did, no sound was lost."""
    with DEVICE.connect() as stream, DEVICE.connect() as half, DEVICE.connect():
        stream.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        stream.recv(65536)
        half.sendall(b"GET /")
        report = DEVICE.end()
    case = unittest.TestCase()
    case.assertEqual((DEVICE.process.returncode, report["dropped"], report["platform_heap_calls"]), (0, 0, 0))
    case.assertTrue(report["identical"])


unittest.main()
