# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Millpond authors
"""Opens the report of a short comparison in Chromium. Usage: page_test.py MILLPOND [--picture FILE]

With --picture it tests nothing, but writes the memory maps of a device's week for the README."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

from browser import Browser

MILLPOND = sys.argv.pop(1)
POLICIES = 6
SCENARIO_NAME = "<!--<script><b id=injected>&.toml"  # a name that a careless page would take for markup

# How many points of each colour each canvas of the maps has.
MAP_COLOURS = """
[...document.querySelectorAll('#maps canvas')].map(canvas => {
  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const counts = {};
  for (let i = 0; i < data.length; i += 4) {
    const colour = [data[i], data[i + 1], data[i + 2]].join();
    counts[colour] = (counts[colour] || 0) + 1;
  }
  return counts;
})"""

# Each element with a text of its own: the text, its colour and what is behind it.
TEXTS = """
(() => {
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour !== 'rgba(0, 0, 0, 0)') return colour;
    }
    return 'none';
  };
  return [...document.querySelectorAll('header *, main *')]
    .filter(element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
    .filter(element => element.getClientRects().length > 0)
    .map(element => {
      const style = getComputedStyle(element);
      return {text: element.textContent.trim().slice(0, 40), behind: behind(element),
              ink: element.namespaceURI.includes('svg') ? style.fill : style.color,
              opacity: style.opacity};
    });
})()"""

# Texts of drawings that stick out of them.
CUT_TEXTS = """
[...document.querySelectorAll('svg text')].filter(text => {
  const inner = text.getBoundingClientRect();
  const outer = text.ownerSVGElement.getBoundingClientRect();
  return inner.width > 0 && (inner.left < outer.left - 1 || inner.right > outer.right + 1 ||
                             inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1);
}).map(text => text.textContent)"""

# Each shown table: whether it is wider than its frame, whether it says so, and how far its first column moves when
# it is scrolled.
TABLES = """
[...document.querySelectorAll('#tables .table')].map(holder => {
  const frame = holder.firstChild;
  const first = frame.querySelector('tbody th');
  const before = first.getBoundingClientRect().left;
  frame.scrollLeft = 40;
  const moved = first.getBoundingClientRect().left - before;
  frame.scrollLeft = 0;
  return {wider: frame.scrollWidth > frame.clientWidth, moved,
          told: holder.querySelector('.more').getClientRects().length > 0};
})"""

# What each panel of a chart has: how many lines in the colour of its policy, and how many in grey.
PANELS = """
(id => [...document.querySelectorAll(`#${id} > div`)].map((panel, i) => {
  const inks = [...panel.querySelectorAll('path')].map(path => getComputedStyle(path).stroke);
  const rgb = ink => d3.rgb(ink).toString();
  return {text: panel.textContent, others: inks.filter(ink => rgb(ink) === rgb(cssValue('others'))).length,
          own: inks.filter(ink => rgb(ink) === rgb(colour(data.policies[i].policy))).length};
}))"""


def components(colour):
    """The red, green and blue of an rgb() or a #rrggbb, from 0 to 255."""
    if colour.startswith("#"):
        return [int(colour[i:i + 2], 16) for i in (1, 3, 5)]
    return [float(part) for part in colour[colour.index("(") + 1:-1].split(",")[:3]]


def luminance(colour):
    linear = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4
              for c in components(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """The ratio that the Web Content Accessibility Guidelines define, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


folder = tempfile.TemporaryDirectory()
page = pathlib.Path(folder.name) / "report.html"
browser = None


def compare(*options):
    """Writes the report of a comparison with these options to `page`."""
    run = subprocess.run([MILLPOND, "compare", *options, "--html", page], capture_output=True, text=True)
    if run.returncode not in (0, 3):
        raise RuntimeError(run.stdout + run.stderr)


def setUpModule():
    global browser
    scenario = page.with_name(SCENARIO_NAME)
    # Static buffers too few to last, so that there is a failure to show.
    scenario.write_text(f"name = '{SCENARIO_NAME}'\n[static]\nsmall = 20\n")
    compare("--days", "0.1", "--seeds", "2", "--scenario", scenario)
    browser = Browser()


def tearDownModule():
    if browser:
        browser.close()
    folder.cleanup()


class Shown:
    """The page, opened once, `width` pixels wide in the colour scheme `scheme`."""

    @classmethod
    def setUpClass(cls):
        browser.errors.clear()
        browser.requests.clear()
        browser.show(cls.width, cls.scheme)
        browser.open(str(page))

    def test_says_nothing_wrong_and_asks_no_network(self):
        self.assertEqual(browser.errors, [])
        outside = [url for url in browser.requests if url not in (f"file://{page}", "data:,")]
        self.assertEqual(outside, [])

    def test_opens_with_how_far_each_policy_was_from_a_refusal(self):
        lead = browser.evaluate("document.getElementById('lead').textContent")
        self.assertRegex(lead, r"the heap beside Millpond's pools had room for [\d,]+ bytes: [\d,]+ (more|less) than a TLS record")
        self.assertRegex(lead, r"costs at most 2 steps; on another policy up to \d+")
        rows = browser.evaluate("[...document.querySelectorAll('#verdict tbody tr')].map(row => ({text: row.textContent, "
                                "bar: row.querySelectorAll('.bar i').length}))")
        self.assertEqual(len(rows), POLICIES)
        for row in rows:
            is_static = row["text"].startswith("Static")
            self.assertEqual(row["bar"], 0 if is_static else 1, row)
            self.assertRegex(row["text"], "refused in 2 of 2" if is_static else r"bytes (to spare|short)room for [\d,]+")

    def test_draws_a_survival_curve_a_policy_over_a_logarithm_of_time(self):
        curves = browser.evaluate(
            "[...document.querySelectorAll('#survival-chart path.curve')].map(path => "
            "({length: path.getTotalLength(), dash: path.getAttribute('stroke-dasharray'), "
            "ink: getComputedStyle(path).stroke}))")
        self.assertEqual(len(curves), POLICIES)
        self.assertTrue(all(curve["length"] > self.width / 2 for curve in curves), curves)
        self.assertEqual(len({str(curve["dash"]) for curve in curves}), POLICIES, "dashes must tell lines apart")
        self.assertEqual(len({curve["ink"] for curve in curves}), POLICIES)
        ticks = browser.evaluate("document.querySelector('#survival-chart').textContent")
        self.assertIn("10 min", ticks)
        self.assertIn("1 hour", ticks)

    def test_shows_what_was_free_at_each_failure(self):
        failed = browser.evaluate("data.policies.filter(policy => policy.earliest).length")
        self.assertGreater(failed, 0, "the comparison must have a failure to show")
        bars = browser.evaluate(
            "[...document.querySelectorAll('#why-chart rect')].map(bar => bar.getBoundingClientRect().width)")
        self.assertEqual(len(bars), 2 * failed + 2, "two a policy, two in the key")
        self.assertTrue(all(width > 0 for width in bars), bars)

    def test_draws_each_policy_against_the_others(self):
        for panels in ("largest-panels", "fragmentation-panels", "whatif-panels"):
            drawn = browser.evaluate(f"{PANELS}('{panels}')")
            self.assertEqual(len(drawn), POLICIES, panels)
            for panel in drawn:
                self.assertEqual((panel["own"], panel["others"]), (1, POLICIES - 1), f"{panels}: {panel}")

    def test_shows_what_memory_buys_and_where_one_is(self):
        panels = browser.evaluate(
            "[...document.querySelectorAll('#whatif-panels > div')].map((panel, i) => ({text: panel.textContent, "
            "points: panel.querySelectorAll('circle').length, "
            "backlogs: data.backlog.filter(point => point.policy === data.policies[i].policy).length}))")
        for panel in panels:
            self.assertIn("you are here", panel["text"])
            self.assertGreater(panel["points"], 0)
            self.assertEqual(panel["points"], panel["backlogs"])
            self.assertEqual("no RAM for more" in panel["text"], panel["backlogs"] < 3, panel["text"])
        self.assertIn("Each point is 1 device for 0.1 days", browser.evaluate("document.getElementById('whatif').textContent"))

    def test_maps_the_memory_of_each_policy_in_the_colours_of_its_classes(self):
        failed = browser.evaluate("data.policies.filter(policy => policy.map.failure).length")
        maps = browser.evaluate(MAP_COLOURS)
        self.assertEqual(len(maps), POLICIES + failed, "one a policy, and a strip a failure")
        key = browser.evaluate("[...document.querySelectorAll('#map-key i')].map(entry => getComputedStyle(entry).backgroundColor)")
        self.assertEqual(len(set(key)), 8, "seven that hold memory, and what is free")
        inks = [",".join(str(int(part)) for part in components(ink)) for ink in key]
        for map_, colours in enumerate(maps):
            cells = sum(colours.values())
            known = sum(colours.get(ink, 0) for ink in inks)
            self.assertGreater(known, cells / 2, f"most of map {map_} is free or all held by one class")
        for ink in inks:
            self.assertTrue(any(ink in colours for colours in maps), f"{ink} is in the key, but in no map")

    def test_names_the_static_buffers_and_every_pool_on_the_map(self):
        names = browser.evaluate("[...document.querySelectorAll('#maps > div')].slice(0, 2).map(map => "
                                 "[...map.querySelectorAll('.map-region')].map(text => text.textContent))")
        self.assertEqual(names, [["static", "audio", "network", "general", "heap"],
                                 ["static", "audio", "network", "general", "pbufs", "TLS", "heap"]])

    def test_marks_the_failure_where_it_happened(self):
        told = browser.evaluate("[...document.querySelectorAll('#maps > div')].map((map, i) => ({text: map.textContent, "
                                "failed: data.policies[i].map.failure !== null, marks: [...map.querySelectorAll('path')].filter("
                                "path => path.getAttribute('stroke-dasharray') === '6 3').length}))")
        for map_ in told:
            self.assertEqual(map_["marks"], 1 if map_["failed"] else 0, map_["text"])
            self.assertIn("First refused after" if map_["failed"] else "Nothing was refused", map_["text"])

    def test_names_both_axes_of_every_chart(self):
        texts = browser.evaluate(
            "['#survival-chart', '#largest-panels > div', '#fragmentation-panels > div', '#whatif-panels > div', "
            "'#maps > div:first-child'].map(chart => document.querySelector(chart).textContent)")
        for text, axes in zip(texts, (["time since", "still alive"], ["days since", "KiB"], ["days since", "fragmentation"],
                                      ["backlog, KiB", "sound lost"], ["address, KiB", "day"])):
            for axis in axes:
                self.assertIn(axis, text)

    def test_fits_its_width(self):
        self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), self.width)
        self.assertEqual(browser.evaluate(CUT_TEXTS), [])

    def test_says_where_a_table_scrolls_and_keeps_its_first_column(self):
        tables = browser.evaluate(TABLES)
        self.assertGreater(len(tables), 10)
        self.assertLessEqual(sum(table["wider"] for table in tables), 2 if self.width < 500 else 0)
        for table in tables:
            self.assertEqual(table["told"], table["wider"], table)
            self.assertLess(abs(table["moved"]), 1, table)

    def test_is_readable(self):
        texts = browser.evaluate(TEXTS)
        self.assertGreater(len(texts), 100)
        for text in texts:
            self.assertEqual(text["opacity"], "1", text)
            self.assertGreaterEqual(contrast(text["ink"], text["behind"]), 4.5, text)

    def test_has_lines_that_stand_out(self):
        background = browser.evaluate("cssValue('background')")
        for ink in browser.evaluate("data.policies.map(policy => colour(policy.policy))"):
            self.assertGreaterEqual(contrast(ink, background), 3, ink)


class OnTheDesk(Shown, unittest.TestCase):
    width, scheme = 1280, "light"


class OnTheDeskAtNight(Shown, unittest.TestCase):
    width, scheme = 1280, "dark"


class OnAPhone(Shown, unittest.TestCase):
    width, scheme = 400, "light"


class OnAPhoneAtNight(Shown, unittest.TestCase):
    width, scheme = 400, "dark"


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        browser.show(1280, "light")
        browser.open(str(page))

    def test_stays_fitting_when_the_window_changes(self):
        browser.show(400, "light")
        self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), 400)

    def test_redraws_in_the_other_colours(self):
        ink = "getComputedStyle(document.querySelector('#survival-chart path.curve')).stroke"
        browser.show(1280, "light")
        light = browser.evaluate(ink)
        browser.show(1280, "dark")
        self.assertNotEqual(browser.evaluate(ink), light)

    def test_says_when_it_is_partial(self):
        shown = "document.getElementById('partial').getClientRects().length"
        self.assertEqual(browser.evaluate(shown), 0)
        browser.evaluate("{ data.unfinished = 3; drawSummary(); }")
        self.assertEqual(browser.evaluate(shown), 1)
        self.assertIn("3 devices had not finished", browser.evaluate("document.querySelector('header').textContent"))

    def test_gives_its_advice_before_the_tables(self):
        self.assertIn("Advice: ", browser.evaluate("document.getElementById('advice').textContent"))
        order = browser.evaluate("[...document.querySelectorAll('main > section')].map(section => section.id)")
        self.assertEqual(order[:2], ["summary", "map"])
        self.assertLess(order.index("todo"), order.index("figures"))

    def test_takes_a_name_for_a_text(self):
        self.assertIn(SCENARIO_NAME, browser.evaluate("document.querySelector('h1').textContent"))
        self.assertEqual(browser.evaluate("document.querySelectorAll('#injected').length"), 0)

    def test_tells_how_to_run_it_again(self):
        command = browser.evaluate("document.getElementById('command').textContent")
        self.assertIn("millpond compare --days 0.1 --seeds 2 --scenario '", command)
        self.assertIn("small = 20", browser.evaluate("document.getElementById('scenario-text').textContent"))


def write_picture(path):
    global browser
    compare("--days", "7", "--seeds", "1", "--policy", "pools", "esp-idf", "heap_4", "tlsf")
    browser = Browser()
    browser.show(1080, "light")
    browser.open(str(page))
    browser.picture(path, **browser.evaluate(
        "(({left, top, width, height}) => ({left: left - 10, top: top - 10, width: width + 20, height: height + 20}))"
        "(document.getElementById('map').getBoundingClientRect())"))
    tearDownModule()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--picture"]:
        write_picture(sys.argv[2])
    else:
        unittest.main(verbosity=2)
