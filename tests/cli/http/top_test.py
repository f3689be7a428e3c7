# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Millpond authors
"""Looks at devices with `millpond top`, good ones and bad ones. Usage: top_test.py MILLPOND"""
import copy
import fcntl
import http.server
import json
import os
import pty
import pathlib
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import unittest

import at_once

MILLPOND = sys.argv.pop(1)
VERSION = subprocess.run([MILLPOND, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]


def pool(name, capacity, size, in_use, exhausted=0):
    return {"name": name, "block_size": size, "capacity": capacity, "in_use": in_use, "peak": in_use, "allocations": 9,
            "frees": 9, "exhausted": exhausted, "oversize": 0, "fallbacks": 0, "rejected": 0}


def block(where, index, source, granted, age_ms=100):
    return {"pool": where, "index": index, "source": source, "size": granted, "granted": granted, "age_ms": age_ms}


MEMORY = {
    "device": "kitchen", "boot": "1", "version": VERSION, "time_ms": 0, "seconds": 100000.5, "static_bytes": 0,
    "pools": [pool("audio", 4, 4096, 2), pool("network", 2, 20480, 1, exhausted=3), pool("general", 8, 512, 3),
              pool("heap", 65536, 1, 700)],
    "blocks": [block("audio", 0, "capture", 4096), block("audio", 2, "mixer", 4096),
               block("network", 0, "uplink", 20480), block("general", 4, "json", 1536, 60000)],
    "heap": {"free": 90000, "largest": 15000}, "pressure": {"level": "warning", "events": []}, "what_if": {}}


class Device(http.server.ThreadingHTTPServer):
    """Answers /memory.json with what `memory` has; a status or a text if it is one."""

    def __init__(self, memory):
        self.memory = memory
        self.asked = []
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        self.address = f"127.0.0.1:{self.server_port}"

    def __exit__(self, *arguments):
        self.shutdown()
        super().__exit__(*arguments)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, self.headers.get("Authorization")))
        memory = self.server.memory
        self.send_response(memory if isinstance(memory, int) else 200)
        self.end_headers()
        self.wfile.write((memory if isinstance(memory, str) else json.dumps(memory)).encode())

    def log_message(self, *_):
        pass


def once(address, *options):
    return subprocess.run([MILLPOND, "top", address, "--once", *options], capture_output=True, text=True, timeout=60)


class Screen:
    """A terminal of a size, in which `millpond top` runs."""

    def __init__(self, address, columns=80, rows=24):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process = subprocess.Popen([MILLPOND, "top", address], stdout=slave, stderr=subprocess.PIPE, text=True,
                                        env={**os.environ, "TERM": "xterm", "NO_COLOR": "1"})
        os.close(slave)

    def until(self, text, seconds=30):
        """Everything written until `text` was."""
        seen, end = "", time.monotonic() + seconds
        while text not in seen and time.monotonic() < end:
            if select.select([self.master], [], [], 0.2)[0]:
                seen += os.read(self.master, 65536).decode(errors="replace")
        assert text in seen, f"no {text!r} in {seen!r}"
        return seen

    def end(self):
        self.process.send_signal(signal.SIGINT)
        threading.Thread(target=lambda: select.select([self.master], [], [], 5), daemon=True).start()
        status = self.process.wait(30)
        self.process.stderr.close()
        os.close(self.master)
        return status


class TopTest(unittest.TestCase):
    def test_once_prints_each_pool_as_cells_and_each_source(self):
        with Device(MEMORY) as device:
            done = once(device.address)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        lines = done.stdout.splitlines()
        self.assertEqual(lines[0], f"kitchen at {device.address}, up 27 h, pressure warning")
        self.assertRegex(done.stdout, r"(?m)^audio +c\.m\. +2 of 4 +x +4096 B, peak 2$")
        self.assertRegex(done.stdout, r"(?m)^network +u\. +1 of 2 +x 20480 B, peak 1, exhausted 3$")
        self.assertRegex(done.stdout, r"(?m)^general +\.\.\.\.jjj\. +3 of 8")
        self.assertIn("heap      90000 B free, largest hole 15000 B", done.stdout)
        self.assertRegex(done.stdout, r"(?m)^fallback +700 B of 65536 B")
        self.assertEqual(re.findall(r"(?m)^(\w) (\w+) +(\d+) +(\d+) +(.*?) +█", done.stdout)[0],
                         ("u", "uplink", "20480", "1", "0 s"))
        self.assertRegex(done.stdout, r"(?m)^j json +1536 +1 +60 s")

    def test_a_device_may_have_no_name_and_nobody_who_watches_its_heap(self):
        with Device({**MEMORY, "device": None, "boot": None, "pressure": {"level": None}}) as device:
            done = once(device.address)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout.splitlines()[0], f"a device at {device.address}, up 27 h, pressure not watched")

    def test_reads_the_path_of_a_fleets_device_and_sends_a_token(self):
        with Device(MEMORY) as device, tempfile.NamedTemporaryFile("w") as token:
            token.write("a-token-of-the-test\n")
            token.flush()
            done = once(f"http://{device.address}/device/0007/", "--http-token", token.name)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(device.asked, [("/device/0007/memory.json", "Bearer a-token-of-the-test")])

    def test_says_in_one_line_what_is_wrong(self):
        damaged = copy.deepcopy(MEMORY)
        del damaged["heap"]
        other = {**damaged, "version": "9.9.9"}
        huge = {**MEMORY, "pools": [pool("audio", 10 ** 9, 1, 0), pool("heap", 1, 1, 0)]}
        for memory, text in [(401, "wrong or no token"), (404, "status 404"), ("<html>", "no memory of a Millpond"),
                             ([], "no memory of a Millpond"), (damaged, "its memory cannot be read"),
                             (other, "it is version 9.9.9 and this command version " + VERSION),
                             (huge, "pool audio is too large"), ("x" * 5_000_000, "more than 4194304 bytes")]:
            with Device(memory) as device:
                done = once(device.address)
            self.assertEqual((done.returncode, done.stdout), (1, ""), text)
            self.assertIn(text, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)

    def test_says_that_nobody_listens_and_what_no_address_is(self):
        with Device(MEMORY) as device:
            address = device.address
        done = once(address)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"cannot read http://\S+/memory.json: .*(refused|connect)")
        for wrong in ("here", "host:", "host:99999", ""):
            self.assertEqual(once(wrong).returncode, 2, wrong)
        done = subprocess.run([MILLPOND, "top", address], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 2)
        self.assertIn("no terminal that can be redrawn: give --once", done.stderr)

    def test_a_name_cannot_move_the_cursor(self):
        sly = copy.deepcopy(MEMORY)
        sly["blocks"][0]["source"] = "\x1b[2Jx\n\u009b7m"
        sly["seconds"] = 1e300
        with Device(sly) as device:
            done = once(device.address)
        self.assertNotIn("\x1b", done.stdout)
        self.assertNotIn("\u009b", done.stdout)
        self.assertIn("?[2Jx??7m", done.stdout)

    def test_a_terminal_of_80_by_24_is_never_exceeded(self):
        many = copy.deepcopy(MEMORY)
        many["pools"].insert(3, pool("wide", 100, 64, 60))
        many["blocks"] += [block("wide", index, f"source-{index}", 64) for index in range(60)]
        with Device(many) as device:
            screen = Screen(device.address)
            lines = screen.until("more\r\n").split("\r\n")
            self.assertEqual(screen.end(), 0)
        self.assertLess(len(lines), 25)
        for line in lines:
            self.assertLessEqual(len(re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", line)), 80)

    def test_goes_on_when_the_device_was_away(self):
        with Device(MEMORY) as device:
            screen = Screen(device.address)
            screen.until("kitchen")
            device.memory = 503
            screen.until("away for")
            device.memory = {**MEMORY, "device": "back again", "boot": "2"}
            screen.until("back again")
            self.assertEqual(screen.end(), 0)


at_once.run(TopTest)
