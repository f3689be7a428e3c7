# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Millpond authors
"""Opens the page of a squeezed device in Chromium. Usage: dashboard_test.py MILLPOND [--picture FILE]

With --picture it tests nothing, but writes pictures of the page, with a scripted device, for the documentation:
PYTHONPATH=tests/lab/report python3 tests/cli/http/dashboard_test.py build/release/bin/millpond --picture docs/live.png"""
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

# Passes the page `count` updates, half a second apart, made by a function of the number; draws one in 480.
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
    if (number %% 480 === 0) draw();
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


# For the picture: twenty minutes, a row every two seconds. A stressor eats the heap, reclaimers give back, and
# "wifi-event" takes one more block every five minutes.
PICTURE = """
(() => {
  const row = 2, count = 600, squeeze = 300, low = 400, begin = Date.now() - count * row * 1000;
  const size = {audio: 4096, network: 20480, general: 512, tls: 16720};
  const pool = (name, capacity, peak, more) => ({name, block_size: size[name], capacity, peak, allocations: 9, frees: 9,
                                                 exhausted: 0, oversize: 0, fallbacks: 0, rejected: 0, in_use: 0, ...more});
  const sizes = (name, ...refused_with) => ({name, kind: 'blocks', blocks: refused_with.length - 1, block_size: size[name],
                                             exact: true, why: '', refused_with});
  const events = [];
  const tell = (at, kind, level, name, bytes) => events.push({number: events.length + 1, t: at * row, kind, level, name, bytes});
  tell(361, 'level', 'warning', '', 0);
  tell(384, 'level', 'critical', '', 0);
  tell(385, 'reclaim', 'critical', 'chunk size', 20480);
  tell(392, 'reclaim', 'critical', 'json cache', 6144);
  tell(401, 'released', 'critical', '', 33440);
  tell(404, 'level', 'warning', '', 0);
  tell(428, 'level', 'normal', '', 0);
  tell(440, 'reacquired', 'normal', '', 33440);
  for (let n = 0; n <= count; ++n) {
    const blocks = [];
    const hold = (pool, index, source, size_, since) => blocks.push({pool, index, source, size: size_,
        granted: size[pool] ? Math.ceil(size_ / size[pool]) * size[pool] : size_, age_ms: (n - since) * row * 1000 + 120});
    const away = n > 320 && n < 430;
    hold('audio', 0, 'capture', 4096, n);
    if (n % 5 < 2) hold('audio', 1, 'capture', 4096, n);
    if (n % 7 < 3) hold('audio', 2, 'mixer', 3840, n);
    hold('network', 0, 'uplink', 19200, away ? 321 : n);
    if (away || n % 60 > 56) hold('network', 1, 'uplink', 19200, away ? 330 : n);
    hold('general', 0, 'event bus', 480, 0);
    if (away || n === count) hold('general', 1, 'backlog', 900, away ? 340 : count - 4);
    [120, 270, 420, 570].forEach((since, at) => { if (n >= since) hold('general', 4 + at, 'wifi-event', 200, since); });
    if (n < 320 || n > 440) hold('tls', 0, 'tls', 16717, n < 320 ? 0 : 441);
    if (n % 40 > 25) hold('heap', 0, 'json', 2800 + n % 9 * 400, n - n % 40 + 26);
    const eaten = n < squeeze ? 0 : n < low ? (n - squeeze) * 1100 : Math.max(0, 110000 - (n - low) * 3000);
    const free = Math.max(7000, 118000 - eaten + Math.round(2500 * Math.sin(n / 9)));
    const part = blocks.filter(block => block.pool !== 'heap');
    const pools = [pool('audio', 4, 3), pool('network', 2, 2, {exhausted: 3, fallbacks: 3}), pool('general', 8, 8), pool('tls', 2, 1)];
    for (const each of pools) each.in_use = part.filter(block => block.pool === each.name).reduce((sum, block) => sum + block.granted / each.block_size, 0);
    pools.push({...pool('heap', 65536, 20480, {block_size: 1}), in_use: blocks.reduce((sum, block) => sum + (block.pool === 'heap' ? block.size : 0), 0)});
    const level = n > 361 && n <= 384 || n > 404 && n < 428 ? 'warning' : n > 384 && n <= 404 ? 'critical' : 'normal';
    take({device: 'kitchen', boot: 'e1bb975b00000000', version: memory.version, time_ms: begin + n * row * 1000, seconds: n * row,
          pools, released: [], blocks, static_bytes: 16384, heap: {free, largest: Math.round(free * (n < low ? 0.93 : 0.78))},
          pressure: {level, events: events.filter(event => event.t <= n * row)},
          what_if: {format: 1, seconds: n * row, pools: [
            sizes('audio', 4690, 1850, 260, 0, 0), sizes('network', 2000, 118, 3), sizes('tls', 2, 0, 0),
            {...sizes('general', 40, 30, 22, 15, 9, 5, 2, 1, 0), exact: false, kind: 'runs', why: 'its requests take runs of granules'}]}});
  }
  draw();
})()"""


TOKEN = tempfile.NamedTemporaryFile("w+")
TOKEN.write("a-token-of-the-test\n")
TOKEN.seek(0)


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
    page, memory = (urllib.request.urlopen(urllib.request.Request(
        f"http://127.0.0.1:{device.port}{path}", headers={"Authorization": "Bearer a-token-of-the-test"})).read()
        for path in ("/", "/memory.json"))
    memory = json.loads(memory)
    memory["pressure"] = {"level": None}
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
            device = Device(device.port, "--tone", "endless", "--http-token", TOKEN.name)
            self.asks_for_the_token(browser)
            firmware = firmware_like(device)
            device.end()
            self.finds_a_leak(browser)
            self.stays_small(browser)
            browser.visit(f"http://127.0.0.1:{firmware.server_port}/")
            until(browser, "document.getElementById('link').textContent === 'live' && history_.rows.length > 1", "asked again")
            self.assertIn("keeps no list", text_of(browser, "events"))
            self.assertEqual(text_of(browser, "level"), "")
            self.follows_the_clock(browser)
            self.shows_strange_names(browser)
            firmware.shutdown()
            firmware.server_close()
            # What the browser logs of an address that nobody listens at, and of firmware's events.
            self.assertEqual([error for error in browser.errors if "Failed to load resource" not in error], [])
        finally:
            browser.close()
            device.end()

    def asks_for_the_token(self, browser):
        for entered, then in (("a-wrong-one", "/not this device/.test(document.getElementById('token').innerText)"),
                              (TOKEN.read(), "document.getElementById('link').textContent === 'live'")):
            until(browser, "!document.getElementById('token').hidden", "the form")
            browser.evaluate(f"document.getElementById('token-text').value = {json.dumps(entered.strip())};"
                             "document.querySelector('#token button').click()")
            until(browser, then, entered)

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
        self.assertEqual(text_of(browser, "leak"), "leak? leaky")

    def follows_the_clock(self, browser):
        """A clock that is set moves what was seen; one that is behind after a restart drops it."""
        set_, lives, left = browser.evaluate("""(() => {
          const seen = new History(10);
          const add = (boot, time_ms, seconds) => seen.add({...memory, boot, time_ms, seconds});
          add('a', 5000, 5); add('a', 9000, 9); add('a', 1e12, 10);
          const set = seen.rows.map(row => row.t);
          add('b', 1e12 + 9000, 1);
          const lives = seen.rows.map(row => row.life);
          add('c', 500, 0.5);
          return [set, lives, seen.rows.length];
        })()""")
        self.assertEqual((set_, lives, left), ([10**12 - 5000, 10**12 - 1000, 10**12], [0, 0, 0, 1], 1))

    def shows_strange_names(self, browser):
        """Names that JavaScript has for its own, that are no words, and more of them than a table can have."""
        browser.evaluate("""(() => {
          const next = structuredClone(memory);
          const names = ['__proto__', 'constructor', '<img src=x onerror="strange = 1">', 'n'.repeat(300)];
          for (let at = 0; at < 100; ++at) names.push('source ' + at);
          next.blocks = names.map((source, index) => ({pool: 'heap', index, source, size: 900 - index, granted: 900 - index, age_ms: 60000}));
          next.pressure.events = [{number: 1, t: 0, kind: 'toString', level: 'normal', name: '', bytes: 0}];
          next.time_ms += 1;
          take(next);
          memory = next;
          draw();
        })()""")
        rows = browser.evaluate("[...document.querySelectorAll('#who-table tbody tr')].map(row => row.innerText.split('\\t')[0].trim())")
        self.assertEqual((rows[:2], len(rows)), (["__proto__", "constructor"], 60))
        self.assertIn("and 44 more", text_of(browser, "who-table"))
        self.assertEqual(text_of(browser, "events").split("\n")[-1], "toString")
        self.assertIsNone(browser.evaluate("window.strange"))
        browser.show(400, "light")
        self.assertEqual(browser.evaluate("document.documentElement.scrollWidth"), 400)

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
        self.assertLess(nodes_after - nodes_before, 100)


def take_picture(path):
    browser = Browser()
    device = Device(0, "--tone", "endless")
    browser.visit(f"http://127.0.0.1:{device.port}/")
    until(browser, "history_.rows.length > 0", "the device")
    device.end()
    until(browser, "/away/.test(document.getElementById('link').textContent)", "the end")
    browser.evaluate("connect = follow = null; grids.clear(); clear('pools'); history_.rows = []; history_.sources = []; setLink('live', false)")
    browser.evaluate(PICTURE)
    for scheme, width in (("light", 1280), ("dark", 1280), ("light", 400), ("dark", 400)):
        browser.show(width, scheme)
        browser.evaluate("draw()")
        browser.settle()
        browser.picture(path if (scheme, width) == ("light", 1280) else path.replace(".png", f"-{scheme}-{width}.png"))
    browser.close()


if __name__ == "__main__":
    if "--picture" in sys.argv:
        take_picture(sys.argv[sys.argv.index("--picture") + 1])
    else:
        unittest.main()
