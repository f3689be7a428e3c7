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


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.folder.name)
        scenario = folder / SCENARIO_NAME
        # Static buffers too few to last, so that there is a failure to show.
        scenario.write_text(f"name = '{SCENARIO_NAME}'\n[static]\nsmall = 20\n")
        cls.page = folder / "report.html"
        run = subprocess.run([MILLPOND, "compare", "--days", "0.2", "--seeds", "2", "--scenario", scenario, "--html",
                              cls.page], capture_output=True, text=True)
        if run.returncode != 0:
            raise RuntimeError(run.stdout + run.stderr)
        cls.browser = Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.folder.cleanup()

    def shown(self):
        """Opens the page at each width in each colour scheme."""
        for width in (1280, 400):
            for scheme in ("light", "dark"):
                print(f"  {width} pixels, {scheme}", file=sys.stderr)
                self.browser.show(width, scheme)
                self.browser.open(str(self.page))
                yield width

    def test_says_nothing_wrong_and_asks_no_network(self):
        self.browser.errors.clear()
        self.browser.requests.clear()
        for _ in self.shown():
            self.assertEqual(self.browser.errors, [])
            outside = [url for url in self.browser.requests if url not in (f"file://{self.page}", "data:,")]
            self.assertEqual(outside, [])

    def test_draws_a_survival_curve_a_policy(self):
        for width in self.shown():
            curves = self.browser.evaluate(
                "[...document.querySelectorAll('#survival-chart path.curve')].map(path => "
                "({length: path.getTotalLength(), dash: path.getAttribute('stroke-dasharray'), "
                "ink: getComputedStyle(path).stroke}))")
            self.assertEqual(len(curves), POLICIES)
            self.assertTrue(all(curve["length"] > width / 2 for curve in curves), curves)
            self.assertEqual(len({str(curve["dash"]) for curve in curves}), POLICIES, "dashes must tell lines apart")
            self.assertEqual(len({curve["ink"] for curve in curves}), POLICIES)

    def test_shows_what_was_free_at_each_failure(self):
        for _ in self.shown():
            failed = self.browser.evaluate("data.policies.filter(policy => policy.earliest).length")
            self.assertGreater(failed, 0, "the comparison must have a failure to show")
            bars = self.browser.evaluate(
                "[...document.querySelectorAll('#why-chart rect')].map(bar => bar.getBoundingClientRect().width)")
            self.assertEqual(len(bars), 2 * failed + 2, "two a policy, two in the key")
            self.assertTrue(all(width > 0 for width in bars), bars)

    def test_draws_each_policy_over_time(self):
        for _ in self.shown():
            for chart in ("largest", "fragmentation", "scatter"):
                colours = self.browser.evaluate(
                    f"{CANVAS_COLOURS}(document.querySelectorAll('#{chart}-chart canvas')[0])")
                for ink in self.browser.evaluate("data.policies.map(policy => colour(policy.policy))"):
                    drawn = ",".join(str(part) for part in components(ink))
                    self.assertGreater(colours.get(drawn, 0), 30, f"{chart} has no line of {ink}")

    def test_maps_the_memory_of_each_policy(self):
        for _ in self.shown():
            count = self.browser.evaluate("document.querySelectorAll('#maps canvas').length")
            self.assertEqual(count, POLICIES)
            for i in range(count):
                colours = self.browser.evaluate(f"{CANVAS_COLOURS}(document.querySelectorAll('#maps canvas')[{i}])")
                free, held = (",".join(str(part) for part in components(self.browser.evaluate(f"cssValue('{name}')")))
                              for name in ("free", "held"))
                cells = sum(colours.values())
                self.assertGreater(colours.get(free, 0), cells / 20, "some memory must be free")
                self.assertGreater(colours.get(held, 0), cells / 20, "some memory must be held")

    def test_names_both_axes_of_every_chart(self):
        for _ in self.shown():
            texts = self.browser.evaluate(
                "['#survival-chart', '#largest-chart', '#fragmentation-chart', '#scatter-chart', "
                "'#maps > div:first-child'].map(chart => document.querySelector(chart).textContent)")
            for text, axes in zip(texts, (["days of", "still alive"], ["days of", "KiB"], ["days of", "fragmentation"],
                                          ["days of", "scatter"], ["address, KiB", "day"])):
                for axis in axes:
                    self.assertIn(axis, text)

    def test_fits_its_width(self):
        for width in self.shown():
            self.assertLessEqual(self.browser.evaluate("document.documentElement.scrollWidth"), width)
            self.assertEqual(self.browser.evaluate(CUT_TEXTS), [])

    def test_stays_fitting_when_the_window_changes(self):
        self.browser.show(1280, "light")
        self.browser.open(str(self.page))
        self.browser.show(400, "light")
        self.assertLessEqual(self.browser.evaluate("document.documentElement.scrollWidth"), 400)

    def test_redraws_in_the_other_colours(self):
        ink = "getComputedStyle(document.querySelector('#survival-chart path.curve')).stroke"
        self.browser.show(1280, "light")
        self.browser.open(str(self.page))
        light = self.browser.evaluate(ink)
        self.browser.show(1280, "dark")
        self.assertNotEqual(self.browser.evaluate(ink), light)

    def test_is_readable(self):
        for _ in self.shown():
            texts = self.browser.evaluate(TEXTS)
            self.assertGreater(len(texts), 100)
            for text in texts:
                self.assertEqual(text["opacity"], "1", text)
                self.assertGreaterEqual(contrast(text["ink"], text["behind"]), 4.5, text)

    def test_has_lines_that_stand_out(self):
        for _ in self.shown():
            background = self.browser.evaluate("cssValue('background')")
            for ink in self.browser.evaluate("data.policies.map(policy => colour(policy.policy))"):
                self.assertGreaterEqual(contrast(ink, background), 3, ink)

    def test_takes_a_name_for_a_text(self):
        self.browser.open(str(self.page))
        self.assertIn(SCENARIO_NAME, self.browser.evaluate("document.querySelector('h1').textContent"))
        self.assertEqual(self.browser.evaluate("document.querySelectorAll('#injected').length"), 0)

    def test_tells_how_to_run_it_again(self):
        self.browser.open(str(self.page))
        command = self.browser.evaluate("document.getElementById('command').textContent")
        self.assertIn("millpond compare --days 0.2 --seeds 2 --scenario '", command)
        self.assertIn("small = 20", self.browser.evaluate("document.getElementById('scenario-text').textContent"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
