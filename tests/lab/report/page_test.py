# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Millpond authors
"""Opens the report of a short comparison in Chromium. Usage: page_test.py MILLPOND"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

from browser import Browser

MILLPOND = sys.argv.pop(1)
POLICIES = 5
SCENARIO_NAME = "<!--<script><b id=injected>&.toml"  # a name that a careless page would take for markup

# The colours of all points of a canvas, and how many points have each.
CANVAS_COLOURS = """
(canvas => {
  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const counts = {};
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] === 0) continue;
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


def setUpModule():
    global browser
    scenario = page.with_name(SCENARIO_NAME)
    # Static buffers too few to last, so that there is a failure to show.
    scenario.write_text(f"name = '{SCENARIO_NAME}'\n[static]\nsmall = 20\n")
    run = subprocess.run([MILLPOND, "compare", "--days", "0.2", "--seeds", "2", "--scenario", scenario, "--html",
                          page], capture_output=True, text=True)
    if run.returncode != 0:
        raise RuntimeError(run.stdout + run.stderr)
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

    def test_draws_a_survival_curve_a_policy(self):
        curves = browser.evaluate(
            "[...document.querySelectorAll('#survival-chart path.curve')].map(path => "
            "({length: path.getTotalLength(), dash: path.getAttribute('stroke-dasharray'), "
            "ink: getComputedStyle(path).stroke}))")
        self.assertEqual(len(curves), POLICIES)
        self.assertTrue(all(curve["length"] > self.width / 2 for curve in curves), curves)
        self.assertEqual(len({str(curve["dash"]) for curve in curves}), POLICIES, "dashes must tell lines apart")
        self.assertEqual(len({curve["ink"] for curve in curves}), POLICIES)

    def test_shows_what_was_free_at_each_failure(self):
        failed = browser.evaluate("data.policies.filter(policy => policy.earliest).length")
        self.assertGreater(failed, 0, "the comparison must have a failure to show")
        bars = browser.evaluate(
            "[...document.querySelectorAll('#why-chart rect')].map(bar => bar.getBoundingClientRect().width)")
        self.assertEqual(len(bars), 2 * failed + 2, "two a policy, two in the key")
        self.assertTrue(all(width > 0 for width in bars), bars)

    def test_draws_each_policy_over_time(self):
        for chart in ("largest", "fragmentation", "scatter"):
            colours = browser.evaluate(
                f"{CANVAS_COLOURS}(document.querySelectorAll('#{chart}-chart canvas')[0])")
            for ink in browser.evaluate("data.policies.map(policy => colour(policy.policy))"):
                drawn = ",".join(str(part) for part in components(ink))
                self.assertGreater(colours.get(drawn, 0), 30, f"{chart} has no line of {ink}")

    def test_maps_the_memory_of_each_policy(self):
        count = browser.evaluate("document.querySelectorAll('#maps canvas').length")
        self.assertEqual(count, POLICIES)
        for i in range(count):
            colours = browser.evaluate(f"{CANVAS_COLOURS}(document.querySelectorAll('#maps canvas')[{i}])")
            free, held = (",".join(str(part) for part in components(browser.evaluate(f"cssValue('{name}')")))
                          for name in ("free", "held"))
            cells = sum(colours.values())
            self.assertGreater(colours.get(free, 0), cells / 20, "some memory must be free")
            self.assertGreater(colours.get(held, 0), cells / 20, "some memory must be held")

    def test_names_both_axes_of_every_chart(self):
        texts = browser.evaluate(
            "['#survival-chart', '#largest-chart', '#fragmentation-chart', '#scatter-chart', "
            "'#maps > div:first-child'].map(chart => document.querySelector(chart).textContent)")
        for text, axes in zip(texts, (["days of", "still alive"], ["days of", "KiB"], ["days of", "fragmentation"],
                                      ["days of", "scatter"], ["address, KiB", "day"])):
            for axis in axes:
                self.assertIn(axis, text)

    def test_fits_its_width(self):
        self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), self.width)
        self.assertEqual(browser.evaluate(CUT_TEXTS), [])

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
    def test_stays_fitting_when_the_window_changes(self):
        browser.show(1280, "light")
        browser.open(str(page))
        browser.show(400, "light")
        self.assertLessEqual(browser.evaluate("document.documentElement.scrollWidth"), 400)

    def test_redraws_in_the_other_colours(self):
        ink = "getComputedStyle(document.querySelector('#survival-chart path.curve')).stroke"
        browser.show(1280, "light")
        browser.open(str(page))
        light = browser.evaluate(ink)
        browser.show(1280, "dark")
        self.assertNotEqual(browser.evaluate(ink), light)

    def test_takes_a_name_for_a_text(self):
        browser.open(str(page))
        self.assertIn(SCENARIO_NAME, browser.evaluate("document.querySelector('h1').textContent"))
        self.assertEqual(browser.evaluate("document.querySelectorAll('#injected').length"), 0)

    def test_tells_how_to_run_it_again(self):
        browser.open(str(page))
        command = browser.evaluate("document.getElementById('command').textContent")
        self.assertIn("millpond compare --days 0.2 --seeds 2 --scenario '", command)
        self.assertIn("small = 20", browser.evaluate("document.getElementById('scenario-text').textContent"))

if __name__ == "__main__":
    unittest.main(verbosity=2)
