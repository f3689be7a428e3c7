#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Millpond authors
"""Checks contrib/prometheus by promtool: the configuration, the rules by their unit tests, and each expression of the
dashboard, and that they name only metrics that docs/live.md and the rules have.
Usage: rules_check.py ROOT WORK_DIR"""
import json
import pathlib
import re
import shutil
import subprocess
import sys

from dashboard import targets_of

root, work = map(pathlib.Path, sys.argv[1:])
contrib = root / "contrib/prometheus"
shutil.rmtree(work, ignore_errors=True)
work.mkdir(parents=True)
for file in [*contrib.iterdir(), root / "tests/prometheus/rules_test.yml"]:
    shutil.copy(file, work)
(work / "devices.json").write_text("[]")

targets = list(targets_of(contrib / "grafana-dashboard.json", "device-0001", "audio"))
assert len(targets) > 20, len(targets)
rules = [{"record": f"panel:{number}", "expr": expression} for number, (_, expression) in enumerate(targets)]
# JSON is YAML.
(work / "dashboard.rules.yml").write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))

for command in (["check", "config", "prometheus.yml"], ["check", "rules", "dashboard.rules.yml"],
                ["test", "rules", "rules_test.yml"]):
    done = subprocess.run(["promtool", *command], cwd=work, capture_output=True, text=True)
    assert done.returncode == 0, f"promtool {' '.join(command)}:\n{done.stdout}{done.stderr}"

text = (contrib / "millpond.rules.yml").read_text()
source = (root / "src/millpond/watch/Metrics.cpp").read_text()
known = set(re.findall(r'\{"(millpond_\w+)"', source))
recorded = set(re.findall(r"record: (\S+)", text))
used = set(re.findall(r"\bmillpond[_:][a-z0-9_:]+", text + " ".join(expression for _, expression in targets)))
suffixes = r"(_total|_info|_bucket|_count|_sum)$"
groups = set(re.findall(r"- name: (\S+)", text))
unknown = {name for name in used - recorded - groups if re.sub(suffixes, "", name) not in known}
assert not unknown, f"no such metrics: {unknown}"
untested = {name for name in re.findall(r"alert: (\S+)", text) if f"alertname: {name}" not in
            (work / "rules_test.yml").read_text()}
assert not untested, f"alerts without a test: {untested}"
