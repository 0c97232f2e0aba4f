"""The expressions of deploy/prometheus and deploy/grafana."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[2] / "deploy"
RULES = FOLDER / "prometheus" / "rules.yml"
DASHBOARD = FOLDER / "grafana" / "dashboards" / "hyred-chat.json"
_KEYWORDS = {"and", "or", "unless", "offset", "bool"}


def alerts() -> list[dict[str, Any]]:
    """All alert rules."""
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboard() -> dict[str, Any]:
    """Grafana's dashboard."""
    described: dict[str, Any] = json.loads(DASHBOARD.read_text())
    return described


def dashboard_expressions() -> list[str]:
    """Those of all panels and annotations, with what Grafana puts in the place of its variables."""
    described = dashboard()
    found = [target["expr"] for panel in described["panels"] for target in panel.get("targets", [])]
    found += [annotation["expr"] for annotation in described["annotations"]["list"]]
    return [each.replace("$__rate_interval", "1m").replace("$instance", ".*") for each in found]


def metric_names(expression: str) -> set[str]:
    """The metrics that an expression reads."""
    bare = re.sub(r'"[^"]*"', "", expression)
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]", "", bare)
    bare = re.sub(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", "", bare)
    return set(re.findall(r"\b[a-zA-Z_:][\w:]*\b(?!\s*\()", bare)) - _KEYWORDS


def matched_values(expression: str) -> set[str]:
    """The values of labels that it compares with, those of regular expressions taken apart."""
    compared = re.findall(r'\w+\s*(=~|!~|!=|=)\s*"([^"]*)"', expression)
    return {value for operator, text in compared for value in (text.split("|") if "~" in operator else [text])}
