"""Alert rules and dashboard: valid for Prometheus, tested, and about metrics that there are."""

import os
import re
import shutil
import sys
from pathlib import Path

import httpx
import pytest
import yaml

from hyred_chat.broker.embedded import ValkeyServer
from tests.acceptance.server import start_server
from tests.deploy.promql import (
    DASHBOARD,
    FOLDER,
    RULES,
    alerts,
    dashboard,
    dashboard_expressions,
    matched_values,
    metric_names,
)
from tests.deploy.tools import run_tool
from tests.unit.test_documents import anchors

DOCS = Path(__file__).parents[2] / "docs"
PROMTOOL = shutil.which("promtool", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
# Of Prometheus itself.
OWN_METRICS = {"up"}
JOBS = {job["job_name"] for job in yaml.safe_load((FOLDER / "prometheus/prometheus.yml").read_text())["scrape_configs"]}

needs_promtool = pytest.mark.skipif(PROMTOOL is None, reason="promtool is not here: scripts/install-test-tools gets it")


def promtool(*arguments: str | Path) -> None:
    """Run it. It must be content."""
    run_tool(str(PROMTOOL), *arguments)


@needs_promtool
def test_prometheus_takes_its_configuration_and_the_rules() -> None:
    promtool("check", "config", FOLDER / "prometheus" / "prometheus.yml")


@needs_promtool
def test_every_alert_fires_when_it_should_and_none_while_all_is_well() -> None:
    promtool("test", "rules", RULES.with_name("rules.test.yml"))


@needs_promtool
def test_prometheus_takes_every_expression_of_the_dashboard(tmp_path: Path) -> None:
    rules = [{"record": f"panel:{number}", "expr": each} for number, each in enumerate(dashboard_expressions())]
    file = tmp_path / "dashboard.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    promtool("check", "rules", file)


def test_every_alert_has_a_case_and_a_section_that_says_what_to_do() -> None:
    tests = yaml.safe_load(RULES.with_name("rules.test.yml").read_text())["tests"]
    firing = {case["alertname"] for test in tests for case in test.get("alert_rule_test", []) if case["exp_alerts"]}
    assert firing == {alert["alert"] for alert in alerts()}
    sections = anchors(DOCS / "operations.md")
    assert [alert["alert"] for alert in alerts() if alert["annotations"]["runbook"] not in sections] == []


async def test_every_metric_of_rules_and_dashboard_is_one_that_the_server_has(
    database_url: str, valkey: ValkeyServer
) -> None:
    settings = {"HYRED_REDIS_URL": valkey.url, "HYRED_REDIS_PREFIX": "observability"}
    async with start_server(database_url, HYRED_METRICS_ADDRESS="127.0.0.1:0", **settings) as server:
        line = await server.wait_for_line("Metrics are at")
        async with httpx.AsyncClient() as http:
            text = (await http.get(line.split()[-1])).text
    exposed = set(OWN_METRICS)
    for name, kind in re.findall(r"^# TYPE (\w+) (\w+)$", text, re.MULTILINE):
        exposed |= {f"{name}_{part}" for part in ("bucket", "sum", "count")} if kind == "histogram" else {name}
    expressions = [*(alert["expr"] for alert in alerts()), *dashboard_expressions()]
    assert len(expressions) > 50
    used = {name for expression in expressions for name in metric_names(expression)}
    assert used - exposed == set()


def test_every_value_that_an_expression_compares_with_is_documented() -> None:
    documented = "".join((DOCS / page).read_text() for page in ("metrics.md", "clients.md"))
    expressions = [*(alert["expr"] for alert in alerts()), *dashboard_expressions()]
    values = {value for expression in expressions for value in matched_values(expression)} - JOBS
    assert [value for value in values - {"hyred-.+", ".*"} if f"`{value}`" not in documented] == []


def test_no_two_panels_of_the_dashboard_cover_one_another() -> None:
    taken: set[tuple[int, int]] = set()
    ids = [panel["id"] for panel in dashboard()["panels"]]
    assert len(ids) == len(set(ids))
    for panel in dashboard()["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24, panel["title"]
        assert not cells & taken, panel["title"]
        taken |= cells


def test_the_dashboard_is_where_grafana_is_told_to_look() -> None:
    provider = yaml.safe_load((FOLDER / "grafana/provisioning/dashboards/hyred-chat.yml").read_text())["providers"][0]
    compose = yaml.safe_load((FOLDER / "compose.yml").read_text())["services"]["grafana"]
    mounted = {volume.split(":")[0]: volume.split(":")[1] for volume in compose["volumes"]}
    assert mounted[f"./{DASHBOARD.parent.relative_to(FOLDER)}"] == provider["options"]["path"]
