# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Millpond authors
"""A real Prometheus on loopback scrapes `millpond fleet` with a leak in one of 50 devices, by the rules of
contrib/prometheus with shorter times: the leak's alert fires for that device and for no other, each expression of the
dashboard gives something, and `millpond tune --prometheus` sizes the fleet. Usage: live_test.py ROOT MILLPOND WORK_DIR"""
import json
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

from dashboard import targets_of

root, command, work = map(pathlib.Path, sys.argv[1:])
DEVICES, LEAKING, SPEED = 50, 7, 120
# A second here is two minutes of the devices: half an hour of the rules is 15 s, ten minutes are 5 s.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def shortened(text):
    """The rules with each of their times as it is at SPEED."""
    for long, short in {"30m": "15s", "90m": "45s", "10m": "5s", "1h": "30s", "6h": "20s", "5m": "3s", "1d": "60s",
                        "2d": "120s", "3d": "180s"}.items():
        text = re.sub(rf"(\[|offset |for: ){long}\b", rf"\g<1>{short}", text)
    return re.sub(r"interval: \w+", "interval: 1s", text)


def ask(url, path, **fields):
    with OPENER.open(f"{url}{path}?{urllib.parse.urlencode(fields)}", timeout=20) as answer:
        return json.load(answer)["data"]


def wait(what, seconds, done):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := done():
                return found
        except OSError:
            pass
        time.sleep(1)
    raise AssertionError(f"not within {seconds} s: {what}")


def check(url):
    wait("the server is up", 60, lambda: ask(url, "/api/v1/query", query="1"))
    wait("all devices answer", 60, lambda: ask(url, "/api/v1/query", query=f"sum(up) == {DEVICES}")["result"])
    leaks = lambda: [alert["labels"] for alert in ask(url, "/api/v1/alerts")["alerts"]
                     if alert["labels"]["alertname"] == "MillpondLeak" and alert["state"] == "firing"]
    wait("the leak's alert fires", 180, leaks)
    # Time for those that would be wrong.
    for _ in range(20):
        found = {(labels["instance"], labels["source"]) for labels in leaks()}
        assert found <= {(f"device-{LEAKING:04}", "wifi-event")}, found
        time.sleep(1)
    for title, expression in targets_of(root / "contrib/prometheus/grafana-dashboard.json", "device-0007", "audio"):
        assert ask(url, "/api/v1/query", query=expression)["result"], f"{title}: no series for {expression}"
    sizes = json.loads(subprocess.run([command, "tune", "--prometheus", url, "--range", "1h", "--json"], check=True,
                                      capture_output=True, text=True).stdout)
    assert sizes["devices"] == DEVICES, sizes
    audio = next(pool for pool in sizes["pools"] if pool["name"] == "audio")
    assert audio["judged"] and 1 <= audio["blocks"] <= 4 and audio["now"] == 4, audio


def main():
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    contrib = root / "contrib/prometheus"
    (work / "millpond.rules.yml").write_text(shortened((contrib / "millpond.rules.yml").read_text()))
    (work / "prometheus.yml").write_text(
        (contrib / "prometheus.yml").read_text().replace("interval: 15s", "interval: 1s")
        .replace("interval: 1m", "interval: 1s").replace("scrape_timeout: 5s", "scrape_timeout: 1s"))
    url = f"http://127.0.0.1:{free_port()}"
    with (work / "fleet.log").open("w") as fleet_log, (work / "prometheus.log").open("w") as log:
        running = [subprocess.Popen([command, "fleet", "--devices", str(DEVICES), "--leak", str(LEAKING), "--speed",
                                     str(SPEED), "--http", "127.0.0.1:0", "--sd", work / "devices.json"],
                                    stderr=fleet_log)]
        try:
            wait("the targets are written", 60, lambda: (work / "devices.json").exists())
            running.append(subprocess.Popen(
                ["prometheus", "--config.file=prometheus.yml", f"--web.listen-address={url[len('http://'):]}",
                 f"--storage.tsdb.path={work / 'data'}"], cwd=work, stdout=log, stderr=log))
            check(url)
        finally:
            for process in reversed(running):
                process.send_signal(signal.SIGTERM)
                process.wait(60)
            shutil.rmtree(work / "data", ignore_errors=True)


main()
