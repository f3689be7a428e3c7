# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Millpond authors
"""The expressions of the Grafana dashboard, with values for its variables."""
import json


def targets_of(dashboard, instance, pool, rate_interval="1m"):
    """The (title, expression) of each panel's targets in the file `dashboard`."""
    values = {"$__rate_interval": rate_interval, "$instance": instance, "$pool": pool}
    with open(dashboard, encoding="utf-8") as file:
        panels = json.load(file)["panels"]
    for panel in panels:
        for target in panel.get("targets", []):
            expression = target["expr"]
            for name, value in values.items():
                expression = expression.replace(name, value)
            assert "$" not in expression, f"{panel['title']}: a variable without a value in {expression}"
            yield panel["title"], expression
