# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Millpond authors
"""Opens the page of a squeezed device in Chromium. Usage: dashboard_test.py MILLPOND [--picture FILE]

With --picture it tests nothing, but writes a picture of the page for the documentation."""
import http.server
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

from browser import Browser

MILLPOND = sys.argv.pop(1)

# Passes the page `count` updates, half a second apart, made by a function of the number; draws one in 240.
SIMULATE = """
((count, change) => {
  const first = structuredClone(memory);
  for (let number = 1; number <= count; ++number) {
    const next = structuredClone(first);
    next.time_ms += number * 500;
    next.seconds += number / 2;
    next.what_if.seconds = next.seconds;
    change(next, number);
    take(next);
    memory = next;
    if (number %% 240 === 0) draw();
  }
  draw();
})(%d, (next, number) => { %s })"""

# One more block each 25 s that nobody gives back, beside others that come and go.
LEAK = """
next.blocks = [{pool: 'network', index: 0, source: 'busy', size: 20000, granted: 20480, age_ms: (number % 3) * 300}];
for (let at = 0; at * 50 < number && at < 8; ++at) {
  next.blocks.push({pool: 'general', index: at, source: 'leaky', size: 400, granted: 512, age_ms: (number - at * 50) * 500});
}"""
HOUR = """
next.blocks.forEach(block => { block.age_ms += number * 500; });
next.pressure.events = [{number, t: number / 2, kind: 'level', level: 'warning', name: '', bytes: 0}];"""


class Device:
    def __init__(self, port, *options):
        self.folder = tempfile.TemporaryDirectory(prefix="millpond-page-")
        errors = pathlib.Path(self.folder.name, "errors")
        with errors.open("w") as said:
            self.process = subprocess.Popen(
                [MILLPOND, "run", "--json", "--out", self.folder.name, "--http", f"127.0.0.1:{port}", *options],
                stdout=subprocess.DEVNULL, stderr=said)
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)\n", errors.read_text())):
            assert self.process.poll() is None, errors.read_text()
            time.sleep(0.02)
        self.port = int(found[1])

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait()
        self.folder.cleanup()


class Firmware(http.server.BaseHTTPRequestHandler):
    """What the library alone tells, of a device without events."""
    pages = {}

    def do_GET(self):
        page = self.pages.get(self.path)
        self.send_response(200 if page else 404)
        self.end_headers()
        self.wfile.write(page or b"")

    def log_message(self, *_):
        pass


def firmware_like(device):
    """Serves the pages of a device as firmware does."""
    page, memory = (urllib.request.urlopen(f"http://127.0.0.1:{device.port}{path}").read() for path in ("/", "/memory.json"))
    memory = json.loads(memory)
    del memory["pressure"]["events"]
    Firmware.pages = {"/": page, "/memory.json": json.dumps({**memory, "device": None, "boot": None}).encode()}
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Firmware)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def squeezed(speed=8):
    return Device(0, "--tone", "60", "--speed", str(speed), "--squeeze")


def until(browser, condition, what, seconds=15):
    end = time.monotonic() + seconds
    while not browser.evaluate(condition):
        assert time.monotonic() < end, f"not within {seconds} s: {what}: {browser.evaluate('document.body.innerText')}"
        time.sleep(0.05)


def text_of(browser, element):
    return browser.evaluate(f"document.getElementById('{element}').innerText")


class DashboardTest(unittest.TestCase):
    def test_an_hour_of_a_device_with_a_squeeze_a_restart_and_a_leak(self):
        browser = Browser()
        device = squeezed()
        try:
            browser.visit(f"http://127.0.0.1:{device.port}/")
            until(browser, "document.getElementById('link').textContent === 'live' && history_.rows.length > 2", "live")
            self.shows_the_device(browser)
            self.fits(browser)
            until(browser, "/pressure critical/.test(document.getElementById('events').innerText) && "
                           "memory.pressure.events.some(event => event.kind === 'reclaim')", "the squeeze")
            self.assertGreater(browser.evaluate("document.querySelectorAll('#heap canvas').length"), 0)
            self.assertEqual(browser.errors, [])
            device.end()
            until(browser, "/away/.test(document.getElementById('link').textContent)", "the end")
            device = Device(device.port, "--tone", "endless")
            until(browser, "document.getElementById('link').textContent === 'live'", "the device once more")
            firmware = firmware_like(device)
            device.end()
            self.finds_a_leak(browser)
            self.stays_small(browser)
            browser.visit(f"http://127.0.0.1:{firmware.server_port}/")
            until(browser, "document.getElementById('link').textContent === 'live' && history_.rows.length > 1", "asked again")
            self.assertIn("keeps no list", text_of(browser, "events"))
            firmware.shutdown()
            firmware.server_close()
            # What the browser logs of an address that nobody listens at, and of firmware's events.
            self.assertEqual([error for error in browser.errors if "Failed to load resource" not in error], [])
        finally:
            browser.close()
            device.end()

    def shows_the_device(self, browser):
        self.assertEqual(browser.evaluate("[...grids.keys()].join()"), "audio,network,general,heap")
        self.assertIn("you are here", text_of(browser, "front"))
        browser.evaluate("grids.get('network').canvas.focus()")
        browser.evaluate("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}))")
        self.assertIn("network 0: ", text_of(browser, "cell"))
        browser.evaluate("document.activeElement.blur(); document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowLeft'}))")
        self.assertRegex(text_of(browser, "who-when"), r"^at \d\d:\d\d:\d\d")
        browser.evaluate("actions.c()")
        self.assertIn("difference", text_of(browser, "who-table"))
        browser.evaluate("actions.n()")
        self.assertEqual(text_of(browser, "who-when"), "now")

    def fits(self, browser):
        for width, scheme in ((400, "light"), (1280, "dark")):
            browser.show(width, scheme)
            self.assertEqual(browser.evaluate("document.documentElement.scrollWidth"), width)
        self.assertNotEqual(browser.evaluate("grids.get('audio').canvas.getContext('2d').getImageData(20, 20, 1, 1).data[3]"), 0)

    def finds_a_leak(self, browser):
        browser.evaluate("actions.m()")
        browser.evaluate(SIMULATE % (400, LEAK))
        flagged = browser.evaluate("[...document.querySelectorAll('#leaks tr')].map(row => row.innerText)"
                                   ".filter(text => /a leak/.test(text))")
        self.assertEqual([row.split("\t")[0].strip() for row in flagged], ["leaky"])
        self.assertIn("since the mark", text_of(browser, "leaks"))

    def stays_small(self, browser):
        sizes = []
        for updates in (2400, 4800):
            browser.evaluate(SIMULATE % (updates, HOUR))
            browser.call("HeapProfiler.collectGarbage")
            sizes.append((browser.call("Runtime.getHeapUsage")["usedSize"], browser.call("Memory.getDOMCounters")["nodes"],
                          browser.evaluate("history_.rows.length <= mostRows")))
        (bytes_before, nodes_before, _), (bytes_after, nodes_after, bounded) = sizes
        self.assertTrue(bounded)
        self.assertLess(bytes_after - bytes_before, 500_000)
        self.assertLess(nodes_after - nodes_before, 200)


def take_picture(path):
    browser = Browser()
    device = squeezed(speed=4)
    browser.visit(f"http://127.0.0.1:{device.port}/")
    for scheme, width in (("light", 1280), ("dark", 1280), ("light", 400), ("dark", 400)):
        browser.show(width, scheme)
        if width == 1280 and scheme == "light":
            until(browser, "/gave back/.test(document.getElementById('events').innerText)", "the squeeze")
        browser.evaluate("draw()")
        browser.settle()
        name = path if (scheme, width) == ("light", 1280) else path.replace(".png", f"-{scheme}-{width}.png")
        browser.picture(name)
    browser.close()
    device.end()


if __name__ == "__main__":
    if "--picture" in sys.argv:
        take_picture(sys.argv[sys.argv.index("--picture") + 1])
    else:
        unittest.main()
